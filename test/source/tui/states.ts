import {unitNameOf} from '../../../source/run/state.ts';
import {type ResourceName, type ResourceValues, resourceDefinitions} from '../../../source/tui/fetched/definitions.ts';
import type {Effect} from '../../../source/tui/keys/actions.ts';
import {keyPressesOf} from '../../../source/tui/keys/names.ts';
import {press} from '../../../source/tui/keys/press.ts';
import {emptyOutput, withChunks} from '../../../source/tui/output/buffer.ts';
import {withLogChunk} from '../../../source/tui/pages/logs/buffer.ts';
import {selectedToolOf} from '../../../source/tui/pages/tools/select.ts';
import type {KnownTriggers} from '../../../source/tui/pages/triggers/fetch.ts';
import {shownFileOf} from '../../../source/tui/pages/workflows/select.ts';
import {emptyHistoryOf, withEvents} from '../../../source/tui/run-view/history.ts';
import {outputTargetOf} from '../../../source/tui/select.ts';
import {type CockpitState, initialState} from '../../../source/tui/state.ts';
import {absorb} from '../../../source/tui/store/absorb.ts';
import {settle} from '../../../source/tui/store/settle.ts';
import type {ScriptedDaemon} from './scripted-daemon.ts';
import {scriptedDeliveries, scriptedToolDetails, scriptedTools} from './scripted-tools.ts';
import {knownTriggers, scriptedQueues, triggeredWorkflows} from './scripted-triggers.ts';
import {nightlyFile, scriptedFile, scriptedWorkflows} from './scripted-workflows.ts';

/** A moment that tests can name: 20 November 2026, 14:02:11 UTC. */
export const noonMs = Date.UTC(2026, 10, 20, 14, 2, 11);

/** @returns What a cockpit shows that has just connected to this daemon, its output fetched. */
export const stateOf = (daemon: ScriptedDaemon, columns = 120, rows = 35): Promise<CockpitState> => {
	const state = initialState({
		workspace: '/src/shop',
		home: '/home/ada',
		version: '0.1.0',
		size: {columns, rows},
		nowMs: daemon.clock.nowMs,
	});
	const page = {cursor: 0, runs: [...daemon.runs.values()].toReversed(), isLast: true};
	const live = {...state, connection: {status: 'live', pid: 1, version: '0.1.0'}} as const;
	return withOutput(daemon, absorb(live, [{kind: 'snapshot', page}]));
};

/** @returns The state with the output of its selected step fetched, as the session would. */
export const withOutput = async (daemon: ScriptedDaemon, state: CockpitState): Promise<CockpitState> => {
	const target = outputTargetOf(state);
	if (!target) return {...state, output: emptyOutput};
	const connected = await daemon.connect();
	const name = unitNameOf(target.stepId, target.item);
	const page = await connected.output(target.runId, name, {stdout: 0, stderr: 0});
	const status = page.isEnded ? ('ended' as const) : ('live' as const);
	return {...state, output: withChunks({...emptyOutput, target, status}, page.chunks)};
};

/** Presses keys by their table names, each by itself. @returns The last state and every effect. */
export const pressAll = (
	state: CockpitState,
	...names: readonly string[]
): {state: CockpitState; effects: Effect[]} => {
	const effects: Effect[] = [];
	let current = state;
	for (const name of names) {
		const text = [...name].length === 1 ? name : name === 'space' ? ' ' : '';
		const outcome = press(current, {name, text, isAlone: true});
		current = outcome.state;
		if (outcome.effect) effects.push(outcome.effect);
	}

	return {state: current, effects};
};

/** @returns The state with these fetched, as if the daemon had just answered. */
export const fetchedWith = (state: CockpitState, values: Partial<ResourceValues>): CockpitState =>
	settle(state, {
		...state,
		fetched: {
			...state.fetched,
			...Object.fromEntries(
				Object.entries(values).map(([name, value]) => [
					name,
					{
						key: resourceDefinitions[name as ResourceName].keyOf(state) ?? '',
						value,
						isLoading: false,
						isStale: false,
						fetchedAtMs: state.nowMs,
					},
				]),
			),
		},
	});

/** @returns The state with the tools of the scripted daemon, on their screen. */
export const withTools = (state: CockpitState, tools = scriptedTools): CockpitState => {
	const listed = fetchedWith(state, {tools});
	const name = selectedToolOf(listed)?.name;
	return name === undefined ? listed : fetchedWith(listed, {tool: scriptedToolDetails(name)});
};

/** @returns The state with webhooks to others that are not delivered. */
export const withDeliveries = (state: CockpitState): CockpitState => {
	const ofStatus = (status: string) => scriptedDeliveries.filter(each => each.status === status);
	return fetchedWith(state, {deadWebhooks: ofStatus('dead'), queuedWebhooks: ofStatus('queued')});
};

/** @returns The state with the workflows of the scripted daemon, and the cursor on this one, its file read. */
export const withWorkflows = (state: CockpitState, file: string): CockpitState => {
	const {workflows} = state.pages;
	const at: CockpitState = {...state, pages: {...state.pages, workflows: {...workflows, selected: file}}};
	const workspace = {
		isTrusted: false,
		files: ['.aiworkflow/agents.yaml', '.aiworkflow/aiworkflow.yaml'],
		triggerProblems: [],
	};
	return fetchedWith(fetchedWith(at, {workflows: scriptedWorkflows, workspace}), {workflow: scriptedFile(file)});
};

/** @returns The state with the triggers of the scripted daemon, on their screen, the file under the cursor read. */
export const withTriggers = (state: CockpitState, known: Partial<KnownTriggers> = {}): CockpitState => {
	const workspace = {isTrusted: true, files: ['.aiworkflow/workflows/nightly.md'], triggerProblems: []};
	const triggers = {...knownTriggers, ...known};
	const workflows = [...scriptedWorkflows, ...triggeredWorkflows];
	const listed = fetchedWith(state, {triggers, workflows, workspace});
	const file = shownFileOf(listed) === nightlyFile ? scriptedFile(nightlyFile) : undefined;
	const hasQueues = triggers.triggers.some(({kind}) => kind === 'queue');
	return fetchedWith(listed, {...(hasQueues && {queues: scriptedQueues}), ...(file && {workflow: file})});
};

/** @returns The state with so many lines of log. */
export const withLog = (state: CockpitState, count: number): CockpitState => {
	const lines = Array.from({length: count}, (_, index) => logLineOf(state.nowMs + index * 1000, index));
	const text = lines.map(line => `${line}\n`).join('');
	const {logs} = state.pages;
	const log = withLogChunk(logs.log, {offset: 0, nextOffset: text.length, text});
	return {...state, pages: {...state.pages, logs: {...logs, log}}};
};

const logLineOf = (atMs: number, index: number): string => {
	const entry = {level: 30, time: new Date(atMs).toISOString(), pid: 7, run: `r-${index}`, msg: 'a run began'};
	if (index % 10 === 7) return JSON.stringify({...entry, level: 40, msg: 'an agent is slow: 価格', tookMs: 4200});
	if (index % 10 !== 9) return JSON.stringify(entry);
	const err = {message: 'no', stack: 'Error: no\n    at \u001b[2Jhere (/a/b.ts:1:2)'};
	return JSON.stringify({...entry, level: 50, msg: 'a request failed', err});
};

/** @returns The state some time later. */
export const later = (state: CockpitState, ms: number): CockpitState => ({...state, nowMs: state.nowMs + ms});

export {keyPressesOf};

/** @returns The state with the events of its selected run fetched, as the session would. */
export const withHistory = (daemon: ScriptedDaemon, state: CockpitState): CockpitState => {
	const runId = state.runId!;
	const events = daemon.journal.filter(event => event.runId === runId);
	const history = {...withEvents(emptyHistoryOf(runId), events), status: 'ready' as const};
	return {...state, runView: {...state.runView, history}};
};
