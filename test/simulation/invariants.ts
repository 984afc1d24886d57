import type {EventBody, JournalEvent} from '../../source/run/events.ts';
import {
	isRunEnded,
	isStepEnded,
	itemOf,
	itemsOf,
	type RunState,
	type StepState,
	unitNameOf,
	unitOf,
} from '../../source/run/state.ts';
import type {StepDefinition, WorkflowDefinition} from '../../source/workflow/definition.ts';

export class InvariantBroken extends Error {}

export const fail = (message: string): never => {
	throw new InvariantBroken(message);
};

/** Before an attempt is journalled. */
export const checkStart = (run: RunState, {stepId, item, attempt}: EventBody<'attempt.started'>): void => {
	const name = unitNameOf(stepId, item);
	const {status, attempts} = unitOf(run, stepId, item);
	if (isRunEnded(run)) fail(`${name} is started in a run that has ended`);
	if (isStepEnded(status)) fail(`${name} is started although it is ${status}`);
	if (attempts.some(each => each.status === 'running')) fail(`${name} is started while an attempt of it runs`);
	if (attempts.some(({number}) => number >= attempt)) fail(`${name} has attempt ${attempt} already`);
};

/** What must be true of a run at any time. */
export const checkRun = (run: RunState, {steps}: WorkflowDefinition): void => {
	const recount: Record<string, number> = {};
	for (const step of Object.values(run.steps)) recount[step.status] = (recount[step.status] ?? 0) + 1;
	for (const [status, count] of Object.entries(run.counts)) {
		if ((recount[status] ?? 0) !== count) fail(`${count} steps are said to be ${status}; ${recount[status] ?? 0} are`);
	}

	for (const step of steps) {
		checkItems(run.steps[step.id]!, step);
		checkRetries(run, step);
	}

	const open = Object.values(run.approvals).filter(({status}) => status === 'open');
	if (isRunEnded(run) && open.length > 0) fail(`approval ${open[0]!.id} is open in a run that has ended`);
	if (isRunEnded(run) && Object.values(run.steps).some(({status}) => !isStepEnded(status)))
		fail('a run ended before its steps');
};

const checkItems = ({id, items}: StepState, {maxParallel}: StepDefinition) => {
	if (!items) return;
	const all = [...itemsOf(items)];
	const active = all.filter(({status}) => status !== 'pending' && !isStepEnded(status)).map(({index}) => index);
	if (active.length !== items.active.length || active.some(index => !items.active.includes(index)))
		fail(`${id}: active items are said to be ${items.active}; they are ${active}`);
	for (const status of ['completed', 'failed', 'cancelled'] as const) {
		const count = all.filter(item => item.status === status).length;
		if (count !== items.counts[status])
			fail(`${id}: ${items.counts[status]} items are said to be ${status}; ${count} are`);
	}

	if (items.next < all.length && itemOf(items, items.next).status !== 'pending') fail(`${id}: the next item has begun`);
	if (all.slice(0, items.next).some(({status}) => status === 'pending'))
		fail(`${id}: an item before the next one has not begun`);
	if (maxParallel !== undefined && active.length > maxParallel) fail(`${id}: ${active.length} items at once`);
};

const checkRetries = (run: RunState, {id, retry}: StepDefinition) => {
	const {items, generation, iteration, ...step} = run.steps[id]!;
	for (const {attempts} of items ? itemsOf(items) : [step]) {
		const failed = attempts.filter(
			each => each.generation === generation && each.iteration === iteration + 1 && each.status === 'failed',
		);
		const failedMax = (retry?.max ?? 0) + 1;
		if (failed.length > failedMax) fail(`${id} failed ${failed.length} times; ${failedMax} are allowed`);
	}
};

const endings: ReadonlySet<string> = new Set([
	'attempt.failed',
	'attempt.completed',
	'attempt.interrupted',
	'step.completed',
	'step.failed',
	'step.cancelled',
	'item.completed',
	'item.failed',
	'item.cancelled',
]);

/** What must be true of everything that was written. */
export const checkJournal = (events: readonly JournalEvent[]): void => {
	const ended = new Set<string>();
	const answered = new Set<string>();
	for (const [index, event] of events.entries()) {
		if (event.seq !== index + 1) fail(`event ${event.seq} comes after ${index}`);
		if (endings.has(event.type)) {
			const {stepId, item, attempt} = event.body as {stepId: string; item?: number; attempt?: number};
			const key = `${unitNameOf(stepId, item)} #${attempt}`;
			// A step that is stopped between two attempts names the last one, which has ended already.
			const isRepeated =
				event.type === 'step.cancelled' ||
				event.type === 'item.cancelled' ||
				event.type === 'step.failed' ||
				event.type === 'item.failed';
			if (attempt !== undefined && ended.has(key) && !isRepeated) fail(`${key} ends twice: ${event.type}`);
			if (attempt !== undefined) ended.add(key);
		}

		if (/^approval\.(?:approved|rejected|expired|withdrawn)$/.test(event.type)) {
			const {approvalId} = event.body as {approvalId: string};
			if (answered.has(approvalId)) fail(`approval ${approvalId} is answered twice`);
			answered.add(approvalId);
		}
	}
};
