import type {PlacedText} from '../settings/read-value.ts';
import type {Report} from '../text/report.ts';
import type {StepDraft} from './draft.ts';

/** A rollback to a savepoint names one step. */
export const checkSavepoints = (report: Report, drafts: readonly StepDraft[]): void => {
	const known = new Map<string, PlacedText>();
	for (const {savepoint} of drafts) {
		if (!savepoint) continue;
		const first = known.get(savepoint.text);
		known.set(savepoint.text, first ?? savepoint);
		if (!first) continue;
		const {line} = report.source.positionOf(first.start);
		const message = `There are two savepoints \`${savepoint.text}\`; the first is on line ${line}.`;
		report.error('savepoint.duplicate', savepoint.start, message, 'Give one of them another name.');
	}
};
