import type {Failure} from '../errors.ts';
import type {JournalEvent, Origin} from '../run/events.ts';
import type {RunState, StepState} from '../run/state.ts';
import {formatDuration, formatUsd} from '../units.ts';
import {oneLine} from './clean.ts';
import type {Paint} from './colour.ts';
import {padEnd} from './table.ts';

interface Style {
	readonly paint: Paint;
	/** Beginnings of steps, sessions and usage as well. */
	readonly isVerbose: boolean;
}

/**
 * What a person who watches a run as plain lines should see of an event.
 *
 * @param run The run with the event folded in.
 */
export const progressLines = (event: JournalEvent, run: RunState, {paint, isVerbose}: Style): string[] => {
	const line = (glyph: string, stepId: string, ...facts: readonly (string | undefined)[]) =>
		[`${glyph} ${padEnd(stepId, idWidthOf(run))}`, ...facts.filter(Boolean)].join('  ').trimEnd();
	const ended = (glyph: string, ...facts: readonly (string | undefined)[]) => [
		`${glyph} ${paint.bold(titleOf(run))}  ${facts.filter(Boolean).join('  ')}`,
	];

	switch (event.type) {
		case 'attempt.started': {
			const {stepId, attempt, agent} = event.body;
			if (attempt > 1) return [line(paint.yellow('⟲'), stepId, `attempt ${attempt}`, agent)];
			// An agent may take minutes: say that it works.
			return agent || isVerbose ? [line(paint.cyan('▶'), stepId, agent ?? run.steps[stepId]!.kind)] : [];
		}

		case 'attempt.interrupted':
			return [line(paint.yellow('⟲'), event.body.stepId, interruptions[event.body.reason])];
		case 'agent.warned':
			return [line(paint.yellow('!'), event.body.stepId, oneLine(event.body.message))];
		case 'usage.recorded':
			return isVerbose ? [line(paint.dim('·'), event.body.stepId, usageOf(event.body))] : [];
		case 'approval.requested':
			return [line(paint.yellow('◆'), event.body.stepId, oneLine(event.body.question))];
		case 'approval.approved':
		case 'approval.rejected': {
			const {stepId, comment} = event.body;
			const word = event.type === 'approval.approved' ? paint.green('approved') : paint.red('rejected');
			return [
				line(paint.dim('·'), stepId, `${word} by ${whoOf(event.body, run)}${comment ? `: ${oneLine(comment)}` : ''}`),
			];
		}

		case 'approval.expired':
			return [line(paint.yellow('◷'), event.body.stepId, `nobody answered in time: ${event.body.action}`)];
		case 'wait.started':
			return [line(paint.yellow('◷'), event.body.stepId, waitText(event.body))];

		case 'step.completed': {
			const step = run.steps[event.body.stepId]!;
			const said = saidOf(step);
			return [
				line(paint.green('✓'), step.id, durationOf(step), costOf(step), recordingOf(step), said && paint.dim(said)),
			];
		}

		case 'step.failed': {
			const {stepId, failure, exitCode} = event.body;
			const step = run.steps[stepId]!;
			const word = exitCode === undefined ? 'failed' : `failed, exit ${exitCode}`;
			const goesOn = step.continueOnError ? paint.dim('the run goes on') : undefined;
			return [line(paint.red('✗'), stepId, word, durationOf(step), costOf(step), goesOn), ...reasonLines(failure, run)];
		}

		case 'step.skipped':
			return [line(paint.dim('↷'), event.body.stepId, paint.dim(`skipped: ${oneLine(event.body.detail)}`))];
		case 'step.cancelled':
			return [line(paint.dim('■'), event.body.stepId, paint.dim('cancelled'))];
		case 'run.cancel-requested':
			return ended(paint.yellow('◷'), `cancelling: ${oneLine(event.body.reason)}`);
		case 'run.completed':
			return [
				...ended(paint.green('✓'), `completed in ${runDurationOf(run)}`, runCostText(run)),
				...Object.entries(event.body.outputs).map(([name, value]) => `  ${name} = ${outputText(value)}`),
				...whereToReadLines(run).map(paint.dim),
			];
		case 'run.failed':
			// What to do about it stands at the step that failed.
			return [
				...ended(paint.red('✗'), `failed after ${runDurationOf(run)}`, runCostText(run)),
				...reasonLines({...event.body.failure, suggestion: undefined}, run),
			];
		case 'run.cancelled':
			return ended(paint.yellow('■'), `cancelled after ${runDurationOf(run)}`, runCostText(run));
		default:
			return [];
	}
};

export const titleOf = (run: RunState): string => `${run.workflow.name} ${run.number}`;

const waitText = ({signal, wakeAtMs}: Extract<JournalEvent, {type: 'wait.started'}>['body']): string => {
	const until = wakeAtMs === undefined ? undefined : `until ${new Date(wakeAtMs).toISOString()}`;
	return [signal === undefined ? undefined : `waits for the signal "${signal}"`, until].filter(Boolean).join(', ');
};

const idWidthOf = (run: RunState) => Math.min(24, Math.max(...run.stepOrder.map(id => id.length)));

const interruptions = {
	'never-claimed': 'had not begun when the daemon ended; it begins again',
	vanished: 'its process vanished; it is tried again',
} as const;

/** A failure is journalled before anybody knows under which id a person will ask for the run. */
const reasonLines = ({message, suggestion}: Failure, run: RunState): string[] =>
	[message, suggestion].flatMap(text => (text ? [`  ${oneLine(text.replaceAll('<run>', run.id), 400)}`] : []));

const durationOf = ({startedAtMs, endedAtMs}: StepState) =>
	startedAtMs === undefined || endedAtMs === undefined ? undefined : formatDuration(endedAtMs - startedAtMs);

const runDurationOf = ({createdAtMs, startedAtMs = createdAtMs, endedAtMs = startedAtMs}: RunState) =>
	formatDuration(endedAtMs - startedAtMs);

const costOf = (step: StepState) =>
	step.attempts.length > 0 && step.kind === 'agent' && !step.agent?.isReplay ? formatUsd(step.costMicroUsd) : undefined;

/** The cost of a run that asked agents; one of scripts and recordings alone has none to speak of. */
const runCostText = (run: RunState): string | undefined => {
	const costs = run.stepOrder
		.map(id => run.steps[id]!)
		.filter(step => step.agent && !step.agent.isReplay)
		.map(step => step.costMicroUsd);
	if (costs.length === 0) return undefined;
	return formatUsd(costs.reduce<number | null>((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0));
};

const recordingOf = (step: StepState) => (step.agent?.isReplay ? 'from a recording' : undefined);

const usageOf = ({agent, tokens, costMicroUsd}: Extract<JournalEvent, {type: 'usage.recorded'}>['body']) =>
	`${agent}: ${tokens ? `${tokens.input} tokens in, ${tokens.output} out` : 'tokens unknown'}, ${formatUsd(costMicroUsd)}`;

const whoOf = ({approvalId, origin}: {readonly approvalId: string; readonly origin: Origin}, run: RunState) =>
	run.approveAll && run.approvals[approvalId]!.kind === 'approval' ? '--yes' : origin.by;

/** A script that printed one short line has said it here; more of it is a command away. */
const saidOf = ({kind, text}: StepState): string | undefined => {
	const words = kind === 'script' && text?.isWhole ? text.preview.trim() : '';
	return words === '' || words.length > saidLengthMax || words.includes('\n') ? undefined : oneLine(words);
};

const saidLengthMax = 60;

const whereToReadLines = (run: RunState): string[] => {
	const isMore = run.stepOrder
		.map(id => run.steps[id]!)
		.some(step => step.text !== undefined && step.text.preview.trim() !== '' && saidOf(step) === undefined);
	return isMore ? [`  What the steps said: \`aiworkflow runs logs ${run.id}\`.`] : [];
};

const outputText = (value: unknown) => oneLine(typeof value === 'string' ? value : JSON.stringify(value));
