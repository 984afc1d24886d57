import type {Failure} from '../errors.ts';
import type {
	AgentAction,
	AgentMark,
	BudgetRef,
	EventBody,
	Origin,
	PermissionRules,
	RunParent,
	StepOutline,
	StepText,
	Tokens,
	UndoTarget,
	UsedWorkflow,
} from './events.ts';

/**
 * What a run is: a fold of its events, plain JSON. The engine recovers with it, the API makes views of it, the cockpit
 * draws it. There is no second idea of a run anywhere.
 */
export interface RunState {
	readonly id: string;
	readonly number: number;
	readonly workflow: {readonly name: string; readonly hash: string; readonly file: string};
	readonly workspace: string;
	readonly inputs: Readonly<Record<string, unknown>>;
	readonly agents?: readonly string[];
	readonly approveAll: boolean;
	/** Where its inputs come from, if not from a person. */
	/** What started it by itself. */
	readonly trigger?: EventBody<'run.created'>['trigger'];
	readonly taint?: string;
	/** Whether what its agents change is kept for a recording. */
	readonly record?: boolean;
	readonly origin: Origin;
	/** What it may spend, extensions not included; micro-dollars. */
	readonly budgetMicroUsd?: number;
	/** Of the step that started it, for the run of a sub-workflow. */
	readonly parent?: RunParent;
	/** The workflows it may use, pinned. */
	readonly uses?: readonly UsedWorkflow[];
	readonly forkedFrom?: {readonly runId: string; readonly seq: number; readonly stepId?: string};
	readonly concurrency?: {readonly group: string; readonly overlap: 'queue' | 'skip' | 'cancel-previous'};
	readonly phase: 'queued' | 'open' | 'completed' | 'failed' | 'cancelled';
	readonly paused?: {readonly atMs: number; readonly origin: Origin; readonly reason: string};
	/** Signals that no step has taken yet, oldest first. */
	readonly signals: readonly SignalState[];
	/** What was saved before attempts, oldest first. */
	readonly snapshots: readonly UndoTarget[];
	/** Keys of what rollbacks have undone: see `undoKeyOf`. */
	readonly undone: readonly string[];
	/** The last one since the run began or was opened again. */
	readonly rollback?: RollbackState;
	readonly rollbackCount: number;
	readonly createdAtMs: number;
	readonly startedAtMs?: number;
	readonly endedAtMs?: number;
	/** When it last went on after it had ended. */
	readonly reopenedAtMs?: number;
	readonly cancelRequested?: {
		readonly atMs: number;
		readonly seq: number;
		readonly origin: Origin;
		readonly reason: string;
	};
	/** In file order. */
	readonly stepOrder: readonly string[];
	readonly steps: Readonly<Record<string, StepState>>;
	/** How many steps are in each status. */
	readonly counts: Readonly<Record<StepStatus, number>>;
	readonly approvals: Readonly<Record<string, ApprovalState>>;
	/** When another agent last took over from one, by the id of that one; Unix milliseconds. */
	readonly switchedFromAtMs?: Readonly<Record<string, number>>;
	/** What persons added to its budgets, by `budgetKeyOf`. */
	readonly budgetExtensions?: Readonly<Record<string, number>>;
	/** The highest share of each budget that was told, and when, by `budgetKeyOf`. */
	readonly budgetAlerts?: Readonly<Record<string, {readonly share: number; readonly atMs: number}>>;
	/** Agents whose unknown cost was allowed, as `agent` or `agent model`. */
	readonly costWaivers?: readonly string[];
	/** What persons allowed for the rest of the run. */
	readonly allowances?: readonly PermissionRules[];
	readonly outputs?: Readonly<Record<string, unknown>>;
	readonly failure?: Failure;
	/** Of the last event folded in. */
	readonly seq: number;
	readonly cursor: number;
}

export type StepStatus =
	| 'pending'
	| 'running'
	| 'waiting'
	| 'retrying'
	| 'completed'
	| 'failed'
	| 'skipped'
	| 'cancelled';

/** What a step and an item of one have in common: attempts, and how they ended. */
export interface UnitState {
	readonly status: StepStatus;
	/** Of all generations; of an item that has ended, only the last one. */
	readonly attempts: readonly AttemptState[];
	readonly startedAtMs?: number;
	/** `seq` of the event that began it, for steps without attempts. */
	readonly startedSeq?: number;
	readonly endedAtMs?: number;
	readonly endedSeq?: number;
	/** When the next attempt begins, after one that failed. */
	readonly retryAtMs?: number;
	readonly outputs?: Readonly<Record<string, unknown>>;
	readonly text?: StepText;
	readonly failure?: Failure;
	readonly exitCode?: number;
	/** The question it waits for or was decided by: of an `approval:` step, or after an attempt that vanished. */
	readonly approvalId?: string;
	readonly agent?: AgentMark;
	readonly warnings: readonly string[];
	readonly tokens?: Tokens;
	/** Micro-dollars; null: unknown; 0 for a step that calls no agent. */
	readonly costMicroUsd: number | null;
	/** What was used and could not be priced, or was not reported: that many times more than nothing. */
	readonly unpriced?: number;
	/** Agents that were replaced by others, oldest first. */
	readonly switches?: readonly SwitchState[];
	/** Whose result was taken instead of running. */
	readonly cached?: {readonly runId: string; readonly at: string};
}

export interface SwitchState {
	readonly atMs: number;
	readonly attempt: number;
	readonly from: string;
	readonly to: string;
	readonly reason: string;
	readonly detail: string;
}

export interface StepState extends UnitState {
	readonly id: string;
	readonly title: string;
	readonly kind: StepOutline['kind'];
	readonly needs: readonly string[];
	readonly continueOnError: boolean;
	/** Done once for each item. */
	readonly isEach: boolean;
	/** The step that a rejection leads back to. */
	readonly goto?: string;
	/** From 1; a rejection that leads back and a retry of the run begin another one. */
	readonly generation: number;
	/** The comment of the rejection that led back here. */
	readonly feedback?: string;
	/** Iterations that ended, of a step that repeats. */
	readonly iteration: number;
	readonly items?: ItemsState;
	/** The highest number of an attempt of its items, and that of the generations before this one. */
	readonly itemAttempts: {readonly max: number; readonly base: number};
	readonly skipped?: {readonly reason: string; readonly detail: string};
	readonly skipRequested?: StepWish;
	readonly cancelRequested?: StepWish;
	readonly wakeAtMs?: number;
	/** The name of the signal it waits for. */
	readonly signal?: string;
	/** The run of which a fork took over what this step did. */
	readonly adoptedFrom?: {readonly runId: string; readonly attempt?: number};
	/** What it cost there; counts for budgets only. */
	readonly adoptedCost?: {readonly microUsd: number | null; readonly tokens: Tokens | undefined};
}

export interface StepWish {
	readonly seq: number;
	readonly origin: Origin;
	readonly reason: string;
}

/** The items of a step. Those that have ended stay; a decision looks at those that are active and at the next one. */
export interface ItemsState {
	readonly values: readonly unknown[];
	/** In rows of `itemsPerRow`, so that a change copies two short lists and not a long one; read with `itemOf`. */
	readonly rows: readonly (readonly ItemState[])[];
	/** Begun and not ended, in the order in which they began. */
	readonly active: readonly number[];
	/** The first one that has not begun. */
	readonly next: number;
	readonly counts: Readonly<Record<'completed' | 'failed' | 'cancelled', number>>;
	/** The first that failed. */
	readonly firstFailed?: number;
}

export interface ItemState extends UnitState {
	readonly index: number;
}

export interface SignalState {
	readonly name: string;
	readonly data: unknown;
	readonly seq: number;
	readonly origin: Origin;
}

export interface RollbackState {
	readonly status: 'running' | 'ended';
	readonly reason: string;
	readonly origin: Origin;
	readonly to?: string;
	readonly startedAtMs: number;
	readonly endedAtMs?: number;
	readonly targets: readonly RollbackTarget[];
}

export interface RollbackTarget extends UndoTarget {
	readonly status: 'pending' | 'running' | 'undone' | 'failed';
	readonly failure?: Failure;
	readonly deadlineAtMs?: number;
	/** Beside the attempts of the step; of the last try. */
	readonly folder?: string;
	readonly tries: number;
}

export interface AttemptState {
	readonly number: number;
	readonly generation: number;
	/** Of a step that repeats, from 1. */
	readonly iteration?: number;
	/** The run of the sub-workflow. */
	readonly childRunId?: string;
	readonly status: 'running' | 'completed' | 'failed' | 'cancelled' | 'interrupted';
	readonly agent?: string;
	/** `<tool>/<implementation>`: to be asked first, and of an attempt that ended well the one that answered. */
	readonly tool?: string;
	/** What a direct step asked for, without secrets. */
	readonly target?: string;
	readonly model?: string;
	readonly sessionId?: string;
	/** Whether another process can go on with its session. */
	readonly canResume?: boolean;
	/** The attempt whose session it goes on with. */
	readonly resumes?: number;
	readonly access?: 'ask' | 'read-only';
	readonly reservedMicroUsd?: number;
	/** Micro-dollars that are known; missing: none yet. */
	readonly costMicroUsd?: number;
	/** Whether it used something whose cost is unknown. */
	readonly isUnpriced?: boolean;
	readonly tokens?: Tokens;
	/** What follows its failure. */
	readonly next?: 'retry' | 'failover' | 'quota';
	readonly startedAtMs: number;
	/** `seq` of its `attempt.started`. */
	readonly startedSeq: number;
	readonly endedAtMs?: number;
	readonly deadlineAtMs?: number;
	/** Why it failed, where another one followed. */
	readonly failure?: Failure;
	/** How far the agent host's events file has been journalled; -1: nothing yet. */
	readonly hostLine: number;
}

export interface ApprovalState {
	readonly id: string;
	readonly stepId: string;
	readonly item?: number;
	readonly attempt?: number;
	readonly kind: 'approval' | 'permission' | 'interrupt' | 'budget';
	readonly status: 'open' | 'approved' | 'rejected' | 'expired' | 'withdrawn';
	readonly question: string;
	readonly preview?: string;
	/** Whether `preview` may be changed by whoever says yes; `text` is what they made of it. */
	readonly isEditable?: boolean;
	readonly text?: string;
	readonly options?: readonly {readonly id: string; readonly label: string; readonly isAllow: boolean}[];
	readonly action?: AgentAction;
	readonly budget?: {
		readonly budget: BudgetRef;
		readonly limit: number;
		readonly spent: number;
		readonly needed: number;
		readonly extendBy: number;
	};
	readonly unknownCostOf?: {readonly agent: string; readonly model?: string};
	readonly requestedAtMs: number;
	readonly expiresAtMs?: number;
	readonly onExpire?: 'reject' | 'approve' | 'fail';
	/** What a no does to the run. */
	readonly onReject?: 'fail' | 'skip' | {readonly goto: string};
	readonly answeredAtMs?: number;
	readonly origin?: Origin;
	readonly comment?: string;
	readonly optionId?: string;
	/** The line of `permissions:` that answered. */
	readonly rule?: string;
}

export const isStepEnded = (status: StepStatus): boolean =>
	status === 'completed' || status === 'failed' || status === 'skipped' || status === 'cancelled';

export const isRunEnded = (run: Pick<RunState, 'phase'>): boolean => run.phase !== 'open' && run.phase !== 'queued';

/** Whether nothing happens in it any more: a run that has ended may be rolled back. */
export const isRunSettled = (run: Pick<RunState, 'phase' | 'rollback'>): boolean =>
	isRunEnded(run) && run.rollback?.status !== 'running';

export const itemsPerRow = 128;

export const itemOf = (items: ItemsState, index: number): ItemState =>
	items.rows[Math.floor(index / itemsPerRow)]![index % itemsPerRow]!;

export function* itemsOf(items: ItemsState): Generator<ItemState> {
	for (const row of items.rows) yield* row;
}

/** @returns The step, or its item. */
export const unitOf = (run: RunState, stepId: string, item: number | undefined): UnitState => {
	const step = run.steps[stepId];
	if (!step) throw new Error(`Run ${run.id} has no step ${stepId}.`);
	return item === undefined || !step.items ? step : itemOf(step.items, item);
};

/** @returns The name of a step or an item as people see it: `fix`, `fix[3]`. */
export const unitNameOf = (stepId: string, item: number | undefined): string =>
	item === undefined ? stepId : `${stepId}[${item}]`;

/** @returns The same as a part of a path: `fix`, `fix.3`. An id has no dot. */
export const unitKeyOf = (stepId: string, item: number | undefined): string =>
	item === undefined ? stepId : `${stepId}.${item}`;

/** @returns The number of the next attempt: attempts of earlier generations keep theirs, and with them their folders. */
export const nextAttemptOf = (run: RunState, stepId: string, item: number | undefined): number => {
	const last = unitOf(run, stepId, item).attempts.at(-1)?.number;
	return (last ?? (item === undefined ? 0 : run.steps[stepId]!.itemAttempts.base)) + 1;
};

/** @returns The same for the same limit, whatever is spent of it. */
export const budgetKeyOf = ({scope, name, runId, period, unit}: BudgetRef): string =>
	[scope, name, runId ?? '', period ?? '', unit].join('\n');

/** @returns Whether a person is asked whether more may be spent: until then no agent begins. */
export const isBudgetHeld = ({approvals}: Pick<RunState, 'approvals'>): boolean =>
	Object.values(approvals).some(({kind, status}) => kind === 'budget' && status === 'open');

export const undoKeyOf = ({stepId, item, attempt, how}: UndoTarget): string =>
	`${unitKeyOf(stepId, item)}#${attempt}:${how}`;
