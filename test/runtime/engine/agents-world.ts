import path from 'node:path';
import {createEstimates} from '../../../runtime/costs/estimates.ts';
import {createPrices} from '../../../runtime/costs/prices.ts';
import {createAgentSwitches} from '../../../runtime/engine/agent-switches.ts';
import {createBreakers} from '../../../runtime/engine/breakers.ts';
import {createBus} from '../../../runtime/engine/bus.ts';
import {createEngine} from '../../../runtime/engine/engine.ts';
import type {
	AgentChooser,
	AttemptContext,
	AttemptHandle,
	AttemptOutcome,
	PassedOver,
	Report,
	ScopedBudget,
} from '../../../runtime/engine/parts.ts';
import {createAgentSwitchesTable} from '../../../runtime/store/agent-switches.ts';
import {createApprovalsTable} from '../../../runtime/store/approvals.ts';
import {createBreakersTable} from '../../../runtime/store/breakers.ts';
import {createBudgetExtensionsTable} from '../../../runtime/store/budget-extensions.ts';
import {createCostsTable} from '../../../runtime/store/costs.ts';
import {openDatabase} from '../../../runtime/store/database.ts';
import {createDefinitionsTable} from '../../../runtime/store/definitions.ts';
import {createEventReader} from '../../../runtime/store/events.ts';
import {createJournal} from '../../../runtime/store/journal.ts';
import {createRunsTable} from '../../../runtime/store/runs.ts';
import {createToolRegistry} from '../../../runtime/tools/registry.ts';
import {agentUnreachable} from '../../../source/errors.ts';
import type {JournalEvent, PermissionRules} from '../../../source/run/events.ts';
import type {RunState} from '../../../source/run/state.ts';
import type {WorkflowDefinition} from '../../../source/workflow/definition.ts';
import {newRunOf} from '../../bench/engine-under-test.ts';

/** Time that only passes when it is told to. */
export const fakeClock = (startMs = 1_800_000_000_000) => {
	let nowMs = startMs;
	const timers = new Set<{atMs: number; callback: () => void}>();
	return {
		clock: {
			now: () => nowMs,
			at(atMs: number, callback: () => void) {
				const timer = {atMs, callback};
				timers.add(timer);
				return () => void timers.delete(timer);
			},
		},
		now: () => nowMs,
		pass(ms: number) {
			nowMs += ms;
			for (const timer of [...timers]) {
				if (timer.atMs > nowMs) continue;
				timers.delete(timer);
				timer.callback();
			}
		},
	};
};

/** What an agent of the test does with an attempt. */
export type AgentScript = (context: AttemptContext, tools: AgentTools) => Promise<AttemptOutcome>;

export interface AgentTools {
	readonly report: Report;
	/** `usage.recorded` of so many micro-dollars; null: unknown. */
	spend(costMicroUsd: number | null, more?: {readonly model?: string}): Promise<void>;
	/** Resolves when the engine asks the attempt to stop. */
	readonly stopped: Promise<void>;
	/** Whether it is held. */
	isHeld(): boolean;
}

export interface WorldOptions {
	readonly time?: ReturnType<typeof fakeClock>;
	readonly agents: Readonly<Record<string, AgentScript>>;
	readonly limits?: readonly ScopedBudget[];
	/** Of the settings of the workspace. */
	readonly rules?: readonly PermissionRules[];
	/** What each request of an agent is said to cost, in USD; missing: unknown. */
	readonly requestUsd?: Readonly<Record<string, number>>;
	/** Agents that tell what they cost. Default: all. */
	readonly reporting?: readonly string[];
	/** Default: 0. */
	readonly random?: number;
	readonly snapshots?: {readonly restored: string[]};
	/** Awaited by each snapshot that is taken: what keeps an attempt in its preparation. */
	readonly capturing?: () => Promise<void>;
	/** Default: the first of the list that is not excluded. */
	readonly choose?: AgentChooser['choose'];
	/** Called with what each commit made durable, before anything that waited for it. */
	readonly onCommit?: (events: readonly JournalEvent[], world: {readonly die: () => void}) => void;
}

export const completed: AttemptOutcome = {
	status: 'completed',
	outputs: {},
	text: {preview: 'ok', sizeBytes: 2, isWhole: true},
};
export const failedWith = (
	code: string,
	more: {readonly resetAtMs?: number; readonly retryable?: boolean} = {},
): AttemptOutcome => ({
	status: 'failed',
	failure: {code, message: `it failed with ${code}`, retryable: true, ...more},
});

export const firstOfList: AgentChooser['choose'] = async ({agents: list, excluded}) => {
	const passedOver: PassedOver[] = [];
	for (const agent of list) {
		const obstacle = excluded.get(agent);
		if (!obstacle) return {agent, passedOver};
		passedOver.push({agent, ...obstacle});
	}

	throw agentUnreachable(list.join(', '), 'none is left');
};

/** The real engine, journal, ledger, prices and breakers; agents that do what the test says. */
export const openWorld = (folder: string, options: WorldOptions) => {
	const {time = fakeClock(), agents, limits = [], rules = [], requestUsd = {}} = options;
	const {clock} = time;
	const file = path.join(folder, 'journal.db');
	const database = openDatabase(file);
	const bus = createBus(error => {
		throw error;
	});
	const events: JournalEvent[] = [];
	const journal = createJournal(database, {
		file,
		onCommit(batch) {
			events.push(...batch);
			bus.publish(batch);
			options.onCommit?.(batch, {die: () => engine.stop()});
		},
	});
	const ledger = createCostsTable(database);
	const prices = createPrices({
		userFile: path.join(folder, 'prices.yaml'),
		profileCostOf: (_, agent) => (requestUsd[agent] === undefined ? undefined : {request: requestUsd[agent]}),
		onProblem: error => {
			throw error;
		},
	});
	const started: string[] = [];
	const contexts: AttemptContext[] = [];

	const begin = (context: AttemptContext, report: Report): AttemptHandle => {
		const agent = context.agent!;
		const stopping = Promise.withResolvers<void>();
		let isHeld = false;
		const {stepId, item, attempt} = context;
		const outcome = agents[agent]!(context, {
			report,
			stopped: stopping.promise,
			isHeld: () => isHeld,
			spend: (costMicroUsd, more = {}) =>
				report([
					{
						type: 'usage.recorded',
						body: {
							...{stepId, item, attempt, agent, tokens: null, costMicroUsd},
							costSource: costMicroUsd === null ? 'none' : 'agent',
							...more,
						},
					},
				]),
		});
		return {
			outcome,
			stop: () => stopping.resolve(),
			async hold(isOn) {
				isHeld = isOn;
				return true;
			},
			async answerPermission() {},
		};
	};

	const breakers = createBreakers(journal, createBreakersTable(database), clock);
	const agentSwitches = createAgentSwitches(journal, createAgentSwitchesTable(database), clock);
	const engine = createEngine({
		stateFolder: folder,
		journal,
		events: createEventReader(database),
		runs: createRunsTable(database),
		approvals: createApprovalsTable(database),
		definitions: createDefinitionsTable(database),
		environments: {
			save() {},
			load: () => ({environment: {}, secrets: {}}),
			retire() {},
			remove() {},
		} as never,
		clock,
		tools: createToolRegistry({isTrusted: async () => false, breakers, now: clock.now}),
		executors: {
			agent: {
				start(context, report) {
					started.push(`${context.stepKey}:${context.agent}`);
					contexts.push(context);
					return begin(context, report);
				},
				reattach: (context, report) => begin(context, report),
			},
			script: {
				start: () => ({outcome: Promise.resolve({status: 'completed', outputs: {}}), stop() {}}),
				reattach: () => ({outcome: Promise.resolve({status: 'interrupted', reason: 'never-claimed'}), stop() {}}),
			},
		},
		agents: {
			choose: options.choose ?? firstOfList,
			namesOf: async (_, list) => list,
			environmentNames: async () => [],
		},
		breakers,
		agentSwitches,
		money: {
			prices,
			ledger,
			budgets: {...createBudgetExtensionsTable(database), limitsOf: () => limits},
			estimates: createEstimates({
				ledger,
				prices,
				modelOf: () => undefined,
				reportsCost: (_, agent) => options.reporting?.includes(agent) ?? true,
			}),
		},
		workspaceRules: {permissionsOf: async () => rules},
		cache: {filesDigest: async () => '', read: () => undefined, write() {}},
		snapshots: {
			async capture() {
				await options.capturing?.();
				return {files: 0, bytes: 0};
			},
			restore: async snapshotFolder => {
				options.snapshots?.restored.push(path.relative(folder, snapshotFolder));
			},
		},
		readText: () => '',
		random: () => options.random ?? 0,
		onDefect: error => {
			throw error;
		},
	});

	return {
		engine,
		time,
		ledger,
		breakers,
		agentSwitches,
		/** `step:agent` of each attempt that began, in order. */
		started,
		contexts,
		/** Durable ones, of all runs. */
		events,
		typesOf: (runId: string) => events.filter(event => event.runId === runId).map(({type}) => type),
		ofType: <T extends JournalEvent['type']>(type: T) =>
			events.filter((event): event is Extract<JournalEvent, {type: T}> => event.type === type),
		async begin(
			definition: WorkflowDefinition,
			more: Partial<Parameters<typeof engine.createRun>[0]> = {},
		): Promise<string> {
			return (await engine.createRun({...newRunOf(definition), hash: `test-${definition.name}`, ...more})).id;
		},
		run: (id: string): RunState => engine.find(id)!,
		openApprovals: (id: string) => Object.values(engine.find(id)!.approvals).filter(({status}) => status === 'open'),
		answer: (runId: string, approvalId: string, isApproved: boolean, more: object = {}) =>
			engine.answerApproval(runId, approvalId, {isApproved, origin: {by: 'tester', via: 'api'}, ...more}),
		close() {
			engine.stop();
			journal.flush();
			database.close();
		},
	};
};

export type AgentsWorld = ReturnType<typeof openWorld>;
