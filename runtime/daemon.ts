import {rmSync, statSync} from 'node:fs';
import path from 'node:path';
import type {AiworkflowError} from '../source/errors.ts';
import {directHostEntry} from '../source/install.ts';
import {configFolderOf, daemonLogFileOf, journalFileOf, socketPathOf} from '../source/paths.ts';
import {version} from '../source/version.ts';
import {recordedWebhook} from './agents/replay/recorded-webhook.ts';
import {createAgentRoom} from './agents/room.ts';
import {createDirectExecutor} from './attempts/direct.ts';
import {createOutputWatcher} from './attempts/output-watcher.ts';
import {bootId} from './attempts/process-identity.ts';
import {createScriptExecutor} from './attempts/script.ts';
import {readStepText} from './attempts/text.ts';
import {createResultCache} from './cache/results.ts';
import {systemClock} from './clock.ts';
import {createCostBook} from './costs/book.ts';
import {createEstimates} from './costs/estimates.ts';
import {createPrices} from './costs/prices.ts';
import {createAgentSwitches} from './engine/agent-switches.ts';
import {createBreakers} from './engine/breakers.ts';
import {createBus} from './engine/bus.ts';
import {createEngine} from './engine/engine.ts';
import type {Clock} from './engine/parts.ts';
import {createHousekeeping} from './housekeeping/housekeeping.ts';
import {type Log, openLog} from './logs/log.ts';
import {createWebhookExecutor} from './outbox/executor.ts';
import {createNotifications} from './outbox/notifications.ts';
import {createOutbox} from './outbox/outbox.ts';
import {createRecordings} from './recordings/recordings.ts';
import {runEnvironmentOf} from './security/environment.ts';
import {trustOf} from './security/trust.ts';
import type {Workspaces} from './server/daemon-parts.ts';
import {createHintBus} from './server/hints.ts';
import {createServer, listen} from './server/server.ts';
import {createRunStarter, recentRunsOf} from './server/triggered-runs.ts';
import {createSettingsFiles} from './settings/settings-files.ts';
import {captureSnapshot, restoreSnapshot} from './snapshots/snapshots.ts';
import {createAgentSwitchesTable} from './store/agent-switches.ts';
import {createApprovalsTable} from './store/approvals.ts';
import {createArmedWorkspaces} from './store/armed-workspaces.ts';
import {createBreakersTable} from './store/breakers.ts';
import {createBudgetExtensionsTable} from './store/budget-extensions.ts';
import {createCostsTable} from './store/costs.ts';
import {type Database, openDatabase} from './store/database.ts';
import {createDefinitionsTable} from './store/definitions.ts';
import {createDeliveriesTable} from './store/deliveries.ts';
import {createEndedRuns} from './store/ended-runs.ts';
import {createEventReader} from './store/events.ts';
import {createFiringsTable} from './store/firings.ts';
import {createJournal, type Journal} from './store/journal.ts';
import {createPausedQueues, createQueueClaims} from './store/queue-claims.ts';
import {createQueueMessagesTable} from './store/queue-messages.ts';
import {createRunEnvironments} from './store/run-environments.ts';
import {createRunsTable} from './store/runs.ts';
import {createSchedulesTable} from './store/schedules.ts';
import {createStepCacheTable} from './store/step-cache.ts';
import {createTrustTable} from './store/trust.ts';
import {createWatchedFiles} from './store/watched-files.ts';
import {createWebhooksTable} from './store/webhooks.ts';
import {takeWriterLock} from './store/writer-lock.ts';
import {createToolDesk} from './tools/desk.ts';
import {createToolsForAttempts} from './tools/for-attempt.ts';
import {serversFolderOf} from './tools/open-servers.ts';
import {createToolRegistry} from './tools/registry.ts';
import {createEmitter} from './triggers/emitter.ts';
import {createFilesSource} from './triggers/files/source.ts';
import {createQueueRoom} from './triggers/queue/room.ts';
import {createTriggerRoom} from './triggers/room.ts';
import {createRunEndings} from './triggers/run-endings.ts';
import {createScheduleSource} from './triggers/schedule/source.ts';
import {createWebhooks} from './triggers/webhook/webhooks.ts';

export interface DaemonOptions {
	readonly stateFolder: string;
	readonly clock?: Clock;
	/** Called before each commit, and after it before anything that waits for it: where tests pull the plug. */
	readonly beforeCommit?: () => void;
	readonly onCommit?: () => void;
}

export interface Daemon {
	readonly socketPath: string;
	/** Resolves when it has stopped, for whatever reason. */
	readonly stopped: Promise<void>;
	stop(reason: string): Promise<void>;
	readonly log: Log;
}

/**
 * The composition root: opens the store, wires the rooms, takes up the open runs, opens the socket.
 *
 * @throws AiworkflowError `daemon.already-running`, `state.unwritable`, `journal.corrupted`.
 */
export const startDaemon = async ({
	stateFolder,
	clock = systemClock,
	beforeCommit,
	onCommit,
}: DaemonOptions): Promise<Daemon> => {
	const releaseLock = takeWriterLock(stateFolder);
	const log = openLog(daemonLogFileOf(stateFolder));
	const database = openDatabase(journalFileOf(stateFolder));
	const startedAtMs = clock.now();
	const socketPath = socketPathOf(stateFolder);
	const bus = createBus(error => log.error({err: error}, 'a subscriber failed'));
	const hints = createHintBus();
	const journal = createJournal(database, {
		file: journalFileOf(stateFolder),
		beforeCommit,
		onCommit(events) {
			onCommit?.();
			bus.publish(events);
		},
		onDefect: error => log.error({err: error}, 'an effect could not be started'),
		onFailure: failure => log.fatal({err: failure}, 'the journal failed; no new work is taken'),
	});
	const tables = {
		events: createEventReader(database),
		runs: createRunsTable(database),
		approvals: createApprovalsTable(database),
		definitions: createDefinitionsTable(database),
	};
	const workspaces = createWorkspaces(database, journal, clock);
	const output = createOutputWatcher(growth => hints.tell({type: 'output.grew', ...growth}));
	const agents = createAgentRoom({
		clock,
		output,
		isTrusted: workspaces.isTrusted,
		toolsOf: context => createToolsForAttempts({tools, environmentOf: runEnvironmentOf})(context),
		isDraining: () => engine.isDraining(),
		onHealthChange(workspace, {id: agent, isHealthy, version, detail}) {
			if (journal.failure) return;
			const body = {agent, workspace, isHealthy, version: version ?? undefined, detail: detail ?? undefined};
			journal.append(null, 0, {type: 'agent.checked', body}, clock.now());
		},
		estimate: request => money.estimates.attempt({...request, workflow: '', stepId: '', atMs: clock.now()}).microUsd,
	});
	const configFolder = configFolderOf();
	const costs = createCostsTable(database);
	const settings = createSettingsFiles({
		userFile: path.join(configFolder, 'aiworkflow.yaml'),
		isTrusted: workspaces.isTrusted,
	});
	const prices = createPrices({
		userFile: path.join(configFolder, 'prices.yaml'),
		profileCostOf: agents.costOf,
		onProblem: error => log.error({err: error}, 'prices cannot be used'),
	});
	const money = {
		prices,
		ledger: costs,
		budgets: {...createBudgetExtensionsTable(database), limitsOf: settings.limitsOf},
		estimates: createEstimates({ledger: costs, prices, modelOf: agents.modelOf, reportsCost: agents.reportsCost}),
	};
	const breakers = createBreakers(journal, createBreakersTable(database), clock);
	const agentSwitches = createAgentSwitches(journal, createAgentSwitchesTable(database), clock);
	const tools = createToolRegistry({isTrusted: workspaces.isTrusted, breakers, now: clock.now});
	const serversFolder = serversFolderOf(stateFolder);
	const toolDesk = createToolDesk({serversFolder});
	const direct = createDirectExecutor({
		...{clock, output, hostCommand: [process.execPath, directHostEntry]},
		serversFolder,
	});
	const environments = createRunEnvironments(stateFolder);
	const deliveries = createDeliveriesTable(database);
	const outbox = createOutbox({
		...{table: deliveries, journal, clock, environments},
		onDefect: (error, where) => log.error({err: error, where}, 'a defect of the outbox'),
	});
	const engine = createEngine({
		stateFolder,
		journal,
		...tables,
		environments,
		clock,
		executors: {
			script: createScriptExecutor({clock, output}),
			agent: agents.executor,
			...{tool: direct, http: direct, transform: direct, sql: direct},
			webhook: createWebhookExecutor({outbox, journal, clock, recorded: recordedWebhook}),
		},
		agents: agents.chooser,
		tools,
		breakers,
		agentSwitches,
		money,
		workspaceRules: settings,
		cache: createResultCache(journal, createStepCacheTable(database), clock),
		snapshots: {capture: captureSnapshot, restore: restoreSnapshot},
		readText: (run, stepId, item) => readStepText(stateFolder, run, stepId, item),
		onDefect: (error, where) => log.error({err: error, where}, 'a defect'),
	});

	const notifications = createNotifications({
		...{outbox, table: deliveries, journal, events: tables.events, notificationsOf: settings.notificationsOf},
		runOf: engine.find,
		secretsOf: engine.secretsOf,
		subscribe: bus.subscribe,
		onDefect: (error, where) => log.error({err: error, where}, 'nobody is told'),
	});
	const {notificationSecrets} = settings;
	const firings = createFiringsTable(database);
	const webhooks = createWebhooks({
		table: createWebhooksTable(database),
		journal,
		clock,
		isDraining: engine.isDraining,
		warn: (what, message) => log.warn(what, message),
		onDefect: (error, where) => log.error({err: error, where}, 'a defect of webhooks'),
	});
	const onTriggerDefect = (error: unknown, where: string) => log.error({err: error, where}, 'a defect of triggers');
	const queues = createQueueRoom({
		messages: createQueueMessagesTable(database),
		claims: createQueueClaims(database),
		paused: createPausedQueues(database),
		journal,
		clock,
		onDefect: (error, where) => log.error({err: error, where}, 'a defect of queues'),
	});
	const triggers = createTriggerRoom({
		armedWorkspaces: createArmedWorkspaces(database, stateFolder),
		firings,
		journal,
		now: clock.now,
		runs: createRunStarter(() => ({agents, tools, engine, notificationSecrets})),
		isTrusted: workspaces.isTrusted,
		isDraining: engine.isDraining,
		subscribe: bus.subscribe,
		onDefect: onTriggerDefect,
		sources: desk => [
			schedules,
			queues.sourceFor(desk),
			createFilesSource({
				...{desk, journal, clock, onDefect: onTriggerDefect},
				table: createWatchedFiles(database),
				recentRuns: recentRunsOf(tables.runs, engine.find),
				subscribe: bus.subscribe,
			}),
			webhooks.sourceOf(desk),
			createRunEndings({
				...{desk, journal, endedRuns: createEndedRuns(database), runOf: engine.find, subscribe: bus.subscribe},
				onDefect: onTriggerDefect,
			}),
		],
	});
	const schedules = createScheduleSource({
		desk: triggers.desk,
		table: createSchedulesTable(database),
		journal,
		clock,
		onDefect: (error, where) => log.error({err: error, where}, 'a defect of schedules'),
	});

	let watch: NodeJS.Timeout | undefined;
	let socketId: string | undefined;
	let stopping: Promise<void> | undefined;
	const stop = (reason: string): Promise<void> => {
		stopping ??= (async () => {
			log.info({reason}, 'stopping');
			clearInterval(watch);
			agents.stop();
			toolDesk.stop();
			await server.close();
			await triggers.stop();
			engine.stop();
			notifications.stop();
			outbox.stop();
			if (!journal.failure) {
				journal.append(null, 0, {type: 'daemon.stopped', body: {pid: process.pid, reason}}, clock.now());
				journal.flush();
			}

			database.close();
			if (socketIdOf(socketPath) === socketId) rmSync(socketPath, {force: true});
			releaseLock();
			log.flush();
			settleStopped();
		})();
		return stopping;
	};

	const {promise: stopped, resolve: settleStopped} = Promise.withResolvers<void>();
	const failure = (): AiworkflowError | undefined => journal.failure;
	const server = await createServer({
		...{stateFolder, socketPath, startedAtMs, clock, engine, journal, bus, hints, log, workspaces, failure},
		...tables,
		agents,
		tools,
		toolDesk,
		breakers,
		agentSwitches,
		triggers,
		emit: createEmitter({
			...{desk: triggers.desk, arming: triggers.arming, journal, now: clock.now, runOf: engine.find},
		}),
		schedules,
		firings,
		webhooks,
		queues: queues.desk,
		outbox,
		notificationSecrets,
		costs: createCostBook(costs, money, clock.now),
		housekeeping: createHousekeeping({stateFolder, database, journal, firings, now: clock.now}),
		recordings: createRecordings({
			stateFolder,
			eventsOf: runId => tables.events.ofRun(runId),
			secretsOf: engine.secretsOf,
		}),
		stop: reason => void stop(reason),
	});
	journal.append(null, 0, {type: 'daemon.started', body: {pid: process.pid, version, bootId: bootId()}}, clock.now());
	const recovered = engine.recover();
	outbox.begin();
	notifications.begin();
	await triggers.begin();
	await webhooks.begin();
	await listen(server, socketPath);
	socketId = socketIdOf(socketPath);
	watch = setInterval(() => {
		if (socketIdOf(socketPath) !== socketId) void stop('its socket was removed: nobody can reach it');
	}, socketWatchMs);
	log.info({stateFolder: path.resolve(stateFolder), socketPath, version, recovered}, 'started');
	return {socketPath, stopped, stop, log};
};

/** How often the daemon looks whether its socket is still there, so that none lives on after its state folder was removed. */
const socketWatchMs = 5000;

const socketIdOf = (socketPath: string): string | undefined => {
	const found = statSync(socketPath, {throwIfNoEntry: false, bigint: true});
	return found && `${found.dev}:${found.ino}`;
};

const createWorkspaces = (database: Database, journal: Journal, clock: Clock): Workspaces => {
	const table = createTrustTable(database);
	return {
		async isTrusted(workspace) {
			return table.digestOf(workspace) === (await trustOf(workspace)).digest;
		},
		trustedFiles: async workspace => (await trustOf(workspace)).files,
		async trust(workspace) {
			const {digest} = await trustOf(workspace);
			journal.project(() => table.write(workspace, digest, clock.now()));
			return digest;
		},
		revoke: workspace => journal.project(() => table.remove(workspace)),
	};
};
