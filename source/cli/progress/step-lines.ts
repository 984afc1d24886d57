import type {JournalEvent} from '../../run/events.ts';
import {type RunState, type StepState, unitNameOf, unitOf} from '../../run/state.ts';
import {formatDuration} from '../../units.ts';
import {oneLine} from '../clean.ts';
import {isQuietItem, itemLines} from './item-lines.ts';
import type {Pen} from './pen.ts';
import {
	costOf,
	dayWords,
	durationOf,
	failedWords,
	reasonLines,
	recordingOf,
	saidOf,
	usageOf,
	waitText,
	whoOf,
} from './words.ts';

/** @returns Lines about one step; `undefined` for what is about the run. */
export const stepLines = (event: JournalEvent, run: RunState, pen: Pen): string[] | undefined => {
	const {paint} = pen;
	switch (event.type) {
		case 'items.expanded': {
			const {stepId, items} = event.body;
			return [pen.step(paint.cyan('▶'), stepId, items.length === 1 ? '1 item' : `${items.length} items`)];
		}

		case 'attempt.started':
			return startedLines(event, run, pen);
		case 'attempt.failed':
			return retryLines(event, run, pen);
		case 'attempt.interrupted': {
			const {stepId, item, reason} = event.body;
			return [pen.step(paint.yellow('⟲'), unitNameOf(stepId, item), interruptions[reason])];
		}

		case 'attempt.completed':
			return [pen.step(paint.dim('·'), event.body.stepId, `iteration ${event.body.iteration} done`)];
		case 'agent.warned': {
			const {stepId, item, message} = event.body;
			if (isQuietItem(run, stepId, item) && !pen.isVerbose) return [];
			return [pen.step(paint.yellow('!'), unitNameOf(stepId, item), oneLine(message))];
		}

		case 'usage.recorded': {
			const {stepId, item} = event.body;
			return pen.isVerbose ? [pen.step(paint.dim('·'), unitNameOf(stepId, item), usageOf(event.body))] : [];
		}

		case 'approval.requested': {
			const {stepId, item, question} = event.body;
			return [pen.step(paint.yellow('◆'), unitNameOf(stepId, item), oneLine(question))];
		}

		case 'approval.approved':
		case 'approval.rejected': {
			const {stepId, item, comment} = event.body;
			const word = event.type === 'approval.approved' ? paint.green('approved') : paint.red('rejected');
			const words = `${word} by ${whoOf(event.body, run)}${comment ? `: ${oneLine(comment)}` : ''}`;
			return [pen.step(paint.dim('·'), unitNameOf(stepId, item), words)];
		}

		case 'approval.expired': {
			const {stepId, item, action} = event.body;
			return [pen.step(paint.yellow('◷'), unitNameOf(stepId, item), `nobody answered in time: ${action}`)];
		}

		case 'wait.started':
			return [pen.step(paint.yellow('◷'), event.body.stepId, waitText(event.body))];
		case 'item.completed':
		case 'item.failed':
		case 'item.cancelled':
			return itemLines(event, run, pen);
		case 'step.completed':
			return completedLines(event, run, pen);
		case 'step.failed': {
			const {stepId, failure, exitCode} = event.body;
			const step = run.steps[stepId]!;
			const goesOn = step.continueOnError ? paint.dim('the run goes on') : undefined;
			const facts = [failedWords(exitCode), durationOf(step), costOf(step, step), goesOn];
			return [pen.step(paint.red('✗'), stepId, ...facts), ...reasonLines(failure, run)];
		}

		case 'step.skipped':
			return [pen.step(paint.dim('↷'), event.body.stepId, paint.dim(`skipped: ${oneLine(event.body.detail)}`))];
		case 'step.cancelled':
			// Of one that is stopped to go on without it, the skip is said.
			if (run.steps[event.body.stepId]!.skipRequested) return [];
			return [pen.step(paint.dim('■'), event.body.stepId, paint.dim('cancelled'))];
		case 'step.adopted': {
			const {stepId, from, status} = event.body;
			const glyph = status === 'completed' ? paint.green('✓') : paint.dim('↷');
			return [pen.step(glyph, stepId, paint.dim(`taken over from run ${from.runId}`))];
		}

		case 'step.skip-requested':
		case 'step.cancel-requested': {
			const {stepId, origin, reason} = event.body;
			// What has not begun ends at once, and says so itself.
			if (run.steps[stepId]!.status === 'pending') return [];
			const verb = event.type === 'step.skip-requested' ? 'stopped, to go on without it' : 'cancelled';
			return [pen.step(paint.yellow('◷'), stepId, `is being ${verb}: ${oneLine(reason)} (${origin.by})`)];
		}

		default:
			return undefined;
	}
};

type EventOf<T extends JournalEvent['type']> = Extract<JournalEvent, {type: T}>;

const startedLines = ({body}: EventOf<'attempt.started'>, run: RunState, pen: Pen): string[] => {
	const {stepId, item, attempt, agent, childRunId} = body;
	const {paint, isVerbose} = pen;
	if (isQuietItem(run, stepId, item) && !isVerbose) return [];
	const name = unitNameOf(stepId, item);
	const {kind, generation, iteration} = run.steps[stepId]!;
	const before = unitOf(run, stepId, item)
		.attempts.filter(each => each.generation === generation)
		.at(-2);
	const runWords = childRunId === undefined ? undefined : `run ${childRunId}`;
	if (before) {
		const words = before.status === 'completed' ? `iteration ${iteration + 1}` : `attempt ${attempt}`;
		return [pen.step(paint.yellow('⟲'), name, words, agent, runWords)];
	}

	// An agent may take minutes, and a sub-workflow hours: say that they work.
	return agent || runWords || isVerbose ? [pen.step(paint.cyan('▶'), name, agent ?? runWords ?? kind)] : [];
};

const retryLines = ({body, atMs}: EventOf<'attempt.failed'>, run: RunState, pen: Pen): string[] => {
	const {stepId, item, attempt, failure, exitCode, retryAtMs} = body;
	if (isQuietItem(run, stepId, item) && !pen.isVerbose) return [];
	const words = `attempt ${attempt} ${failedWords(exitCode)}, the next one in ${formatDuration(retryAtMs - atMs)}`;
	return [
		pen.step(pen.paint.yellow('⟲'), unitNameOf(stepId, item), words),
		...reasonLines({...failure, suggestion: undefined}, run),
	];
};

const completedLines = ({body, atMs}: EventOf<'step.completed'>, run: RunState, pen: Pen): string[] => {
	const {paint} = pen;
	const step = run.steps[body.stepId]!;
	if (body.cached) {
		const {runId, at} = body.cached;
		return [pen.step(paint.green('✓'), step.id, `cached, from run ${runId} of ${dayWords(at, atMs)}`)];
	}

	const said = saidOf(step);
	const facts = [itemsWords(step), durationOf(step), costOf(step, step), recordingOf(step), said && paint.dim(said)];
	return [pen.step(paint.green('✓'), step.id, ...facts)];
};

const itemsWords = ({items}: StepState): string | undefined => {
	const count = items?.values.length;
	return count === undefined ? undefined : count === 1 ? '1 item' : `${count} items`;
};

const interruptions = {
	'never-claimed': 'had not begun when the daemon ended; it begins again',
	vanished: 'its process vanished; it is tried again',
} as const;
