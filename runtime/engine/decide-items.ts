import {AiworkflowError, failureOf} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import {type ItemsState, itemOf, type StepState, unitNameOf} from '../../source/run/state.ts';
import type {StepDefinition, Template} from '../../source/workflow/definition.ts';
import {evaluatedWithin, evaluateValue} from '../../source/workflow/expressions.ts';
import type {Scope} from '../../source/workflow/scope.ts';
import {stopUnit} from './decide-stop.ts';
import {decideUnit, startUnit} from './decide-unit.ts';
import {add, type Draft} from './draft.ts';
import {scopeOf} from './scope.ts';

/** Journals the items of a step that is due, and begins the first of them. */
export const expandItems = (draft: Draft, step: StepDefinition): void => {
	try {
		const items = itemsOfStep(step, scopeOf(draft.run, step, draft.facts));
		add(draft, {type: 'items.expanded', body: {stepId: step.id, items}});
	} catch (error) {
		const {code, message, suggestion} = failureOf(error);
		return add(draft, {type: 'step.failed', body: {stepId: step.id, failure: {code, message, suggestion}}});
	}

	decideItems(draft, step, draft.run.steps[step.id]!);
};

/** Begins items as long as there is room, and ends the step with the last of them. The work is that of the active ones. */
export const decideItems = (draft: Draft, step: StepDefinition, state: StepState): void => {
	const isOver = step.failFast === true && state.items!.counts.failed > 0;
	for (const index of state.items!.active) {
		if (isOver) stopUnit(draft, step, index, 'another item failed');
		else decideUnit(draft, step, state, index);
	}

	if (!isOver) beginItems(draft, step, draft.run.steps[step.id]!.items!);
	const items = draft.run.steps[step.id]!.items!;
	const isPreparing = items.next < items.values.length && hasPreparing(draft, step, items);
	if (items.active.length > 0 || isPreparing || (!isOver && items.next < items.values.length)) return;
	endItems(draft, step, items);
};

const beginItems = (draft: Draft, step: StepDefinition, items: ItemsState) => {
	const parallelMax = step.maxParallel ?? limits.itemsParallelMax;
	let inFlight = items.active.length;
	for (let index = items.next; index < items.values.length && inFlight < parallelMax; index++) {
		if (itemOf(items, index).status !== 'pending') continue;
		if (!draft.facts.preparing.has(unitNameOf(step.id, index)) && !startUnit(draft, step, index)) return;
		inFlight++;
	}
};

/** An item that is being prepared has not begun: it is one of the first that are pending. */
const hasPreparing = (draft: Draft, step: StepDefinition, items: ItemsState): boolean => {
	if (draft.facts.preparing.size === 0) return false;
	const until = Math.min(items.values.length, items.next + limits.itemsParallelMax);
	for (let index = items.next; index < until; index++) {
		if (draft.facts.preparing.has(unitNameOf(step.id, index))) return true;
	}

	return false;
};

const endItems = (draft: Draft, step: StepDefinition, {values, counts, firstFailed}: ItemsState) => {
	if (firstFailed === undefined) return add(draft, {type: 'step.completed', body: {stepId: step.id, outputs: {}}});
	const first = itemOf(draft.run.steps[step.id]!.items!, firstFailed);
	const left = values.length - counts.completed - counts.failed;
	const failure = {
		code: 'items.failed',
		message: `${counts.failed} of ${values.length} items of "${step.id}" failed${left > 0 ? `, and ${left} were not done` : ''}. The first: ${unitNameOf(step.id, firstFailed)}: ${first.failure?.message ?? 'no reason was given'}`,
		suggestion: 'See all of them with `aiworkflow runs show <run>`; `continue-on-error: true` lets the run go on.',
	};
	add(draft, {type: 'step.failed', body: {stepId: step.id, failure}});
};

/** @returns The items of a `foreach`, or the combinations of a matrix. @throws AiworkflowError `items.invalid`, `expression.failed`. */
const itemsOfStep = ({id, foreach, matrix}: StepDefinition, scope: Scope): unknown[] => {
	const items = matrix ? combinationsOf(id, matrix, scope) : listOf(`foreach\` of "${id}"`, foreach!, scope);
	const sizeBytes = items.length > limits.itemsMax ? 0 : Buffer.byteLength(JSON.stringify(items));
	if (items.length <= limits.itemsMax && sizeBytes <= limits.itemsBytesMax) return items;
	const message =
		items.length > limits.itemsMax
			? `"${id}" would have ${items.length} items; the limit is ${limits.itemsMax}.`
			: `The items of "${id}" have ${sizeBytes} bytes; the limit is ${limits.itemsBytesMax}.`;
	throw new AiworkflowError({code: 'items.too-many', message, suggestion: 'Do them in several steps or runs.'});
};

const combinationsOf = (id: string, matrix: NonNullable<StepDefinition['matrix']>, scope: Scope): unknown[] => {
	let combinations: Record<string, unknown>[] = [{}];
	for (const [axis, list] of Object.entries(matrix)) {
		const values = listOf(`matrix.${axis}\` of "${id}"`, list, scope);
		// Before the product is made: it may be far beyond what memory has.
		if (combinations.length * values.length > limits.itemsMax) {
			const message = `The matrix of "${id}" has more than ${limits.itemsMax} combinations, the limit.`;
			throw new AiworkflowError({code: 'items.too-many', message, suggestion: 'Take values out of its axes.'});
		}

		combinations = combinations.flatMap(combination => values.map(value => ({...combination, [axis]: value})));
	}

	return combinations;
};

const listOf = (what: string, list: Template | readonly unknown[], scope: Scope): readonly unknown[] & unknown[] => {
	const value = typeof list === 'string' ? evaluateValue(list, scope) : list.map(each => evaluatedWithin(each, scope));
	const found = typeof value === 'string' ? parsedOf(value) : value;
	if (Array.isArray(found)) return found;
	throw new AiworkflowError({
		code: 'items.invalid',
		message: `\`${what} is not a list but ${value === null || value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80)}.`,
		suggestion: 'Give a list: an output that is a JSON array, or a list in the file.',
	});
};

/** The output of a script is text unless declared: a JSON list in it is what was meant. */
const parsedOf = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
};
