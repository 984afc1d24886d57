import type {Failure} from '../errors.ts';
import type {AgentMark, JournalEvent, Origin, StepOutline, StepText, Tokens} from './events.ts';

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
	readonly origin: Origin;
	readonly phase: 'queued' | 'open' | 'completed' | 'failed' | 'cancelled';
	readonly createdAtMs: number;
	readonly startedAtMs?: number;
	readonly endedAtMs?: number;
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

export interface StepState {
	readonly id: string;
	readonly title: string;
	readonly kind: StepOutline['kind'];
	readonly needs: readonly string[];
	readonly continueOnError: boolean;
	readonly status: StepStatus;
	readonly attempts: readonly AttemptState[];
	readonly startedAtMs?: number;
	/** `seq` of the event that began it, for steps without attempts. */
	readonly startedSeq?: number;
	readonly endedAtMs?: number;
	readonly outputs?: Readonly<Record<string, unknown>>;
	readonly text?: StepText;
	readonly failure?: Failure;
	readonly exitCode?: number;
	readonly skipped?: {readonly reason: string; readonly detail: string};
	/** The approval this step waits for or was decided by (`approval:` steps). */
	readonly approvalId?: string;
	readonly wakeAtMs?: number;
	readonly agent?: AgentMark;
	readonly warnings: readonly string[];
	readonly tokens?: Tokens;
	/** Micro-dollars; null: unknown; 0 for a step that calls no agent. */
	readonly costMicroUsd: number | null;
}

export interface AttemptState {
	readonly number: number;
	readonly status: 'running' | 'completed' | 'failed' | 'cancelled' | 'interrupted';
	readonly agent?: string;
	readonly sessionId?: string;
	readonly startedAtMs: number;
	/** `seq` of its `attempt.started`. */
	readonly startedSeq: number;
	readonly endedAtMs?: number;
	readonly deadlineAtMs?: number;
	/** How far the agent host's events file has been journalled; -1: nothing yet. */
	readonly hostLine: number;
}

export interface ApprovalState {
	readonly id: string;
	readonly stepId: string;
	readonly attempt?: number;
	readonly kind: 'approval' | 'permission';
	readonly status: 'open' | 'approved' | 'rejected' | 'expired' | 'withdrawn';
	readonly question: string;
	readonly preview?: string;
	readonly options?: readonly {readonly id: string; readonly label: string; readonly isAllow: boolean}[];
	readonly requestedAtMs: number;
	readonly expiresAtMs?: number;
	readonly onExpire?: 'reject' | 'approve' | 'fail';
	readonly answeredAtMs?: number;
	readonly origin?: Origin;
	readonly comment?: string;
	readonly optionId?: string;
}

export const isStepEnded = (status: StepStatus): boolean =>
	status === 'completed' || status === 'failed' || status === 'skipped' || status === 'cancelled';

export const isRunEnded = (run: Pick<RunState, 'phase'>): boolean => run.phase !== 'open' && run.phase !== 'queued';

/**
 * The one fold. Pure; the state it is given is never changed.
 *
 * @param run `undefined` before the first event, which must be `run.created`.
 * @throws A plain Error when an event cannot follow this state: a defect, or a damaged journal.
 */
export const reduce = (run: RunState | undefined, event: JournalEvent): RunState => {
	if (event.type === 'run.created') return createdRun(event);
	if (!run) throw new Error(`Event ${event.cursor} (${event.type}) came before its run was created.`);
	return {...withHostLine(applyEvent(run, event), event), seq: event.seq, cursor: event.cursor};
};

const createdRun = ({runId, seq, cursor, atMs, body}: Extract<JournalEvent, {type: 'run.created'}>): RunState => {
	const steps: Record<string, StepState> = {};
	for (const {id, title, kind, needs, continueOnError = false} of body.steps) {
		steps[id] = {
			id,
			title,
			kind,
			needs,
			continueOnError,
			status: 'pending',
			attempts: [],
			warnings: [],
			costMicroUsd: 0,
		};
	}

	return {
		id: runId!,
		number: body.number,
		workflow: body.workflow,
		workspace: body.workspace,
		inputs: body.inputs,
		agents: body.agents,
		approveAll: body.approveAll,
		origin: body.origin,
		phase: 'queued',
		createdAtMs: atMs,
		stepOrder: body.steps.map(step => step.id),
		steps,
		counts: {...noCounts, pending: body.steps.length},
		approvals: {},
		seq,
		cursor,
	};
};

const noCounts: Readonly<Record<StepStatus, number>> = {
	pending: 0,
	running: 0,
	waiting: 0,
	retrying: 0,
	completed: 0,
	failed: 0,
	skipped: 0,
	cancelled: 0,
};

const applyEvent = (run: RunState, event: JournalEvent): RunState => {
	const {atMs} = event;
	switch (event.type) {
		case 'run.started':
			return {...run, phase: 'open', startedAtMs: atMs};
		case 'run.cancel-requested':
			return {...run, cancelRequested: {atMs, seq: event.seq, origin: event.body.origin, reason: event.body.reason}};
		case 'run.completed':
			return {...run, phase: 'completed', endedAtMs: atMs, outputs: event.body.outputs};
		case 'run.failed':
			return {...run, phase: 'failed', endedAtMs: atMs, failure: event.body.failure};
		case 'run.cancelled':
			return {...run, phase: 'cancelled', endedAtMs: atMs};

		case 'attempt.started': {
			const {stepId, attempt: number, agent, deadlineAtMs} = event.body;
			const step = run.steps[stepId]!;
			const attempt: AttemptState = {
				number,
				status: 'running',
				agent,
				startedAtMs: atMs,
				startedSeq: event.seq,
				deadlineAtMs,
				hostLine: -1,
			};
			return withStep(run, stepId, {
				status: 'running',
				startedAtMs: step.startedAtMs ?? atMs,
				attempts: [...step.attempts, attempt],
				...(step.kind === 'agent' ? {costMicroUsd: step.attempts.length === 0 ? null : step.costMicroUsd} : undefined),
			});
		}

		case 'attempt.interrupted': {
			const {stepId, attempt} = event.body;
			const attempts = withAttempt(run.steps[stepId]!, attempt, {status: 'interrupted', endedAtMs: atMs});
			return withStep(run, stepId, {status: 'retrying', attempts});
		}

		case 'agent.session-started': {
			const {stepId, attempt, agent, sessionId} = event.body;
			return withStep(run, stepId, {agent, attempts: withAttempt(run.steps[stepId]!, attempt, {sessionId})});
		}

		case 'agent.warned': {
			const {stepId, message} = event.body;
			return withStep(run, stepId, {warnings: [...run.steps[stepId]!.warnings, message]});
		}

		case 'usage.recorded': {
			const {stepId, tokens, costMicroUsd} = event.body;
			const step = run.steps[stepId]!;
			return withStep(run, stepId, {
				tokens: tokens ? addTokens(step.tokens, tokens) : step.tokens,
				// Unknown stays unknown only until the first known figure: attempts before it were free or never reported.
				costMicroUsd: costMicroUsd === null ? step.costMicroUsd : (step.costMicroUsd ?? 0) + costMicroUsd,
			});
		}

		case 'approval.requested': {
			const {approvalId: id, stepId, ...rest} = event.body;
			const step = run.steps[stepId]!;
			const approval: ApprovalState = {id, stepId, ...rest, status: 'open', requestedAtMs: atMs};
			return withStep({...run, approvals: {...run.approvals, [id]: approval}}, stepId, {
				status: 'waiting',
				startedAtMs: step.startedAtMs ?? atMs,
				startedSeq: step.startedSeq ?? event.seq,
				...(rest.kind === 'approval' ? {approvalId: id} : undefined),
			});
		}

		case 'approval.approved':
		case 'approval.rejected': {
			const {approvalId, origin, comment, optionId} = event.body;
			const status = event.type === 'approval.approved' ? 'approved' : 'rejected';
			return answered(run, approvalId, {status, answeredAtMs: atMs, origin, comment, optionId});
		}

		case 'approval.expired':
			return answered(run, event.body.approvalId, {status: 'expired', answeredAtMs: atMs});
		case 'approval.withdrawn':
			return answered(run, event.body.approvalId, {status: 'withdrawn', answeredAtMs: atMs});

		case 'wait.started': {
			const {stepId, wakeAtMs} = event.body;
			return withStep(run, stepId, {status: 'waiting', startedAtMs: atMs, startedSeq: event.seq, wakeAtMs});
		}

		case 'step.completed': {
			const {stepId, attempt, outputs, text, agent} = event.body;
			const attempts = withAttempt(run.steps[stepId]!, attempt, {status: 'completed', endedAtMs: atMs});
			return withStep(run, stepId, {
				status: 'completed',
				endedAtMs: atMs,
				attempts,
				outputs,
				text,
				...(agent ? {agent} : undefined),
			});
		}

		case 'step.failed': {
			const {stepId, attempt, failure, exitCode, outputs, text, agent} = event.body;
			const attempts = withAttempt(run.steps[stepId]!, attempt, {status: 'failed', endedAtMs: atMs});
			return withStep(run, stepId, {
				status: 'failed',
				endedAtMs: atMs,
				attempts,
				failure,
				exitCode,
				outputs,
				text,
				...(agent ? {agent} : undefined),
			});
		}

		case 'step.skipped': {
			const {stepId, reason, detail} = event.body;
			return withStep(run, stepId, {status: 'skipped', endedAtMs: atMs, skipped: {reason, detail}});
		}

		case 'step.cancelled': {
			const {stepId, attempt, text} = event.body;
			const attempts = withAttempt(run.steps[stepId]!, attempt, {status: 'cancelled', endedAtMs: atMs});
			return withStep(run, stepId, {status: 'cancelled', endedAtMs: atMs, attempts, text});
		}

		default:
			throw new Error(`Event ${event.cursor} (${event.type}) does not belong to a run.`);
	}
};

const withStep = (run: RunState, stepId: string, change: Partial<StepState>): RunState => {
	const step = run.steps[stepId];
	if (!step) throw new Error(`Run ${run.id} has no step ${stepId}.`);
	const next = {...step, ...change};
	const counts =
		next.status === step.status
			? run.counts
			: {...run.counts, [step.status]: run.counts[step.status] - 1, [next.status]: run.counts[next.status] + 1};
	return {...run, counts, steps: {...run.steps, [stepId]: next}};
};

/** Remembers how far the events file of an attempt has been journalled. */
const withHostLine = (run: RunState, event: JournalEvent): RunState => {
	if (!('hostLine' in event.body) || event.body.hostLine === undefined) return run;
	const step = run.steps[event.body.stepId]!;
	const last = step.attempts.at(-1);
	return last
		? withStep(run, step.id, {attempts: withAttempt(step, last.number, {hostLine: event.body.hostLine})})
		: run;
};

const withAttempt = (step: StepState, number: number | undefined, change: Partial<AttemptState>) =>
	number === undefined
		? step.attempts
		: step.attempts.map(attempt => (attempt.number === number ? {...attempt, ...change} : attempt));

/** An answer to a permission lets its attempt go on; one to an `approval:` step is followed by the step's own ending. */
const answered = (run: RunState, approvalId: string, change: Partial<ApprovalState>): RunState => {
	const approval = run.approvals[approvalId];
	if (!approval) throw new Error(`Run ${run.id} has no approval ${approvalId}.`);
	const approvals = {...run.approvals, [approvalId]: {...approval, ...change}};
	const next = {...run, approvals};
	const step = run.steps[approval.stepId]!;
	if (approval.kind === 'approval' || step.status !== 'waiting') return next;
	const isStillAsking = Object.values(approvals).some(
		other => other.stepId === approval.stepId && other.kind === 'permission' && other.status === 'open',
	);
	return isStillAsking ? next : withStep(next, approval.stepId, {status: 'running'});
};

const addTokens = (total: Tokens | undefined, more: Tokens): Tokens => ({
	input: (total?.input ?? 0) + more.input,
	cachedInput: (total?.cachedInput ?? 0) + more.cachedInput,
	output: (total?.output ?? 0) + more.output,
	reasoning: (total?.reasoning ?? 0) + more.reasoning,
});
