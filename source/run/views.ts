import type {Failure} from '../errors.ts';
import {usdOf} from '../units.ts';
import type {Origin, StepText, Tokens} from './events.ts';
import {type ApprovalState, isRunEnded, type RunState, type StepState, type StepStatus} from './state.ts';

export type RunStatus = 'queued' | 'running' | 'waiting' | 'paused' | 'completed' | 'failed' | 'cancelled';

/** A run in a list: what one line shows. */
export interface RunSummaryView {
	readonly id: string;
	readonly number: number;
	readonly workflow: string;
	readonly workspace: string;
	readonly status: RunStatus;
	/** Steps that ended, of all. */
	readonly stepsEnded: number;
	readonly stepsTotal: number;
	readonly createdAt: string;
	readonly startedAt: string | null;
	readonly endedAt: string | null;
	/** USD; null: unknown. */
	readonly costUsd: number | null;
	readonly failure: Failure | null;
}

/** `runs show --json`. */
export interface RunView extends RunSummaryView {
	readonly workflowFile: string;
	readonly workflowHash: string;
	readonly inputs: Readonly<Record<string, unknown>>;
	readonly outputs: Readonly<Record<string, unknown>> | null;
	readonly origin: Origin;
	readonly cursor: number;
	readonly steps: readonly StepView[];
	readonly approvals: readonly ApprovalView[];
}

export interface StepView {
	readonly id: string;
	readonly title: string;
	readonly kind: StepState['kind'];
	readonly needs: readonly string[];
	readonly status: StepStatus;
	readonly attempts: readonly AttemptView[];
	readonly startedAt: string | null;
	readonly endedAt: string | null;
	readonly costUsd: number | null;
	readonly tokens: Tokens | null;
	readonly outputs: Readonly<Record<string, unknown>> | null;
	readonly text: StepText | null;
	readonly exitCode: number | null;
	readonly failure: Failure | null;
	/** Why it was not run. */
	readonly skipped: {readonly reason: string; readonly detail: string} | null;
	readonly agent: {readonly id: string; readonly isReplay: boolean} | null;
	readonly warnings: readonly string[];
	readonly wakeAt: string | null;
}

export interface AttemptView {
	readonly number: number;
	readonly status: string;
	readonly agent: string | null;
	readonly startedAt: string;
	readonly endedAt: string | null;
}

/** `approvals list --json`. */
export interface ApprovalView {
	readonly id: string;
	readonly runId: string;
	readonly runNumber: number;
	readonly workflow: string;
	readonly stepId: string;
	readonly kind: ApprovalState['kind'];
	readonly status: ApprovalState['status'];
	readonly question: string;
	readonly preview: string | null;
	readonly options: ApprovalState['options'] | null;
	/** How many steps cannot go on before it is answered. */
	readonly blocks: number;
	readonly requestedAt: string;
	readonly expiresAt: string | null;
	readonly answeredAt: string | null;
	readonly answeredBy: string | null;
	readonly comment: string | null;
}

export const runStatusOf = (run: RunState): RunStatus => {
	if (run.phase !== 'open') return run.phase;
	const {running, retrying, waiting} = run.counts;
	return waiting > 0 && running + retrying === 0 ? 'waiting' : 'running';
};

export const stepsEndedOf = ({counts}: RunState): number =>
	counts.completed + counts.failed + counts.skipped + counts.cancelled;

/** @returns Micro-dollars of all steps; null as soon as one of them used an agent and its cost is unknown. */
export const runCostOf = (run: RunState): number | null => {
	let total = 0;
	for (const id of run.stepOrder) {
		const cost = run.steps[id]!.costMicroUsd;
		if (cost === null) return null;
		total += cost;
	}

	return total;
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
	failure: run.failure ?? null,
});

export const runViewOf = (run: RunState): RunView => ({
	...runSummaryViewOf(run),
	workflowFile: run.workflow.file,
	workflowHash: run.workflow.hash,
	inputs: run.inputs,
	outputs: run.outputs ?? null,
	origin: run.origin,
	cursor: run.cursor,
	steps: run.stepOrder.map(id => stepViewOf(run.steps[id]!)),
	approvals: Object.values(run.approvals).map(approval => approvalViewOf(run, approval)),
});

export const stepViewOf = (step: StepState): StepView => ({
	id: step.id,
	title: step.title,
	kind: step.kind,
	needs: step.needs,
	status: step.status,
	attempts: step.attempts.map(({number, status, agent, startedAtMs, endedAtMs}) => ({
		number,
		status,
		agent: agent ?? null,
		startedAt: isoOf(startedAtMs)!,
		endedAt: isoOf(endedAtMs),
	})),
	startedAt: isoOf(step.startedAtMs),
	endedAt: isoOf(step.endedAtMs),
	costUsd: usdOf(step.costMicroUsd),
	tokens: step.tokens ?? null,
	outputs: step.outputs ?? null,
	text: step.text ?? null,
	exitCode: step.exitCode ?? null,
	failure: step.failure ?? null,
	skipped: step.skipped ?? null,
	agent: step.agent ?? null,
	warnings: step.warnings,
	wakeAt: isoOf(step.wakeAtMs),
});

export const approvalViewOf = (run: RunState, approval: ApprovalState): ApprovalView => ({
	id: approval.id,
	runId: run.id,
	runNumber: run.number,
	workflow: run.workflow.name,
	stepId: approval.stepId,
	kind: approval.kind,
	status: approval.status,
	question: approval.question,
	preview: approval.preview ?? null,
	options: approval.options ?? null,
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

const isoOf = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());
