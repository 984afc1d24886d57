import {stepsEndedOf} from '../../run/views.ts';
import {Line} from '../parts/Line.tsx';
import {Pane} from '../parts/Pane.tsx';
import {firstShownOf} from '../parts/windows.ts';
import {runCostWords, steeringWords} from '../rows/run.ts';
import {stepColumnsOf, stepRowOf, undoWordsOfStep} from '../rows/step.ts';
import {runNameOf, selectedRunOf, selectedStepOf} from '../select.ts';
import {type CockpitState, placeOf, type Size} from '../state.ts';
import {cleanText} from '../text/clean.ts';
import {span} from '../text/row.ts';
import type {Look} from '../theme.ts';

export const Steps = ({state, look, size}: {state: CockpitState; look: Look; size: Size}) => {
	const isFocused = placeOf(state) === 'steps';
	const run = selectedRunOf(state);
	if (!run) return <Pane title="Steps" size={size} look={look} isFocused={isFocused} />;
	const {stepOrder} = run;
	const rows = size.rows - 2;
	const columns = size.columns - 2;
	const selected = selectedStepOf(state)?.id;
	const widths = stepColumnsOf(run, columns);
	const first = firstShownOf(stepOrder.length, selected === undefined ? 0 : stepOrder.indexOf(selected), rows);
	const right = [steeringWords(run), `${stepsEndedOf(run)}/${stepOrder.length} steps`, runCostWords(run)]
		.filter(Boolean)
		.join(', ');
	return (
		<Pane title={cleanText(runNameOf(run))} right={right} size={size} look={look} isFocused={isFocused}>
			{stepOrder.slice(first, first + rows).map(id => (
				<Line
					key={id}
					row={[
						span(id === selected ? look.glyphs.cursor : ' '),
						...stepRowOf(run.steps[id]!, widths, look, state.nowMs, undoWordsOfStep(run, id)),
					]}
					columns={columns}
					look={look}
					selection={id === selected ? (isFocused ? 'here' : 'elsewhere') : undefined}
				/>
			))}
		</Pane>
	);
};
