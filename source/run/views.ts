import type {Failure} from '../errors.ts';
import {usdOf} from '../units.ts';
import type {BudgetRef, Origin, RunParent, UndoTarget} from './events.ts';
import {
	type ApprovalState,
	budgetKeyOf,
	type ItemsState,
	isRunEnded,
	itemOf,
	type RollbackState,
	type RunState,
	type UnitState,
	unitNameOf,
} from './state.ts';
import {isoOf, type StepView, stepViewOf} from './step-view.ts';

export type {AttemptView, ItemFailureView, ItemsView, StepView} from './step-view.ts';

export type RunStatus = 'queued' | 'running' | 'waiting' | 'paused' | 'completed' | 'failed' | 'cancelled';

/** How far what a run did is undone; `partial`: some of it could not be. */
export type RollbackStatus = 'running' | 'done' | 'partial';

/** A run in a list: what one line shows. */
export interface RunSummaryView {
	readonly id: string;
	readonly number: number;
	readonly workflow: string;
	readonly workspace: string;
	/** `running` also for an ended run that is being rolled back. */
	readonly status: RunStatus;
	/** Steps that ended, of all. */
	readonly stepsEnded: number;
	readonly stepsTotal: number;
	readonly createdAt: string;
	readonly startedAt: string | null;
	readonly endedAt: string | null;
	/** USD; null: some of it is unknown. */
	readonly costUsd: number | null;
	/** USD: what is known of it. */
	readonly knownCostUsd: number;
	/** USD that it may spend; null: as much as it takes. */
	readonly budgetUsd: number | null;
	readonly failure: Failure | null;
	readonly rollback: RollbackStatus | null;
	/** The run whose step started it. */
	readonly parentRunId: string | null;
	/** What started it by itself; null: a person did. */
	readonly trigger: RunTriggerView | null;
}

export interface RunTriggerView {
	/** In its file: `schedule`, `webhook-2`. */
	readonly id: string;
	readonly kind: NonNullable<RunState['trigger']>['kind'];
	/** In words, as after "by": `schedule`, `event deploy.done`, `the end of build 12`. */
	readonly label: string;
}

/** `runs show --json`. */
export interface RunView extends Omit<RunSummaryView, 'rollback'> {
	readonly workflowFile: string;
	readonly workflowHash: string;
	readonly inputs: Readonly<Record<string, unknown>>;
	readonly outputs: Readonly<Record<string, unknown>> | null;
	readonly origin: Origin;
	/** Where it comes from, if strangers may have had a hand in it. */
	readonly taint: string | null;
	readonly cursor: number;
	readonly parent: RunParent | null;
	readonly forkedFrom: {readonly runId: string; readonly seq: number; readonly stepId: string | null} | null;
	readonly paused: {readonly at: string; readonly by: string; readonly reason: string} | null;
	/** The last one since the run began or went on. */
	readonly rollback: RollbackView | null;
	readonly concurrency: RunState['concurrency'] | null;
	/** Received, and not taken by a step yet. */
	readonly signals: readonly {readonly name: string; readonly data: unknown; readonly by: string}[];
	readonly steps: readonly StepView[];
	readonly approvals: readonly ApprovalView[];
}

export interface RollbackView {
	readonly status: RollbackStatus;
	readonly reason: string;
	readonly by: string;
	/** The savepoint. */
	readonly to: string | null;
	readonly startedAt: string;
	readonly endedAt: string | null;
	/** In the order in which they are undone. */
	readonly targets: readonly (UndoTarget & {
		readonly status: RollbackState['targets'][number]['status'];
		readonly failure: Failure | null;
	})[];
}

/** `approvals list --json`. */
export interface ApprovalView {
	readonly id: string;
	readonly runId: string;
	readonly runNumber: number;
	readonly workflow: string;
	readonly stepId: string;
	readonly item?: number;
	readonly kind: ApprovalState['kind'];
	readonly status: ApprovalState['status'];
	readonly question: string;
	readonly preview: string | null;
	/** Whether the preview is a text that may be changed. */
	readonly isEditable: boolean;
	/** What was made of it, where it was changed. */
	readonly text: string | null;
	readonly options: ApprovalState['options'] | null;
	/** What a permission is about. */
	readonly action: ApprovalState['action'] | null;
	/** Of the budget it is about. */
	readonly unit: BudgetRef['unit'] | null;
	/** The line of `permissions:` that answered it. */
	readonly rule: string | null;
	/** How many steps cannot go on before it is answered. */
	readonly blocks: number;
	readonly requestedAt: string;
	readonly expiresAt: string | null;
	readonly answeredAt: string | null;
	readonly answeredBy: string | null;
	readonly comment: string | null;
}

/** Asked for each event of each run: answered by counts, with a look at the steps only where nothing else can tell. */
export const runStatusOf = (run: RunState): RunStatus => {
	if (run.rollback?.status === 'running') return 'running';
	if (run.phase !== 'open') return run.phase;
	if (run.paused) return 'paused';
	const {running, retrying, waiting} = run.counts;
	if (running + retrying + waiting === 0) return 'running';
	return running + retrying > 0 && isSomethingRunning(run) ? 'running' : 'waiting';
};

/** Whether a step runs, or is about to: not one that waits for a person, or for the moment of its next attempt. */
const isSomethingRunning = (run: RunState): boolean => {
	const {stepOrder, steps, counts} = run;
	const ofItems = stepsOfItems(run).filter(id => steps[id]!.status === 'running');
	if (counts.running > ofItems.length || ofItems.some(id => isItemRunning(steps[id]!.items!))) return true;
	return (
		counts.retrying > 0 && stepOrder.some(id => steps[id]!.status === 'retrying' && steps[id]!.retryAtMs === undefined)
	);
};

/** @returns Ids; found once for each run, whose list of steps never changes. */
const stepsOfItems = ({stepOrder, steps}: RunState): readonly string[] => {
	const known = knownStepsOfItems.get(stepOrder);
	if (known) return known;
	const found = stepOrder.filter(id => steps[id]!.isEach);
	knownStepsOfItems.set(stepOrder, found);
	return found;
};

const knownStepsOfItems = new WeakMap<readonly string[], readonly string[]>();

const isItemRunning = (items: ItemsState): boolean =>
	items.active.length === 0 ||
	items.active.some(index => {
		const {status, retryAtMs} = itemOf(items, index);
		return status === 'running' || (status === 'retrying' && retryAtMs === undefined);
	});

export const stepsEndedOf = ({counts}: RunState): number =>
	counts.completed + counts.failed + counts.skipped + counts.cancelled;

/** @returns Micro-dollars of all steps; null as soon as one of them used an agent and some of its cost is unknown. */
export const runCostOf = (run: RunState): number | null =>
	run.stepOrder.some(id => isCostUnknown(run.steps[id]!)) ? null : knownCostOf(run);

/** @returns Micro-dollars of all steps, as far as they are known. */
export const knownCostOf = (run: RunState): number =>
	run.stepOrder.reduce((total, id) => total + (run.steps[id]!.costMicroUsd ?? 0), 0);

/** @returns Micro-dollars that it may spend, extensions included; `undefined`: as much as it takes. */
export const budgetOf = (run: RunState): number | undefined => {
	if (run.budgetMicroUsd === undefined) return undefined;
	const key = budgetKeyOf({scope: 'run', name: run.workflow.name, runId: run.id, unit: 'usd'});
	return run.budgetMicroUsd + (run.budgetExtensions?.[key] ?? 0);
};

/** Whether anything of it is unknown. */
export const isCostUnknown = ({costMicroUsd, unpriced = 0}: Pick<UnitState, 'costMicroUsd' | 'unpriced'>): boolean =>
	costMicroUsd === null || unpriced > 0;

export const rollbackStatusOf = ({rollback}: Pick<RunState, 'rollback'>): RollbackStatus | null => {
	if (!rollback) return null;
	if (rollback.status === 'running') return 'running';
	return rollback.targets.every(({status}) => status === 'undone') ? 'done' : 'partial';
};

export const runSummaryViewOf = (run: RunState): RunSummaryView => ({
	id: run.id,
	number: run.number,
	workflow: run.workflow.name,
	workspace: run.workspace,
	status: runStatusOf(run),
	stepsEnded: stepsEndedOf(run),
	stepsTotal: run.stepOrder.length,
	createdAt: isoOf(run.createdAtMs)!,
	startedAt: isoOf(run.startedAtMs),
	endedAt: isoOf(run.endedAtMs),
	costUsd: usdOf(runCostOf(run)),
	knownCostUsd: usdOf(knownCostOf(run))!,
	budgetUsd: usdOf(budgetOf(run) ?? null),
	failure: run.failure ?? null,
	rollback: rollbackStatusOf(run),
	parentRunId: run.parent?.runId ?? null,
	trigger: run.trigger ? triggerViewOf(run.trigger) : null,
});

const triggerViewOf = ({id, kind, data}: NonNullable<RunState['trigger']>): RunTriggerView => ({
	...{id, kind},
	label: labelOf(kind, data) ?? id,
});

const labelOf = (kind: RunTriggerView['kind'], data: Readonly<Record<string, unknown>>): string | undefined => {
	if (kind === 'event') return typeof data.name === 'string' ? `event ${data.name}` : undefined;
	if (kind !== 'run') return undefined;
	const {workflow, number} = (data.run ?? {}) as {readonly workflow?: string; readonly number?: number};
	return workflow === undefined ? undefined : `the end of ${workflow} ${number}`;
};

export const runViewOf = (run: RunState): RunView => ({
	...runSummaryViewOf(run),
	workflowFile: run.workflow.file,
	workflowHash: run.workflow.hash,
	inputs: run.inputs,
	outputs: run.outputs ?? null,
	origin: run.origin,
	taint: run.taint ?? null,
	cursor: run.cursor,
	parent: run.parent ?? null,
	forkedFrom: run.forkedFrom ? {...run.forkedFrom, stepId: run.forkedFrom.stepId ?? null} : null,
	paused: run.paused ? {at: isoOf(run.paused.atMs)!, by: run.paused.origin.by, reason: run.paused.reason} : null,
	rollback: rollbackViewOf(run),
	concurrency: run.concurrency ?? null,
	signals: run.signals.map(({name, data, origin}) => ({name, data: data ?? null, by: origin.by})),
	steps: run.stepOrder.map(id => stepViewOf(run.steps[id]!)),
	approvals: Object.values(run.approvals).map(approval => approvalViewOf(run, approval)),
});

const rollbackViewOf = (run: RunState): RollbackView | null => {
	const {rollback} = run;
	if (!rollback) return null;
	return {
		status: rollbackStatusOf(run)!,
		reason: rollback.reason,
		by: rollback.origin.by,
		to: rollback.to ?? null,
		startedAt: isoOf(rollback.startedAtMs)!,
		endedAt: isoOf(rollback.endedAtMs),
		targets: rollback.targets.map(({stepId, item, how, attempt, status, failure}) => ({
			...{stepId, item, how, attempt, status},
			failure: failure ?? null,
		})),
	};
};

export const approvalViewOf = (run: RunState, approval: ApprovalState): ApprovalView => ({
	id: approval.id,
	runId: run.id,
	runNumber: run.number,
	workflow: run.workflow.name,
	stepId: approval.stepId,
	item: approval.item,
	kind: approval.kind,
	status: approval.status,
	question: approval.question,
	preview: approval.preview ?? null,
	isEditable: approval.isEditable ?? false,
	text: approval.text ?? null,
	options: approval.options ?? null,
	action: approval.action ?? null,
	unit: approval.budget?.budget.unit ?? null,
	rule: approval.rule ?? null,
	blocks: blockedStepsOf(run, approval.stepId).length,
	requestedAt: isoOf(approval.requestedAtMs)!,
	expiresAt: isoOf(approval.expiresAtMs),
	answeredAt: isoOf(approval.answeredAtMs),
	answeredBy: approval.origin?.by ?? null,
	comment: approval.comment ?? null,
});

export const openApprovalsOf = (run: RunState): ApprovalState[] =>
	isRunEnded(run) ? [] : Object.values(run.approvals).filter(approval => approval.status === 'open');

/** @returns Ids of the pending steps that need this one, directly or not. */
export const blockedStepsOf = (run: RunState, stepId: string): string[] => {
	const blocked = new Set([stepId]);
	for (let grew = true; grew; ) {
		grew = false;
		for (const id of run.stepOrder) {
			if (blocked.has(id) || !run.steps[id]!.needs.some(need => blocked.has(need))) continue;
			blocked.add(id);
			grew = true;
		}
	}

	return [...blocked].filter(id => id !== stepId && run.steps[id]!.status === 'pending');
};

/** @returns `tag (script)`, `build[2] (files)`: one thing that a rollback undoes, in words. */
export const undoWordsOf = ({stepId, item, how}: Pick<UndoTarget, 'stepId' | 'item' | 'how'>): string =>
	`${unitNameOf(stepId, item)} (${how})`;
