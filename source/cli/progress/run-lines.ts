import type {AgentMark, JournalEvent} from '../../run/events.ts';
import {type RunState, type StepState, unitNameOf} from '../../run/state.ts';
import {isCostUnknown, knownCostOf} from '../../run/views.ts';
import {formatCost, formatDuration} from '../../units.ts';
import {oneLine} from '../clean.ts';
import type {Pen} from './pen.ts';
import {reasonLines, saidOf} from './words.ts';

/** @returns Lines about a run as a whole; `undefined` for anything else. */
export const runLines = (event: JournalEvent, run: RunState, pen: Pen): string[] | undefined => {
	const {paint} = pen;
	switch (event.type) {
		case 'run.cancel-requested':
			return [pen.run(paint.yellow('◷'), `cancelling: ${oneLine(event.body.reason)}`)];
		case 'run.paused': {
			const {origin, reason} = event.body;
			return [pen.run(paint.yellow('‖'), `paused by ${origin.by}: ${oneLine(reason)}`)];
		}

		case 'run.resumed':
			return [pen.run(paint.cyan('▶'), `goes on; ${event.body.origin.by} resumed it`)];
		case 'run.reopened': {
			const {origin, stepIds, reason} = event.body;
			const words = `goes on: ${oneLine(reason)} (${origin.by})`;
			return [pen.run(paint.yellow('⟲'), words), paint.dim(`  again: ${stepIds.join(', ')}`)];
		}

		case 'run.rewound': {
			const {toStepId, stepIds, feedback} = event.body;
			const more = stepIds.length - 1;
			const after = more === 0 ? '' : more === 1 ? ' and 1 step after it' : ` and ${more} steps after it`;
			const why = feedback === '' ? '' : `: ${oneLine(feedback)}`;
			return [pen.step(paint.yellow('⟲'), toStepId, `back to here, to do it${after} again${why}`)];
		}

		case 'signal.received': {
			const {name, origin} = event.body;
			return [pen.run(paint.dim('·'), `signal "${oneLine(name)}" from ${origin.by}`)];
		}

		case 'snapshot.taken': {
			const {stepId, item, files} = event.body;
			const words = `${files === 1 ? '1 file' : `${files} files`} saved, to be brought back by a rollback`;
			return pen.isVerbose ? [pen.step(paint.dim('·'), unitNameOf(stepId, item), words)] : [];
		}

		case 'run.completed':
			return [
				pen.run(paint.green('✓'), `completed in ${runDurationOf(run)}`, runCostText(run)),
				...Object.entries(event.body.outputs).map(([name, value]) => `  ${name} = ${outputText(value)}`),
				...whereToReadLines(run).map(paint.dim),
			];
		case 'run.failed':
			// What to do about it stands at the step that failed.
			return [
				pen.run(paint.red('✗'), `failed after ${runDurationOf(run)}`, runCostText(run)),
				...reasonLines({...event.body.failure, suggestion: undefined}, run),
			];
		case 'run.cancelled':
			return [pen.run(paint.yellow('■'), `cancelled after ${runDurationOf(run)}`, runCostText(run))];
		default:
			return undefined;
	}
};

const runDurationOf = ({createdAtMs, startedAtMs = createdAtMs, endedAtMs = startedAtMs}: RunState) =>
	formatDuration(endedAtMs - startedAtMs);

/** The cost of a run that asked agents; one of scripts and recordings alone has none to speak of. */
const runCostText = (run: RunState): string | undefined => {
	const steps = run.stepOrder.map(id => run.steps[id]!).filter(step => agentOf(step)?.isReplay === false);
	if (steps.length === 0) return undefined;
	return formatCost(knownCostOf(run), steps.filter(isCostUnknown).length);
};

/** Of a step of items, the one that did the first of them. */
const agentOf = ({agent, items}: StepState): AgentMark | undefined => agent ?? items?.rows[0]?.[0]?.agent;

const whereToReadLines = (run: RunState): string[] => {
	const isMore = run.stepOrder
		.map(id => run.steps[id]!)
		.some(step => step.text !== undefined && step.text.preview.trim() !== '' && saidOf(step) === undefined);
	return isMore ? [`  What the steps said: \`aiworkflow runs logs ${run.id}\`.`] : [];
};

const outputText = (value: unknown) => oneLine(typeof value === 'string' ? value : JSON.stringify(value));
