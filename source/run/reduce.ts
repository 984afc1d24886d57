import type {JournalEvent, Tokens} from './events.ts';
import {reduceRollback} from './rollback.ts';
import {
	type ApprovalState,
	type AttemptState,
	budgetKeyOf,
	type RunState,
	type StepState,
	type StepStatus,
	type UnitState,
	unitOf,
} from './state.ts';
import {itemsFrom, withAttempt, withNewGeneration, withStep, withUnit} from './units.ts';

/**
 * The one fold. Pure; the state it is given is never changed.
 *
 * @param run `undefined` before the first event, which must be `run.created`.
 * @throws A plain Error when an event cannot follow this state: a defect, or a damaged journal.
 */
export const reduce = (run: RunState | undefined, event: JournalEvent): RunState => {
	if (event.type === 'run.created') return createdRun(event);
	if (!run) throw new Error(`Event ${event.cursor} (${event.type}) came before its run was created.`);
	return {...withHostLine(withSettledCost(applyEvent(run, event), event), event), seq: event.seq, cursor: event.cursor};
};

const createdRun = ({runId, seq, cursor, atMs, body}: Extract<JournalEvent, {type: 'run.created'}>): RunState => {
	const steps: Record<string, StepState> = {};
	for (const {id, title, kind, needs, continueOnError = false, isEach = false, goto} of body.steps) {
		steps[id] = {
			...{id, title, kind, needs, continueOnError, isEach, ...(goto === undefined ? undefined : {goto})},
			status: 'pending',
			attempts: [],
			generation: 1,
			iteration: 0,
			itemAttempts: {max: 0, base: 0},
			warnings: [],
			costMicroUsd: 0,
		};
	}

	const {steps: outlines, ...rest} = body;
	return {
		id: runId!,
		...rest,
		phase: 'queued',
		createdAtMs: atMs,
		stepOrder: outlines.map(step => step.id),
		steps,
		counts: {...noCounts, pending: outlines.length},
		approvals: {},
		signals: [],
		snapshots: [],
		undone: [],
		rollbackCount: 0,
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
	const {atMs, seq} = event;
	switch (event.type) {
		case 'run.started':
			return {...run, phase: 'open', startedAtMs: atMs};
		case 'run.paused':
			return {...run, paused: {atMs, ...event.body}};
		case 'run.resumed':
			return {...run, paused: undefined};
		case 'run.cancel-requested':
			return {...run, cancelRequested: {atMs, seq, ...event.body}};
		case 'run.completed':
			return {...run, phase: 'completed', endedAtMs: atMs, outputs: event.body.outputs, paused: undefined};
		case 'run.failed':
			return {...run, phase: 'failed', endedAtMs: atMs, failure: event.body.failure, paused: undefined};
		case 'run.cancelled':
			return {...run, phase: 'cancelled', endedAtMs: atMs, paused: undefined};
		case 'run.reopened': {
			const {endedAtMs: _, failure: __, outputs: ___, cancelRequested: ____, rollback: _____, ...rest} = run;
			const open: RunState = {...rest, phase: 'open', reopenedAtMs: atMs};
			return event.body.stepIds.reduce((next, id) => withNewGeneration(next, id, undefined), open);
		}

		case 'run.rewound': {
			const {stepIds, feedback} = event.body;
			return stepIds.reduce((next, id) => withNewGeneration(next, id, feedback), run);
		}

		case 'signal.received':
			return {...run, signals: [...run.signals, {...event.body, seq}]};
		case 'items.expanded':
			return withStep(run, event.body.stepId, {
				status: 'running',
				startedAtMs: atMs,
				startedSeq: seq,
				items: itemsFrom(event.body.items),
			});
		case 'attempt.started':
			return startedAttempt(run, event);

		case 'attempt.interrupted': {
			const {stepId, item, attempt} = event.body;
			const attempts = withAttempt(unitOf(run, stepId, item), attempt, {status: 'interrupted', endedAtMs: atMs});
			return withUnit(run, stepId, item, {status: 'retrying', attempts, retryAtMs: undefined});
		}

		case 'attempt.failed': {
			const {stepId, item, attempt, failure, exitCode, text, agent, retryAtMs, next} = event.body;
			const ended = {status: 'failed', endedAtMs: atMs, failure, next} as const;
			const attempts = withAttempt(unitOf(run, stepId, item), attempt, ended);
			return withUnit(run, stepId, item, {
				...{status: 'retrying', attempts, retryAtMs, failure, exitCode, text},
				...(agent ? {agent} : undefined),
			});
		}

		case 'attempt.completed': {
			const {stepId, attempt, iteration, outputs, text, agent, tool} = event.body;
			const ended = {status: 'completed', endedAtMs: atMs, ...(tool !== undefined && {tool})} as const;
			const attempts = withAttempt(run.steps[stepId]!, attempt, ended);
			return withStep(run, stepId, {
				...{status: 'retrying', attempts, iteration, outputs, text, retryAtMs: undefined},
				...(agent ? {agent} : undefined),
			});
		}

		case 'agent.session-started': {
			const {stepId, item, attempt, agent, sessionId, canResume} = event.body;
			return withUnit(run, stepId, item, {
				agent,
				attempts: withAttempt(unitOf(run, stepId, item), attempt, {sessionId, canResume, model: agent.model}),
			});
		}

		case 'agent.routed':
			return run;
		case 'agent.switched': {
			const {stepId, item, attempt, from, to, reason, detail} = event.body;
			const {switches = []} = unitOf(run, stepId, item);
			const next = withUnit(run, stepId, item, {
				switches: [...switches, {atMs, attempt, from, to, reason, detail}].slice(-switchesMax),
			});
			return {...next, switchedFromAtMs: {...run.switchedFromAtMs, [from]: atMs}};
		}

		case 'budget.alerted': {
			const {budget, share} = event.body;
			return {...run, budgetAlerts: {...run.budgetAlerts, [budgetKeyOf(budget)]: {share, atMs}}};
		}

		case 'budget.exceeded':
			return run;
		case 'budget.extended': {
			const key = budgetKeyOf(event.body.budget);
			const extended = (run.budgetExtensions?.[key] ?? 0) + event.body.by;
			return {...run, budgetExtensions: {...run.budgetExtensions, [key]: extended}};
		}

		case 'budget.waived': {
			const {agent, model} = event.body;
			return {...run, costWaivers: [...(run.costWaivers ?? []), model === undefined ? agent : `${agent} ${model}`]};
		}

		case 'agent.warned': {
			const {stepId, item, message} = event.body;
			return withUnit(run, stepId, item, {warnings: [...unitOf(run, stepId, item).warnings, message]});
		}

		case 'agent.tool-called':
			return run;
		case 'usage.recorded': {
			const {item} = event.body;
			// What the items cost, their step costs.
			const next = item === undefined ? run : recordedUsage(run, event, undefined);
			return recordedUsage(next, event, item);
		}

		case 'approval.requested':
			return requestedApproval(run, event);
		case 'approval.approved':
		case 'approval.rejected': {
			const {approvalId, origin, comment, optionId, rule, allowance, text} = event.body;
			const status = event.type === 'approval.approved' ? 'approved' : 'rejected';
			const next = answered(run, approvalId, {
				...{status, answeredAtMs: atMs, origin, comment, optionId, rule},
				...(text === undefined ? undefined : {text}),
			});
			return allowance ? {...next, allowances: [...(run.allowances ?? []), allowance]} : next;
		}

		case 'approval.expired':
			return answered(run, event.body.approvalId, {status: 'expired', answeredAtMs: atMs});
		case 'approval.withdrawn':
			return answered(run, event.body.approvalId, {status: 'withdrawn', answeredAtMs: atMs});

		case 'wait.started': {
			const {stepId, wakeAtMs, signal} = event.body;
			return withStep(run, stepId, {status: 'waiting', startedAtMs: atMs, startedSeq: seq, wakeAtMs, signal});
		}

		case 'step.completed':
		case 'item.completed':
			return completed(run, event);
		case 'step.failed':
		case 'item.failed':
			return failed(run, event);

		case 'step.skipped': {
			const {stepId, reason, detail} = event.body;
			return withStep(run, stepId, {status: 'skipped', endedAtMs: atMs, endedSeq: seq, skipped: {reason, detail}});
		}

		case 'step.cancelled': {
			const {stepId, attempt, text} = event.body;
			const attempts = withAttempt(run.steps[stepId]!, attempt, {status: 'cancelled', endedAtMs: atMs});
			return withStep(run, stepId, {status: 'cancelled', endedAtMs: atMs, endedSeq: seq, attempts, text});
		}

		case 'item.cancelled': {
			const {stepId, item, attempt, text} = event.body;
			const attempts = withAttempt(unitOf(run, stepId, item), attempt, {status: 'cancelled', endedAtMs: atMs});
			return withUnit(run, stepId, item, {status: 'cancelled', endedAtMs: atMs, endedSeq: seq, attempts, text});
		}

		case 'step.skip-requested': {
			const {stepId, origin, reason} = event.body;
			return withStep(run, stepId, {skipRequested: {seq, origin, reason}});
		}

		case 'step.cancel-requested': {
			const {stepId, origin, reason} = event.body;
			return withStep(run, stepId, {cancelRequested: {seq, origin, reason}});
		}

		case 'step.adopted':
			return adopted(run, event);
		case 'snapshot.taken': {
			const {stepId, item, attempt, how} = event.body;
			return {...run, snapshots: [...run.snapshots, {stepId, item, attempt, how}]};
		}

		case 'rollback.started':
		case 'rollback.completed':
		case 'undo.started':
		case 'undo.completed':
		case 'undo.failed':
			return reduceRollback(run, event);
		default:
			throw new Error(`Event ${event.cursor} (${event.type}) does not belong to a run.`);
	}
};

type EventOf<T extends JournalEvent['type']> = Extract<JournalEvent, {type: T}>;

const startedAttempt = (run: RunState, {atMs, seq, body}: EventOf<'attempt.started'>): RunState => {
	const {
		stepId,
		item,
		attempt: number,
		agent,
		tool,
		target,
		model,
		access,
		reservedMicroUsd,
		resumes,
		deadlineAtMs,
		childRunId,
	} = body;
	const step = run.steps[stepId]!;
	const unit = unitOf(run, stepId, item);
	const attempt: AttemptState = {
		number,
		generation: step.generation,
		iteration: step.iteration + 1,
		status: 'running',
		agent,
		...(tool === undefined ? undefined : {tool}),
		...(target === undefined ? undefined : {target}),
		...(model === undefined ? undefined : {model}),
		...(access === undefined ? undefined : {access}),
		...(reservedMicroUsd === undefined ? undefined : {reservedMicroUsd}),
		...(resumes === undefined ? undefined : {resumes}),
		childRunId,
		startedAtMs: atMs,
		startedSeq: seq,
		deadlineAtMs,
		hostLine: -1,
	};
	const next = withUnit(run, stepId, item, {
		status: 'running',
		startedAtMs: unit.startedAtMs ?? atMs,
		attempts: [...unit.attempts, attempt],
		retryAtMs: undefined,
		// Whatever was asked before it began is answered.
		approvalId: undefined,
		...(step.kind === 'agent' ? {costMicroUsd: unit.attempts.length === 0 ? null : unit.costMicroUsd} : undefined),
	});
	if (item === undefined) return next;
	const {max, base} = step.itemAttempts;
	const isFirst = step.kind === 'agent' && step.items!.next === 0 && step.costMicroUsd === 0;
	return withStep(next, stepId, {
		itemAttempts: {max: Math.max(max, number), base},
		...(isFirst ? {costMicroUsd: null} : undefined),
	});
};

const recordedUsage = (run: RunState, {body}: EventOf<'usage.recorded'>, item: number | undefined): RunState => {
	const {stepId, attempt, tokens, costMicroUsd} = body;
	const unit = unitOf(run, stepId, item);
	const used = unit.attempts.find(({number}) => number === attempt);
	return withUnit(run, stepId, item, {
		attempts: withAttempt(unit, attempt, {
			...(tokens ? {tokens: addTokens(used?.tokens, tokens)} : undefined),
			...(costMicroUsd === null ? {isUnpriced: true} : {costMicroUsd: (used?.costMicroUsd ?? 0) + costMicroUsd}),
		}),
		tokens: tokens ? addTokens(unit.tokens, tokens) : unit.tokens,
		...(costMicroUsd === null ? withUnpriced(unit) : {costMicroUsd: (unit.costMicroUsd ?? 0) + costMicroUsd}),
	});
};

const requestedApproval = (run: RunState, {atMs, seq, body}: EventOf<'approval.requested'>): RunState => {
	const {approvalId: id, stepId, item, ...rest} = body;
	const unit = unitOf(run, stepId, item);
	const approval: ApprovalState = {id, stepId, item, ...rest, status: 'open', requestedAtMs: atMs};
	return withUnit({...run, approvals: {...run.approvals, [id]: approval}}, stepId, item, {
		status: 'waiting',
		startedAtMs: unit.startedAtMs ?? atMs,
		startedSeq: unit.startedSeq ?? seq,
		...(isOfAttempt(approval) ? undefined : {approvalId: id}),
	});
};

const completed = (run: RunState, event: EventOf<'step.completed' | 'item.completed'>): RunState => {
	const {stepId, attempt, outputs, text, agent, tool, cached} = event.body;
	const item = event.type === 'item.completed' ? event.body.item : undefined;
	const step = run.steps[stepId]!;
	const ended = {status: 'completed', endedAtMs: event.atMs, ...(tool !== undefined && {tool})} as const;
	const attempts = withAttempt(unitOf(run, stepId, item), attempt, ended);
	const next = withUnit(run, stepId, item, {
		...{status: 'completed', endedAtMs: event.atMs, endedSeq: event.seq, attempts, outputs, text, failure: undefined},
		exitCode: undefined,
		...(agent ? {agent} : undefined),
		...(cached ? {cached, startedAtMs: unitOf(run, stepId, item).startedAtMs ?? event.atMs} : undefined),
	});
	return step.signal === undefined ? next : withSignalTaken(next, step.signal);
};

const withSignalTaken = (run: RunState, name: string): RunState => {
	const taken = run.signals.findIndex(signal => signal.name === name);
	return taken === -1 ? run : {...run, signals: run.signals.toSpliced(taken, 1)};
};

const failed = (run: RunState, event: EventOf<'step.failed' | 'item.failed'>): RunState => {
	const {stepId, attempt, failure, exitCode, outputs, text, agent} = event.body;
	const item = event.type === 'item.failed' ? event.body.item : undefined;
	const attempts = withAttempt(unitOf(run, stepId, item), attempt, {
		status: 'failed',
		endedAtMs: event.atMs,
	});
	return withUnit(run, stepId, item, {
		...{status: 'failed', endedAtMs: event.atMs, endedSeq: event.seq, attempts, failure, exitCode, outputs, text},
		...(agent ? {agent} : undefined),
	});
};

const adopted = (run: RunState, {atMs, seq, body}: EventOf<'step.adopted'>): RunState => {
	const {stepId, outputs, items, itemOutputs, text, agent, status, failure, from, costMicroUsd, tokens} = body;
	const next = withStep(run, stepId, {
		...{status, startedAtMs: atMs, endedAtMs: atMs, endedSeq: seq, outputs, text, failure, adoptedFrom: from},
		...(agent ? {agent} : undefined),
		...(status === 'skipped'
			? {skipped: {reason: 'condition', detail: 'skipped in the run this one was forked from'}}
			: undefined),
		...(items ? {items: itemsFrom(items)} : undefined),
		...(costMicroUsd === undefined ? undefined : {adoptedCost: {microUsd: costMicroUsd, tokens}}),
	});
	return (itemOutputs ?? []).reduce<RunState>(
		(state, itemOutput, item) =>
			withUnit(state, stepId, item, itemOutput ? {status: 'completed', outputs: itemOutput} : {status: 'failed'}),
		next,
	);
};

const withUnpriced = ({unpriced = 0}: UnitState): Partial<UnitState> => ({unpriced: unpriced + 1});

const attemptEndings: ReadonlySet<string> = new Set([
	'attempt.failed',
	'attempt.completed',
	'step.completed',
	'step.failed',
	'step.cancelled',
	'item.completed',
	'item.failed',
	'item.cancelled',
]);

/** Of a provider that would not even begin: without a word said nothing was used. */
const refusals: ReadonlySet<string> = new Set([
	'agent.rate-limited',
	'agent.overloaded',
	'agent.unauthenticated',
	'agent.unreachable',
	'agent.session-lost',
]);

/** An agent that opened a session and reported nothing used something unknown; one that never began used nothing. */
const withSettledCost = (run: RunState, {type, body}: JournalEvent): RunState => {
	if (!attemptEndings.has(type) || !('stepId' in body) || !('attempt' in body)) return run;
	const {stepId, attempt: number} = body;
	const item = 'item' in body ? body.item : undefined;
	const attempt = unitOf(run, stepId, item).attempts.find(each => each.number === number);
	if (run.steps[stepId]!.kind !== 'agent' || !attempt || attempt.costMicroUsd !== undefined || attempt.isUnpriced)
		return run;
	const text = 'text' in body ? body.text : undefined;
	const code = 'failure' in body ? (body.failure?.code ?? '') : '';
	const hasBegun = type.endsWith('.completed') || (text?.sizeBytes ?? 0) > 0;
	const isUnknown = hasBegun || (attempt.sessionId !== undefined && !refusals.has(code));
	const settle = (state: RunState, ofItem: number | undefined) => {
		const unit = unitOf(state, stepId, ofItem);
		return withUnit(state, stepId, ofItem, isUnknown ? withUnpriced(unit) : {costMicroUsd: unit.costMicroUsd ?? 0});
	};
	return item === undefined ? settle(run, undefined) : settle(settle(run, undefined), item);
};

/** Remembers how far the events file of an attempt has been journalled. */
const withHostLine = (run: RunState, event: JournalEvent): RunState => {
	if (!('hostLine' in event.body) || event.body.hostLine === undefined) return run;
	const {stepId, item, hostLine} = event.body;
	const unit = unitOf(run, stepId, item);
	const last = unit.attempts.at(-1);
	return last ? withUnit(run, stepId, item, {attempts: withAttempt(unit, last.number, {hostLine})}) : run;
};

/** An answer to a permission lets its attempt go on; one to an `approval:` step is followed by the step's own ending. */
const answered = (run: RunState, approvalId: string, change: Partial<ApprovalState>): RunState => {
	const approval = run.approvals[approvalId];
	if (!approval) throw new Error(`Run ${run.id} has no approval ${approvalId}.`);
	const {stepId, item} = approval;
	const approvals = {...run.approvals, [approvalId]: {...approval, ...change}};
	const next = {...run, approvals};
	if (!isOfAttempt(approval) || unitOf(run, stepId, item).status !== 'waiting') return next;
	const isStillAsking = Object.values(approvals).some(
		other => other.stepId === stepId && other.item === item && isOfAttempt(other) && other.status === 'open',
	);
	return isStillAsking ? next : withUnit(next, stepId, item, {status: 'running'});
};

/** Whether a running attempt asks, and goes on with the answer. */
const isOfAttempt = ({kind, attempt}: Pick<ApprovalState, 'kind' | 'attempt'>): boolean =>
	kind === 'permission' || (kind === 'budget' && attempt !== undefined);

/** Of one step or item; older ones are in the journal. */
const switchesMax = 20;

export const addTokens = (total: Tokens | undefined, more: Tokens): Tokens => ({
	input: (total?.input ?? 0) + more.input,
	cachedInput: (total?.cachedInput ?? 0) + more.cachedInput,
	...(total?.cachedWrite === undefined && more.cachedWrite === undefined
		? undefined
		: {cachedWrite: (total?.cachedWrite ?? 0) + (more.cachedWrite ?? 0)}),
	output: (total?.output ?? 0) + more.output,
	reasoning: (total?.reasoning ?? 0) + more.reasoning,
});
