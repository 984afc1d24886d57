import type {ForkedRun, ToolDetails} from '../../api/messages.ts';
import {type Failure, failureOf} from '../../errors.ts';
import {originOf} from '../../origin.ts';
import type {Origin} from '../../run/events.ts';
import type {TemplateShelf} from '../../templates/shelf.ts';
import type {CockpitDaemon} from '../daemon.ts';
import {allStale, staleOnly} from '../fetched/stale.ts';
import type {DaemonEffect} from '../keys/actions.ts';
import {keyOf} from '../keys/remap.ts';
import {withForm} from '../pages/workflows/form/form.ts';
import {shownFileOf} from '../pages/workflows/select.ts';
import {wentToNow} from '../run-view/scrub.ts';
import type {CockpitState} from '../state.ts';
import type {Store, Timers} from '../store/store.ts';
import {shortPathOf} from '../text/short-path.ts';
import {writeExport} from './export-run.ts';
import {runFeed} from './feed.ts';
import {createHistoryFeed} from './history-feed.ts';
import {createLogFeed} from './log-feed.ts';
import {createMissingRuns} from './missing-runs.ts';
import {createOutputFeed} from './output-feed.ts';
import {createResourceFeed} from './resource-feed.ts';

export interface Session {
	/** Does what a key asked for. Never rejects: what went wrong is said on the screen. */
	perform(effect: DaemonEffect): Promise<void>;
	/** Ends every stream. */
	stop(): void;
}

export interface SessionOptions {
	readonly connect: () => Promise<CockpitDaemon>;
	readonly store: Store;
	readonly timers: Timers;
	/** Templates on this machine; missing: there are none. */
	readonly shelf?: TemplateShelf;
	/** A form started a run: it was filled with this. */
	readonly onFormUsed?: (file: string, texts: Readonly<Record<string, string>>) => void;
}

/** Everything between the store and the daemon. */
export const startSession = ({connect, store, timers, shelf, onFormUsed}: SessionOptions): Session => {
	const ending = new AbortController();
	const outputs = createOutputFeed(store, timers);
	const missing = createMissingRuns(store);
	const resources = createResourceFeed(store, timers, shelf);
	const logs = createLogFeed(store);
	const history = createHistoryFeed(store);
	let daemon: CockpitDaemon | undefined;

	const look = (): void => {
		missing.look(daemon);
		outputs.look(daemon);
		resources.look(daemon);
		logs.look(daemon);
		history.look(daemon);
	};

	const unsubscribe = store.subscribe(look);
	const feed = runFeed({
		connect,
		store,
		timers,
		signal: ending.signal,
		onDaemon(next) {
			daemon?.close?.();
			daemon = next;
			if (next) return;
			outputs.stop();
			logs.stop();
			resources.forget();
			history.forget();
		},
	});
	// The loop catches what the daemon does to it; anything else is a defect and must not vanish.
	feed.catch(error =>
		queueMicrotask(() => {
			throw error;
		}),
	);

	return {
		async perform(effect) {
			try {
				if (!daemon) throw new Error('The daemon is not there to be told.');
				if (effect.kind === 'start-run') {
					await startRun(daemon, effect, store);
					onFormUsed?.(effect.file, effect.typed);
					return;
				}

				if (effect.kind === 'fill-form') {
					const view = await daemon.workflowFile(effect.file);
					return store.change(state => (isStillThere(state, effect.file) ? withForm(state, view) : state));
				}

				if (effect.kind === 'use-template') return await madeOf(shelf, effect, store);
				const answer = await send(daemon, effect, store.get().workspace);
				if (effect.kind === 'export')
					return store.change(state =>
						withNotice(state, 'info', `Written: ${answer}, in ${shortPathOf(state.workspace, state.home)}.`),
					);
				if (effect.kind === 'fire') return store.change(state => firedIn(state, answer as Fired));
				if (effect.kind === 'fork') return store.change(state => forkedTo(state, answer as ForkedRun));
				if (isAboutAgents(effect)) store.change(state => ({...state, fetched: allStale(state.fetched)}));
				if (effect.kind === 'trust')
					store.change(state => ({...state, fetched: staleOnly(state.fetched, ['workspace', 'tools', 'tool'])}));
				if (effect.kind === 'check-tool' || effect.kind === 'check-tools')
					store.change(state => ({...state, fetched: staleOnly(state.fetched, ['tools', 'tool'])}));
				if (effect.kind === 'replay')
					store.change(state => ({
						...state,
						fetched: staleOnly(state.fetched, ['deadWebhooks', 'queuedWebhooks']),
					}));
				if (effect.kind === 'check-tool') return store.change(state => askedTool(state, answer as ToolDetails));
				const done = doneWordsOf(effect, store.get());
				if (done !== undefined) store.change(state => withNotice(state, 'info', done));
			} catch (error) {
				const said = wordsOfFailure(failureOf(error));
				store.change(state => unsent(state, said));
			}
		},
		stop() {
			unsubscribe();
			outputs.stop();
			logs.stop();
			resources.stop();
			ending.abort();
			daemon?.close?.();
		},
	};
};

/** The run is selected at home; its events may be on their way still. */
const startRun = async (
	daemon: CockpitDaemon,
	{file, inputs, agents}: Extract<DaemonEffect, {kind: 'start-run'}>,
	store: Store,
): Promise<void> => {
	const {runId} = await daemon.createRun({
		file,
		workspace: store.get().workspace,
		inputs: {...inputs},
		agents: agents && [...agents],
		environment: process.env as Record<string, string>,
		origin: originOf('cockpit'),
	});
	store.change(state => ({
		...state,
		screen: 'home',
		pane: 'runs',
		filter: '',
		dialog: undefined,
		runId,
	}));
};

/** The new workflow is under the cursor of the list, ready to run. */
const madeOf = async (
	shelf: TemplateShelf | undefined,
	{template, given}: Extract<DaemonEffect, {kind: 'use-template'}>,
	store: Store,
): Promise<void> => {
	if (!shelf) throw new Error('There are no templates here.');
	const file = await shelf.use(store.get().workspace, template, given);
	store.change(state => {
		const made: CockpitState = {
			...state,
			screen: 'workflows',
			dialog: undefined,
			fetched: staleOnly(state.fetched, ['workflows', 'workflow', 'workspace']),
			pages: {...state.pages, workflows: {...state.pages.workflows, selected: file, filter: ''}},
		};
		return withNotice(made, 'info', `Made: ${shortPathOf(file, state.home)}. ${keyOf('open-form', state)} runs it.`);
	});
};

type Sent = Exclude<DaemonEffect, {kind: 'start-run' | 'fill-form' | 'use-template'}>;

const send = (daemon: CockpitDaemon, effect: Sent, workspace: string): Promise<unknown> => {
	const origin = originOf('cockpit');
	const reason = 'asked for in the cockpit';
	switch (effect.kind) {
		case 'cancel':
			return daemon.cancelRun(effect.runId, {origin, reason});
		case 'pause':
			return daemon.pauseRun(effect.runId, {origin, reason});
		case 'resume':
			return daemon.resumeRun(effect.runId, {origin});
		case 'retry':
			return daemon.retryRun(effect.runId, {origin, environment: process.env as Record<string, string>});
		case 'skip':
			return daemon.skipStep(effect.runId, effect.stepId, {origin, reason});
		case 'fork':
			return daemon.forkRun(effect.runId, {
				origin,
				at: effect.seq,
				environment: process.env as Record<string, string>,
			});
		case 'export':
			return writeExport(daemon, effect, workspace);
		case 'approve-all':
			return approveAll(daemon, effect.answers, origin);
		case 'trust':
			return daemon.trust({
				workspace: effect.workspace,
				origin,
				environment: process.env as Record<string, string>,
			});
		case 'fire':
			return daemon.runSchedule(effect.schedule, {workspace, origin});
		case 'pause-schedule':
			return daemon.pauseSchedule(effect.schedule, {workspace, origin, reason});
		case 'resume-schedule':
			return daemon.resumeSchedule(effect.schedule, {workspace, origin});
		case 'replay':
			return daemon.replayDeliveries({ids: [effect.delivery], origin});
		case 'check-tool':
			return daemon.toolInfo({workspace, tool: effect.tool, environment: process.env as Record<string, string>});
		case 'check-tools':
			return daemon.tools({workspace, check: true, environment: process.env as Record<string, string>});
		case 'check-agent':
			return daemon.checkAgents({workspace, agents: [effect.agent], depth: 'deep'});
		case 'check-agents':
			return daemon.checkAgents({workspace, depth: 'deep'});
		case 'disable-agent':
			return daemon.disableAgent(effect.agent, {workspace, origin});
		case 'enable-agent':
			return daemon.enableAgent(effect.agent, {workspace, origin});
		case 'prefer-agent':
		case 'unprefer-agent':
			return daemon.preferAgent(effect.agent, {workspace, origin, isOn: effect.kind === 'prefer-agent'});
		default: {
			const {kind, approvalId, comment, optionId, forRun, extendBy, text} = effect;
			return daemon[kind](approvalId, {
				origin,
				comment,
				optionId,
				...(forRun && {forRun}),
				...(extendBy && {extendBy}),
				...(text !== undefined && {text}),
			});
		}
	}
};

const isAboutAgents = ({kind}: DaemonEffect): boolean => /agents?$/.test(kind);

/** One that cannot be answered any more does not keep the others from it. @throws The last failure, when all are through. */
const approveAll = async (
	daemon: CockpitDaemon,
	answers: readonly {readonly approvalId: string; readonly optionId?: string}[],
	origin: Origin,
): Promise<void> => {
	let failure: unknown;
	for (const {approvalId, optionId} of answers) {
		try {
			await daemon.approve(approvalId, {origin, optionId});
		} catch (error) {
			failure = error;
		}
	}

	if (failure !== undefined) throw failure;
};

/** @returns `undefined` where the screen shows it by itself. */
const doneWordsOf = (effect: DaemonEffect, state: CockpitState): string | undefined => {
	switch (effect.kind) {
		case 'cancel':
			return 'The run was asked to stop.';
		case 'pause':
			return `Nothing new begins in it; what runs goes on. ${keyOf('pause', state)} lets it go on.`;
		case 'resume':
			return 'The run goes on.';
		case 'retry':
			return 'What failed is done again.';
		case 'skip':
			return `The run goes on without ${effect.stepId}.`;
		case 'approve-all':
			return `Yes, to ${effect.answers.length} questions.`;
		case 'trust':
			return 'The workspace is trusted as it stands; its triggers are armed.';
		case 'pause-schedule':
			return `${effect.schedule} fires nothing; what it began goes on. ${keyOf('pause-schedule', state)} lets it fire again.`;
		case 'resume-schedule':
			return `${effect.schedule} fires again, from its next moment on.`;
		case 'check-agent':
			return `${effect.agent} was checked.`;
		case 'check-agents':
			return 'All agents were checked.';
		case 'check-tools':
			return 'All tools were asked.';
		case 'replay':
			return 'It is tried again, under the same id.';
		case 'disable-agent':
			return `${effect.agent} is given no new attempts; what it has begun goes on. d enables it again.`;
		case 'prefer-agent':
			return `${effect.agent} is asked first, wherever a step may ask it. P takes it back.`;
		case 'unprefer-agent':
			return `${effect.agent} is not preferred.`;
		case 'enable-agent':
			return `${effect.agent} is given attempts again.`;
		default:
			return undefined;
	}
};

/** The new run is selected, as it is now; its first events may still be on their way. */
const forkedTo = (state: CockpitState, {runId, workflow, number, adopted}: ForkedRun): CockpitState => ({
	...withNotice(
		wentToNow(state),
		'info',
		`${workflow} ${number} goes on from there; ${adopted.length === 0 ? 'nothing is' : `${adopted.join(', ')} ${adopted.length === 1 ? 'is' : 'are'}`} taken over.`,
	),
	runId,
});

type Fired = Awaited<ReturnType<CockpitDaemon['runSchedule']>>;

const firedIn = (state: CockpitState, {status, detail}: Fired): CockpitState =>
	status === 'skipped' || status === 'failed'
		? withNotice(state, 'failure', `It was fired, and no run began: ${detail ?? status}`)
		: withNotice(state, 'info', status === 'pending' ? 'It was fired; its run is to begin.' : 'It was fired.');

const askedTool = (state: CockpitState, {tool, operations, failure}: ToolDetails): CockpitState => {
	if (failure) return withNotice(state, 'failure', wordsOfFailure(failure));
	const count = operations?.length ?? 0;
	return withNotice(state, 'info', `${tool.name} works: ${count} ${count === 1 ? 'operation' : 'operations'}.`);
};

/** Somebody who went on meanwhile is left where they are. */
const isStillThere = (state: CockpitState, file: string): boolean =>
	state.screen === 'workflows' && state.dialog === undefined && shownFileOf(state) === file;

const wordsOfFailure = ({message, suggestion, diagnostics = []}: Failure): string =>
	[message, ...diagnostics.map(diagnostic => diagnostic.message), suggestion].filter(Boolean).join(' ');

/** It did not arrive, and why: a question can be answered again, a form sent again. */
const unsent = (state: CockpitState, said: string): CockpitState => {
	const {dialog} = state;
	// A form has room for all of it.
	if (dialog?.kind === 'form') return {...state, dialog: {...dialog, isSent: false, failure: said}};
	const asked = dialog?.kind === 'approval' ? {...state, dialog: {...dialog, sent: undefined}} : state;
	return withNotice(asked, 'failure', said);
};

const withNotice = (state: CockpitState, kind: 'info' | 'failure', text: string): CockpitState => ({
	...state,
	notice: {kind, text},
});
