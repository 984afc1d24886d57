import type {JournalEvent} from '../run/events.ts';
import type {RunState} from '../run/state.ts';
import {type ProgressStyle, penOf} from './progress/pen.ts';
import {runLines} from './progress/run-lines.ts';
import {stepLines} from './progress/step-lines.ts';
import {undoLines} from './progress/undo-lines.ts';

export {titleOf} from './progress/words.ts';

/**
 * What a person who watches a run as plain lines should see of an event.
 *
 * @param run The run with the event folded in.
 */
export const progressLines = (event: JournalEvent, run: RunState, style: ProgressStyle): string[] => {
	const pen = penOf(run, style);
	return stepLines(event, run, pen) ?? runLines(event, run, pen) ?? undoLines(event, pen) ?? [];
};
