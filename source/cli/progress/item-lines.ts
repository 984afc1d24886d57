import type {JournalEvent} from '../../run/events.ts';
import {type ItemsState, itemOf, type RunState, unitNameOf} from '../../run/state.ts';
import type {Pen} from './pen.ts';
import {callOf, costOf, dayWords, durationOf, failedWords, reasonLines, recordingOf} from './words.ts';

export type ItemEnding = Extract<JournalEvent, {type: 'item.completed' | 'item.failed' | 'item.cancelled'}>;

/** More of them are counted, not listed. */
const itemsListedMax = 20;

/** Whether an item is one of so many that only its failure is worth a line. */
export const isQuietItem = (run: RunState, stepId: string, item: number | undefined): boolean =>
	item !== undefined && (run.steps[stepId]?.items?.values.length ?? 0) > itemsListedMax;

export const itemLines = (event: ItemEnding, run: RunState, pen: Pen): string[] => {
	const {stepId, item} = event.body;
	const items = run.steps[stepId]!.items!;
	if (!isQuietItem(run, stepId, item)) return endingLines(event, run, pen);
	const count = countLine(stepId, items, pen);
	return [...(event.type === 'item.failed' ? endingLines(event, run, pen) : []), ...(count ? [count] : [])];
};

const endingLines = (event: ItemEnding, run: RunState, pen: Pen): string[] => {
	const {paint} = pen;
	const {stepId, item} = event.body;
	const name = unitNameOf(stepId, item);
	const step = run.steps[stepId]!;
	const unit = itemOf(step.items!, item);
	switch (event.type) {
		case 'item.completed': {
			const {cached} = event.body;
			if (cached)
				return [
					pen.step(paint.green('✓'), name, `cached, from run ${cached.runId} of ${dayWords(cached.at, event.atMs)}`),
				];
			const call = callOf(step, unit);
			const facts = [durationOf(unit), costOf(step, unit), recordingOf(unit), call && paint.dim(call)];
			return [pen.step(paint.green('✓'), name, ...facts)];
		}

		case 'item.failed': {
			const {failure, exitCode} = event.body;
			const line = pen.step(paint.red('✗'), name, failedWords(exitCode), durationOf(unit), costOf(step, unit));
			return [line, ...reasonLines({...failure, suggestion: undefined}, run)];
		}

		case 'item.cancelled':
			return [pen.step(paint.dim('■'), name, paint.dim('cancelled'))];
	}
};

/** @returns A line for each tenth of the items; the last one is said by the step itself. */
const countLine = (stepId: string, {values, counts}: ItemsState, {step, paint}: Pen): string | undefined => {
	const total = values.length;
	const ended = counts.completed + counts.failed + counts.cancelled;
	const tenthOf = (count: number) => Math.floor((count * 10) / total);
	if (ended === total || tenthOf(ended) === tenthOf(ended - 1)) return undefined;
	const failed = counts.failed > 0 ? `, ${counts.failed} failed` : '';
	return step(paint.dim('·'), stepId, `${ended}/${total}${failed}`);
};
