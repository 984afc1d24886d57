import {AiworkflowError, inputsInvalid} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import type {NewEvent, Origin} from '../../source/run/events.ts';
import {isRunEnded, type RunState} from '../../source/run/state.ts';
import type {UsesStep} from '../../source/workflow/definition.ts';
import {evaluatedWithin} from '../../source/workflow/expressions.ts';
import {resolveInputs} from '../../source/workflow/inputs.ts';
import {type Acceptance, newRunId} from './acceptance.ts';
import {engineOrigin} from './draft.ts';
import type {EngineParts} from './engine-parts.ts';
import type {OpenRun} from './open-run.ts';
import type {AttemptHandle, AttemptOutcome} from './parts.ts';
import {deadlineOf} from './retry.ts';
import {scopeOf} from './scope.ts';

export interface ChildHooks {
	readonly accept: Acceptance;
	readonly append: (entry: OpenRun, events: readonly NewEvent[]) => void;
	readonly factsOf: (entry: OpenRun) => Parameters<typeof scopeOf>[2] & {readonly nowMs: number};
	/** Registers a run that was just accepted and drives it, past the queue: its parent has a place there. */
	readonly begin: (entry: OpenRun) => void;
	/** @returns The run, from memory or from the journal; `undefined` where there is none. */
	readonly find: (id: string) => RunState | undefined;
	readonly cancel: (id: string, origin: Origin, reason: string) => void;
}

/** The runs of sub-workflows: to the step that started one it is an attempt like any other. */
export interface ChildRuns {
	/** Journals the attempt and the run. @throws AiworkflowError Where the inputs do not fit, or it goes too deep. */
	start(entry: OpenRun, step: UsesStep, item: number | undefined, attempt: number): AttemptHandle;
	reattach(entry: OpenRun, step: UsesStep, childRunId: string, deadlineAtMs: number | undefined): AttemptHandle;
	/** Tells whoever waits that the run has ended. */
	ended(run: RunState): void;
}

export const createChildRuns = (parts: EngineParts, hooks: ChildHooks): ChildRuns => {
	const {clock} = parts;
	const waiting = new Map<string, (run: RunState) => void>();

	const handleOf = (
		childRunId: string,
		step: UsesStep,
		deadlineAtMs: number | undefined,
		known: RunState | undefined,
	): AttemptHandle => {
		let ending: 'asked' | 'timed-out' | undefined;
		const stop = (why: 'asked' | 'timed-out') => {
			ending ??= why;
			const reason = why === 'asked' ? 'the step that uses it was stopped' : 'its time was up';
			hooks.cancel(childRunId, engineOrigin, reason);
		};
		const cancelDeadline = deadlineAtMs === undefined ? undefined : clock.at(deadlineAtMs, () => stop('timed-out'));
		const ended =
			known && isRunEnded(known)
				? Promise.resolve(known)
				: new Promise<RunState>(resolve => {
						waiting.set(childRunId, resolve);
					});
		return {
			outcome: ended.then(run => {
				cancelDeadline?.();
				return outcomeOf(run, step, ending);
			}),
			stop: () => stop('asked'),
		};
	};

	return {
		start(entry, step, item, attempt) {
			const {run, environment} = entry;
			const facts = hooks.factsOf(entry);
			const scope = scopeOf(run, step, facts, item);
			const given = evaluatedWithin(step.with, scope) as Record<string, unknown>;
			const pinned = run.uses?.find(({fromHash, uses}) => fromHash === run.workflow.hash && uses === step.uses);
			if (!pinned) throw new Error(`Run ${run.id} has not pinned "${step.uses}".`);
			const depth = (run.parent?.depth ?? 0) + 1;
			if (depth > limits.usesDepthMax) throw tooDeep(step);
			const definition = parts.definitions.read(pinned.hash);
			const {inputs, diagnostics} = resolveInputs(definition, given);
			if (diagnostics.length > 0) throw inputsInvalid(diagnostics);
			const childRunId = newRunId();
			const deadlineAtMs = deadlineOf(run, step, facts.nowMs);
			// Before the run itself: a run that no step knows of must never begin.
			hooks.append(entry, [
				{type: 'attempt.started', body: {stepId: step.id, item, attempt, childRunId, deadlineAtMs}},
			]);
			const child = hooks.accept({
				...{id: childRunId, definition, source: '', hash: pinned.hash, file: pinned.file, inputs},
				...{
					workspace: run.workspace,
					agents: run.agents,
					approveAll: run.approveAll,
					taint: run.taint,
					trigger: run.trigger,
					record: run.record,
					origin: run.origin,
				},
				...{environment: environment.environment, secrets: environment.secrets},
				uses: run.uses?.map(used => ({...used, definition})),
				parent: {runId: run.id, stepId: step.id, item, attempt, depth},
			});
			const handle = handleOf(childRunId, step, deadlineAtMs, undefined);
			// Not within the decision that led here.
			setImmediate(() => hooks.begin(child));
			return handle;
		},
		reattach(_, step, childRunId, deadlineAtMs) {
			const run = hooks.find(childRunId);
			// Only its attempt became durable.
			if (!run) return {outcome: Promise.resolve({status: 'interrupted', reason: 'never-claimed'}), stop() {}};
			return handleOf(childRunId, step, deadlineAtMs, run);
		},
		ended(run) {
			const tell = waiting.get(run.id);
			waiting.delete(run.id);
			tell?.(run);
		},
	};
};

const outcomeOf = (run: RunState, step: UsesStep, ending: 'asked' | 'timed-out' | undefined): AttemptOutcome => {
	const name = `${run.workflow.name} ${run.number}`;
	if (run.phase === 'completed') return {status: 'completed', outputs: run.outputs ?? {}};
	if (run.phase === 'failed') {
		const {message = 'no reason was given', suggestion} = run.failure ?? {};
		return {
			status: 'failed',
			failure: {code: 'run.failed', message: `Its run "${name}" (${run.id}) failed: ${message}`, suggestion},
		};
	}

	if (ending === 'asked') return {status: 'cancelled'};
	const failure =
		ending === 'timed-out'
			? {
					code: 'attempt.timed-out',
					message: `The run "${name}" of "${step.id}" was ended: it took longer than the timeout of the step.`,
					suggestion: 'Give it more time with `timeout:`.',
					retryable: true,
				}
			: {
					code: 'run.cancelled',
					message: `Its run "${name}" (${run.id}) was cancelled.`,
					suggestion: 'Do it again with `aiworkflow runs retry`.',
				};
	return {status: 'failed', failure};
};

const tooDeep = ({id}: UsesStep) =>
	new AiworkflowError({
		code: 'uses.too-deep',
		message: `"${id}" would be more than ${limits.usesDepthMax} workflows below the first one, the limit.`,
		suggestion: 'Put the steps of one of them into the workflow that uses it.',
	});
