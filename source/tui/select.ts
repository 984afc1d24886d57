import {listFilterOf} from '../list-filter.ts';
import {
	type ApprovalState,
	type ItemState,
	type ItemsState,
	itemOf,
	type RunState,
	type StepState,
} from '../run/state.ts';
import {runStatusOf} from '../run/views.ts';
import type {Attention} from './attention.ts';
import type {OutputTarget} from './output/buffer.ts';
import {momentOf} from './run-view/past.ts';
import type {CockpitState, Waiting} from './state.ts';

/** What the panes and the keys ask of the state. Pure. */

/** The selected run as it is, or as it was at the moment that is looked at. */
export const selectedRunOf = (state: CockpitState): RunState | undefined => momentOf(state)?.run ?? liveRunOf(state);

/** The selected run as it is. */
export const liveRunOf = ({runId, runs}: Pick<CockpitState, 'runId' | 'runs'>): RunState | undefined =>
	runId === undefined ? undefined : runs.get(runId);

/** @returns The step of the open question, else the one a person picked, else the one that matters most. */
export const selectedStepOf = (state: CockpitState): StepState | undefined => {
	const run = selectedRunOf(state);
	if (!run) return undefined;
	const {dialog} = state;
	const asked = dialog?.kind === 'approval' && dialog.runId === run.id ? approvalOf(state, dialog) : undefined;
	const pinned = asked?.approval.stepId ?? state.pinnedSteps[run.id];
	return (pinned === undefined ? undefined : run.steps[pinned]) ?? notableStepOf(run);
};

/** A step that waits for somebody, else the one running longest, else a failed one, else the last that ended. */
export const notableStepOf = (run: RunState): StepState | undefined => {
	const steps = run.stepOrder.map(id => run.steps[id]!);
	const running = steps.filter(step => step.status === 'running' || step.status === 'retrying');
	return (
		steps.find(step => step.status === 'waiting') ??
		running.toSorted((a, b) => (a.startedAtMs ?? 0) - (b.startedAtMs ?? 0))[0] ??
		steps.find(step => step.status === 'failed' && !step.continueOnError) ??
		lastEndedOf(steps) ??
		steps[0]
	);
};

const lastEndedOf = (steps: readonly StepState[]): StepState | undefined =>
	steps
		.filter(step => (step.attempts.length > 0 || step.items) && step.endedAtMs !== undefined)
		.toSorted((a, b) => a.endedAtMs! - b.endedAtMs!)
		.at(-1);

/**
 * Whose output to show for a step: its own, or, where it only asks or waits, that of the step before it, which is what
 * the question is about.
 */
export const outputStepOf = (run: RunState, step: StepState): StepState => {
	if (step.kind !== 'approval' && step.kind !== 'wait') return step;
	const before = step.needs.map(id => run.steps[id]!).filter(need => need.attempts.length > 0 || need.items);
	return lastEndedOf(before) ?? step;
};

/** @returns `undefined` where nothing has been started that could have printed something. */
export const outputTargetOf = (state: CockpitState): OutputTarget | undefined => {
	const run = selectedRunOf(state);
	const selected = selectedStepOf(state);
	if (!run || !selected) return undefined;
	const step = outputStepOf(run, selected);
	const item = shownItemOf(state, run, step);
	const attempt = (item ?? step).attempts.at(-1);
	// A sub-workflow prints nothing itself: its steps do.
	if (!attempt || attempt.childRunId !== undefined) return undefined;
	return {runId: run.id, stepId: step.id, item: item?.index, attempt: attempt.number};
};

/** @returns The item whose output is shown: the one a person picked, else the one that matters most. */
export const shownItemOf = ({runView}: CockpitState, run: RunState, step: StepState): ItemState | undefined => {
	if (!step.items) return undefined;
	const picked = runView.items[run.id];
	return picked?.stepId === step.id && picked.item !== undefined && picked.item < step.items.values.length
		? itemOf(step.items, picked.item)
		: notableItemOf(step.items);
};

/** The item that runs longest, else the first that failed, else the last one. */
export const notableItemOf = (items: ItemsState): ItemState | undefined => {
	const index = items.active[0] ?? items.firstFailed ?? items.values.length - 1;
	return index < 0 ? undefined : itemOf(items, index);
};

export interface OpenApproval {
	readonly run: RunState;
	readonly approval: ApprovalState;
}

export const approvalOf = (state: CockpitState, {runId, approvalId}: Waiting): OpenApproval | undefined => {
	const run = state.runs.get(runId);
	const approval = run?.approvals[approvalId];
	return run && approval ? {run, approval} : undefined;
};

/**
 * The question that is answered next: the one under the cursor of "Needs you", else the one of what is selected, which
 * is what a person looks at, else the first.
 */
export const selectedWaitingOf = (state: CockpitState): Waiting | undefined => {
	const {pane, waiting} = state;
	const pointed = pane === 'needs' ? selectedAttentionOf(state) : undefined;
	const asked = pointed?.kind === 'approval' ? pointed : waitingOfSelection(state);
	return asked ?? waiting[0];
};

/** Whether what is answered next is whether the workspace is trusted: it is under the cursor, or nothing else waits. */
export const isTrustNext = (state: CockpitState): boolean => {
	const pointed = state.pane === 'needs' ? selectedAttentionOf(state) : undefined;
	return pointed?.kind === 'trust' || (state.waiting.length === 0 && waitsForTrust(state));
};

export const waitsForTrust = ({attention}: CockpitState): boolean => attention.some(({kind}) => kind === 'trust');

/** @returns What the cursor of "Needs you" stands on; `undefined` where nothing needs anybody. */
export const selectedAttentionOf = (state: CockpitState): Attention | undefined => {
	const shown = shownAttentionOf(state);
	return shown.find(({id}) => id === state.attentionId) ?? shown[0];
};

/** The inbox as it is listed: all of it, or what is about runs that fit the filter. */
export const shownAttentionOf = (state: CockpitState): readonly Attention[] => {
	if (state.filter === '') return state.attention;
	const listed = new Set(listedRunsOf(state));
	return state.attention.filter(each => 'runId' in each && listed.has(each.runId));
};

/**
 * What one key may say yes to together: what is listed of what workflows and agents ask. Money and what was interrupted
 * are each decided by themselves.
 */
export const answerableOf = (state: CockpitState): Waiting[] =>
	shownAttentionOf(state).flatMap(each => {
		if (each.kind !== 'approval') return [];
		const kind = approvalOf(state, each)?.approval.kind;
		return kind === 'approval' || kind === 'permission' ? [{runId: each.runId, approvalId: each.approvalId}] : [];
	});

const waitingOfSelection = (state: CockpitState): Waiting | undefined => {
	const ofRun = state.waiting.filter(({runId}) => runId === state.runId);
	const stepId = selectedStepOf(state)?.id;
	return ofRun.find(each => approvalOf(state, each)?.approval.stepId === stepId) ?? ofRun[0];
};

/** Questions that wait besides the one that is open. */
export const otherWaitingOf = ({dialog, waiting}: CockpitState): readonly Waiting[] =>
	dialog?.kind === 'approval' ? waiting.filter(({approvalId}) => approvalId !== dialog.approvalId) : waiting;

/** @returns The question after the open one; after the last comes the first. */
export const nextWaitingOf = ({dialog, waiting}: CockpitState): Waiting | undefined => {
	const openId = dialog?.kind === 'approval' ? dialog.approvalId : undefined;
	const index = waiting.findIndex(({approvalId}) => approvalId === openId);
	return waiting[(index + 1) % waiting.length];
};

/** Open runs, newest first, then ended ones, the latest ending first. */
export const orderOf = (runs: ReadonlyMap<string, RunState>): string[] =>
	[...runs.values()].toSorted(compareRuns).map(run => run.id);

const compareRuns = (a: RunState, b: RunState): number =>
	(a.endedAtMs === undefined ? 0 : 1) - (b.endedAtMs === undefined ? 0 : 1) ||
	(b.endedAtMs ?? b.createdAtMs) - (a.endedAtMs ?? a.createdAtMs) ||
	b.number - a.number ||
	(a.id < b.id ? 1 : -1);

/** @returns Ids of the runs that are listed: all, or those that fit the filter. */
export const listedRunsOf = (state: CockpitState): readonly string[] => {
	const {order, runs, filter, workspace} = state;
	if (filter === '') return order;
	const known = listed.get(runs);
	if (known?.filter === filter) return known.ids;
	const fits = listFilterOf(filter);
	const ids = fits ? order.filter(id => fits(runWordsOf(runs.get(id)!, workspace))) : order;
	listed.set(runs, {filter, ids});
	return ids;
};

const listed = new WeakMap<CockpitState['runs'], {readonly filter: string; readonly ids: readonly string[]}>();

/** What a filter looks at: name, number, id, status, folder and what went wrong. */
const runWordsOf = (run: RunState, workspace: string): string =>
	`${runNameOf(run)} ${run.id} ${runStatusOf(run)}${elsewhereWords(run, workspace)} ${run.failure?.code ?? ''}`;

export const runNameOf = (run: RunState): string => `${run.workflow.name} ${run.number}`;

/** ` in par 1`: the run whose step started this one. */
export const parentWords = ({parent}: RunState, runs: ReadonlyMap<string, RunState>): string => {
	if (!parent) return '';
	const above = runs.get(parent.runId);
	return above ? ` in ${runNameOf(above)}` : ` in ${parent.stepId}`;
};

/** ` (site)`: which folder a run works in, where that is not the one the cockpit was started in. */
export const elsewhereWords = ({workspace}: RunState, here: string): string =>
	workspace === here ? '' : ` (${workspace.split('/').findLast(Boolean) ?? '/'})`;
