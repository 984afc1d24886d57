import type {JournalEvent} from '../../run/events.ts';
import {type RunState, type StepState, unitNameOf, unitOf} from '../../run/state.ts';
import {formatDuration} from '../../units.ts';
import {oneLine} from '../clean.ts';
import {amountOf, budgetName} from './budget-words.ts';
import {isQuietItem, itemLines} from './item-lines.ts';
import type {Pen} from './pen.ts';
import {
	callOf,
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

		case 'agent.tool-called': {
			const {stepId, item, tool, operation, outcome, code, durationMs} = event.body;
			if (outcome === 'ok' && !pen.isVerbose) return [];
			const words = {ok: 'called', failed: `failed: ${code}`, refused: 'refused'}[outcome];
			const took = outcome === 'refused' ? '' : paint.dim(formatDuration(durationMs));
			return [pen.step(paint.dim('⚒'), unitNameOf(stepId, item), `${tool}.${operation} ${words}`, took)];
		}

		case 'agent.switched': {
			const {stepId, item, from, to, reason, detail} = event.body;
			if (isQuietItem(run, stepId, item) && !pen.isVerbose) return [];
			const words = `${from} → ${to}: ${reason.replaceAll('-', ' ')}`;
			return [pen.step(paint.yellow('⇄'), unitNameOf(stepId, item), words, paint.dim(oneLine(detail, 160)))];
		}

		case 'agent.routed': {
			const {stepId, item, agent, strategy, candidates} = event.body;
			const scores = candidates
				.map(({agent: id, score}) => `${id} ${score === null ? 'out' : score.toFixed(2)}`)
				.join(', ');
			return pen.isVerbose
				? [pen.step(paint.dim('·'), unitNameOf(stepId, item), `${agent} by ${strategy}: ${scores}`)]
				: [];
		}

		case 'budget.alerted': {
			const {budget, limit, spent, share} = event.body;
			const words = `${Math.round(share * 100)} % of the budget of ${budgetName(budget)} are spent`;
			return [
				pen.step(
					paint.yellow('!'),
					event.body.stepId,
					words,
					paint.dim(`${amountOf(budget, spent)} of ${amountOf(budget, limit)}`),
				),
			];
		}

		case 'budget.exceeded': {
			const {stepId, item, budget, limit, spent} = event.body;
			const words = `the budget of ${budgetName(budget)} does not suffice`;
			return [
				pen.step(
					paint.yellow('!'),
					unitNameOf(stepId, item),
					words,
					paint.dim(`${amountOf(budget, spent)} of ${amountOf(budget, limit)}`),
				),
			];
		}

		case 'budget.extended': {
			const {stepId, item, budget, by, origin} = event.body;
			return [
				pen.step(
					paint.green('+'),
					unitNameOf(stepId, item),
					`${amountOf(budget, by)} more for ${budgetName(budget)}, by ${origin.by}`,
				),
			];
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
			const {stepId, item, comment, rule} = event.body;
			const word = event.type === 'approval.approved' ? paint.green('approved') : paint.red('rejected');
			const words = `${word} by ${rule === undefined ? whoOf(event.body, run) : `permissions, ${oneLine(rule, 80)}`}${comment ? `: ${oneLine(comment)}` : ''}`;
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
			const call = callOf(step, step);
			const facts = [failedWords(exitCode), durationOf(step), costOf(step, step), call && paint.dim(call), goesOn];
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
	const {stepId, item, attempt, agent, target, access, resumes, childRunId} = body;
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
		const how = resumes === undefined ? undefined : paint.dim('goes on with its session');
		return [pen.step(paint.yellow('⟲'), name, words, agent, runWords, readOnlyWords(access), how)];
	}

	// An agent may take minutes, and a sub-workflow hours: say that they work.
	return agent || runWords || isVerbose
		? [pen.step(paint.cyan('▶'), name, agent ?? runWords ?? kind, target && oneLine(target, 80), readOnlyWords(access))]
		: [];
};

const readOnlyWords = (access: 'ask' | 'read-only' | undefined) => (access === 'read-only' ? 'read-only' : undefined);

const retryLines = ({body, atMs}: EventOf<'attempt.failed'>, run: RunState, pen: Pen): string[] => {
	const {stepId, item, attempt, failure, exitCode, retryAtMs, next} = body;
	if (isQuietItem(run, stepId, item) && !pen.isVerbose) return [];
	const following =
		next === 'failover'
			? 'another agent takes over'
			: next === 'quota'
				? `waiting for quota until ${new Date(retryAtMs).toISOString()}`
				: `the next one in ${formatDuration(retryAtMs - atMs)}`;
	const words = `attempt ${attempt} ${failedWords(exitCode)}, ${following}`;
	return [
		pen.step(pen.paint.yellow(next === 'quota' ? '◷' : '⟲'), unitNameOf(stepId, item), words),
		// Why is said again with who takes over.
		...(next === 'failover' ? [] : reasonLines({...failure, suggestion: undefined}, run)),
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
	const call = callOf(step, step);
	const facts = [
		...[itemsWords(step), durationOf(step), costOf(step, step), recordingOf(step)],
		...[said && paint.dim(said), call && paint.dim(call)],
	];
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
