import {
	type AttemptState,
	type ItemState,
	type ItemsState,
	isStepEnded,
	itemOf,
	itemsPerRow,
	type RunState,
	type StepState,
	type UnitState,
} from './state.ts';

/** Changes of steps and items: copies of what changed, all else shared. */

export const withStep = (run: RunState, stepId: string, change: Partial<StepState>): RunState => {
	const step = run.steps[stepId];
	if (!step) throw new Error(`Run ${run.id} has no step ${stepId}.`);
	const next = {...step, ...change};
	const counts =
		next.status === step.status
			? run.counts
			: {...run.counts, [step.status]: run.counts[step.status] - 1, [next.status]: run.counts[next.status] + 1};
	return {...run, counts, steps: {...run.steps, [stepId]: next}};
};

/** Changes a step, or its item; a step with items begins with the first of them. */
export const withUnit = (
	run: RunState,
	stepId: string,
	item: number | undefined,
	change: Partial<UnitState>,
): RunState => {
	if (item === undefined) return withStep(run, stepId, change);
	const step = run.steps[stepId]!;
	const items = withItem(step.items!, item, change);
	const startedAtMs = step.startedAtMs ?? change.startedAtMs;
	return withStep(run, stepId, {items, startedAtMs});
};

const withItem = (items: ItemsState, index: number, change: Partial<UnitState>): ItemsState => {
	const before = itemOf(items, index);
	const after: ItemState = slimWhenEnded({...before, ...change});
	const row = Math.floor(index / itemsPerRow);
	const rows = items.rows.with(row, items.rows[row]!.with(index % itemsPerRow, after));
	const isNew = before.status === 'pending' && after.status !== 'pending';
	const next = isNew && index === items.next ? firstPendingFrom({...items, rows}, index + 1) : items.next;
	const isActive = after.status !== 'pending' && !isStepEnded(after.status);
	const active = activeAfter(items.active, index, isActive);
	return {...items, rows, next, active, ...countsAfter(items, before, after)};
};

const activeAfter = (active: readonly number[], index: number, isActive: boolean): readonly number[] => {
	if (isActive === active.includes(index)) return active;
	return isActive ? [...active, index] : active.filter(other => other !== index);
};

const firstPendingFrom = (items: ItemsState, from: number): number => {
	let index = from;
	while (index < items.values.length && itemOf(items, index).status !== 'pending') index++;
	return index;
};

const countsAfter = (items: ItemsState, before: ItemState, after: ItemState) => {
	const {status} = after;
	if (before.status === status || (status !== 'completed' && status !== 'failed' && status !== 'cancelled')) return {};
	return {
		counts: {...items.counts, [status]: items.counts[status] + 1},
		firstFailed: status === 'failed' ? (items.firstFailed ?? after.index) : items.firstFailed,
	};
};

/** There may be ten thousand of them: of one that has ended only the last attempt is worth its memory. */
const slimWhenEnded = (item: ItemState): ItemState =>
	isStepEnded(item.status) && item.attempts.length > 1 ? {...item, attempts: item.attempts.slice(-1)} : item;

export const itemsFrom = (values: readonly unknown[]): ItemsState => {
	const rows: ItemState[][] = [];
	for (const index of values.keys()) {
		if (index % itemsPerRow === 0) rows.push([]);
		rows.at(-1)!.push({index, status: 'pending', attempts: [], warnings: [], costMicroUsd: 0});
	}

	return {values, rows, active: [], next: 0, counts: {completed: 0, failed: 0, cancelled: 0}};
};

export const withAttempt = (
	unit: UnitState,
	number: number | undefined,
	change: Partial<AttemptState>,
): readonly AttemptState[] =>
	number === undefined
		? unit.attempts
		: unit.attempts.map(attempt => (attempt.number === number ? {...attempt, ...change} : attempt));

/** The step as it was before it began, in a new generation; what it cost and its attempts stay. */
export const withNewGeneration = (run: RunState, stepId: string, feedback: string | undefined): RunState => {
	const {id, title, kind, needs, continueOnError, isEach, goto, ...step} = run.steps[stepId]!;
	const fresh: StepState = {
		...{id, title, kind, needs, continueOnError, isEach, ...(goto === undefined ? undefined : {goto})},
		status: 'pending',
		attempts: step.attempts,
		generation: step.generation + 1,
		feedback,
		iteration: 0,
		itemAttempts: {max: step.itemAttempts.max, base: step.itemAttempts.max},
		warnings: [],
		tokens: step.tokens,
		costMicroUsd: step.costMicroUsd,
		...(step.unpriced ? {unpriced: step.unpriced} : undefined),
		...(step.adoptedCost ? {adoptedCost: step.adoptedCost} : undefined),
	};
	const counts = {...run.counts};
	counts[step.status]--;
	counts.pending++;
	return {...run, counts, steps: {...run.steps, [stepId]: fresh}};
};
