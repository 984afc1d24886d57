import {type RunState, type StepState, unitNameOf} from '../../run/state.ts';
import {stepsEndedOf} from '../../run/views.ts';
import {graphRowsShown, noGraphReason} from '../graph/steps.ts';
import {Line} from '../parts/Line.tsx';
import {Pane} from '../parts/Pane.tsx';
import {firstShownOf} from '../parts/windows.ts';
import {runMeterWords, steeringWords} from '../rows/run.ts';
import {stepColumnsOf, stepRowOf, undoWordsOfStep} from '../rows/step.ts';
import {livenessWordsOf} from '../run-view/liveness.ts';
import {isPast, thenWords} from '../run-view/past.ts';
import {itemAsStepOf, itemValueWords, pickedOf, stepListOf} from '../run-view/step-list.ts';
import {runNameOf, selectedRunOf} from '../select.ts';
import type {CockpitState, Size} from '../state.ts';
import {cleanText} from '../text/clean.ts';
import {type Row, span} from '../text/row.ts';
import {widthOf} from '../text/width.ts';
import type {Look} from '../theme.ts';
import {isPaneFocused} from '../views.ts';

interface Props {
	readonly state: CockpitState;
	/** With the clock of now, where the run is shown as it was. */
	readonly now: CockpitState;
	readonly look: Look;
	readonly size: Size;
}

export const Steps = ({state, now, look, size}: Props) => {
	const isFocused = isPaneFocused(state, 'steps');
	const run = selectedRunOf(state);
	if (!run) return <Pane title="Steps" size={size} look={look} isFocused={isFocused} />;
	const {stepOrder} = run;
	const rows = size.rows - 2;
	const columns = size.columns - 2;
	const {count, at, cursor} = stepListOf(state, run);
	const widths = stepColumnsOf(run, columns, widestItemOf(state, run));
	const first = firstShownOf(count, cursor, rows);
	const isGraph = state.runView.shape === 'graph';
	const noGraph = isGraph ? noGraphReason(run, size) : undefined;
	const right = [noGraph, steeringWords(run), `${stepsEndedOf(run)}/${stepOrder.length} steps`, runMeterWords(run)]
		.filter(Boolean)
		.join(', ');
	const then = isPast(now) ? thenWords(now) : '';
	const name = cleanText(runNameOf(run));
	const isRoomy = name.length + then.length + right.length + 12 <= size.columns;
	const rowOf = (step: StepState, item: number | undefined): Row =>
		item === undefined
			? stepRowOf(step, widths, look, state.nowMs, undoWordsOfStep(run, step.id), livenessWordsOf(now, run, step))
			: [
					...stepRowOf(itemAsStepOf(step, item), widths, look, state.nowMs),
					span(` ${itemValueWords(step, item)}`, 'muted'),
				];
	const list = Array.from({length: Math.max(0, Math.min(rows, count - first))}, (_, offset) => {
		const {stepId, item} = at(first + offset);
		const isHere = first + offset === cursor;
		return (
			<Line
				key={unitNameOf(stepId, item)}
				row={[span(isHere ? look.glyphs.cursor : ' '), ...rowOf(run.steps[stepId]!, item)]}
				columns={columns}
				look={look}
				selection={isHere ? (isFocused ? 'here' : 'elsewhere') : undefined}
			/>
		);
	});
	return (
		<Pane
			title={name}
			alert={then}
			right={then === '' || isRoomy ? right : ''}
			size={size}
			look={look}
			isFocused={isFocused}
		>
			{isGraph && !noGraph
				? graphRowsShown(state, run, size, look).map((row, index) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen.
						<Line key={index} row={row} columns={columns} look={look} />
					))
				: list}
		</Pane>
	);
};

/** Columns that the names of the items take that are listed. */
const widestItemOf = (state: CockpitState, run: RunState): number => {
	const picked = pickedOf(state, run);
	const count = picked ? run.steps[picked.stepId]!.items!.values.length : 0;
	return picked ? widthOf(`  ${unitNameOf(cleanText(picked.stepId), count - 1)}`) : 0;
};
