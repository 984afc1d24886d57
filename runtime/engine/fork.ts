import {AiworkflowError} from '../../source/errors.ts';
import type {JournalEvent, NewEvent} from '../../source/run/events.ts';
import {reduce} from '../../source/run/reduce.ts';
import {itemsOf, type RunState, type StepState} from '../../source/run/state.ts';
import type {WorkflowDefinition} from '../../source/workflow/definition.ts';
import {downstreamOf} from './decide-rewind.ts';
import {isUndone} from './decide-rollback.ts';

/** @returns The run as it was right after one of its events. @throws AiworkflowError `event.not-found`. */
export const stateAt = (events: readonly JournalEvent[], seq: number, id: string): RunState => {
	const run = events.filter(event => event.seq <= seq).reduce<RunState | undefined>(reduce, undefined);
	if (run?.seq === seq) return run;
	throw new AiworkflowError({
		code: 'event.not-found',
		message: `Run ${id} has no event ${seq}; its last one is ${events.at(-1)?.seq ?? 0}.`,
		suggestion: 'See its events with `aiworkflow runs watch <run> --json`: the number is `seq`.',
	});
};

/**
 * @returns What a fork takes over: every step that had ended well enough, but not the named one, nor anything after it or
 * after a step that is not taken over or was undone.
 */
export const adoptionsOf = (
	run: RunState,
	definition: WorkflowDefinition,
	fromStepId: string | undefined,
): NewEvent[] => {
	const again = new Set(fromStepId === undefined ? [] : downstreamOf(run, fromStepId));
	for (const {id} of definition.steps) {
		const step = run.steps[id]!;
		if (!isAdoptable(step) || isUndone(run, step)) for (const each of downstreamOf(run, id)) again.add(each);
	}

	return run.stepOrder.filter(id => !again.has(id)).map(id => adoptionOf(run, run.steps[id]!));
};

const isAdoptable = ({status, continueOnError, skipped}: StepState): boolean =>
	status === 'completed' ||
	(status === 'failed' && continueOnError) ||
	(status === 'skipped' && skipped?.reason !== 'need-failed' && skipped?.reason !== 'run-failed');

const adoptionOf = (run: RunState, step: StepState): NewEvent => {
	const {id: stepId, outputs = {}, items, text, agent, status, failure, attempts, adoptedFrom} = step;
	const cost = costOf(step);
	return {
		type: 'step.adopted',
		body: {
			stepId,
			outputs: {...outputs},
			items: items && [...items.values],
			itemOutputs: items && [...itemsOf(items)].map(item => (item.status === 'completed' ? {...item.outputs} : null)),
			text,
			agent,
			status: status as 'completed' | 'failed' | 'skipped',
			failure: failure && {code: failure.code, message: failure.message, suggestion: failure.suggestion},
			...(cost === undefined ? undefined : {costMicroUsd: cost.microUsd, tokens: cost.tokens}),
			from: adoptedFrom ?? {runId: run.id, attempt: attempts.at(-1)?.number},
		},
	};
};

/** What a step has cost so far, in this run and in those it was forked from; `undefined` for one that asked no agent. */
const costOf = ({kind, costMicroUsd, tokens, adoptedCost}: StepState) =>
	kind === 'agent' ? (adoptedCost ?? {microUsd: costMicroUsd, tokens}) : undefined;
