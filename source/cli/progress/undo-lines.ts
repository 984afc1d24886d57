import type {JournalEvent} from '../../run/events.ts';
import {unitNameOf} from '../../run/state.ts';
import {undoWordsOf} from '../../run/views.ts';
import {oneLine} from '../clean.ts';
import type {Pen} from './pen.ts';
import {failedWords} from './words.ts';

/** @returns Lines about what is undone; `undefined` for anything else. */
export const undoLines = (event: JournalEvent, pen: Pen): string[] | undefined => {
	const {paint} = pen;
	switch (event.type) {
		case 'rollback.started': {
			const {targets, reason} = event.body;
			const words = `rolling back ${targets.length === 1 ? '1 thing' : `${targets.length} things`}: ${oneLine(reason)}`;
			return [pen.run(paint.yellow('⟲'), words)];
		}

		case 'undo.started': {
			const {stepId, item, how} = event.body;
			return pen.isVerbose ? [pen.step(paint.cyan('▶'), unitNameOf(stepId, item), `undo (${how})`)] : [];
		}

		case 'undo.completed': {
			const {stepId, item, how} = event.body;
			return [pen.step(paint.green('✓'), unitNameOf(stepId, item), `undone (${how})`)];
		}

		case 'undo.failed': {
			const {stepId, item, how, failure, exitCode} = event.body;
			const line = pen.step(paint.red('✗'), unitNameOf(stepId, item), `not undone (${how}): ${failedWords(exitCode)}`);
			return [line, `  ${oneLine(failure.message, 400)}`];
		}

		case 'rollback.completed': {
			const {undone, left} = event.body;
			if (left.length === 0) return [pen.run(paint.green('✓'), `rolled back: ${undone} undone`)];
			const words = `rolled back in part: ${undone} undone, left: ${left.map(undoWordsOf).join(', ')}`;
			return [pen.run(paint.red('✗'), words)];
		}

		default:
			return undefined;
	}
};
