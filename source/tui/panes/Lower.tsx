import {keyOf} from '../keys/remap.ts';
import {Line} from '../parts/Line.tsx';
import {Pane} from '../parts/Pane.tsx';
import {dataRowsOf} from '../run-view/data.ts';
import {timelineOf, timelineRowsOf} from '../run-view/timeline.ts';
import {selectedRunOf, selectedStepOf} from '../select.ts';
import type {CockpitState, Size} from '../state.ts';
import {cleanText} from '../text/clean.ts';
import {span} from '../text/row.ts';
import type {Look} from '../theme.ts';
import {isPaneFocused} from '../views.ts';
import {Output} from './Output.tsx';

interface Props {
	readonly state: CockpitState;
	readonly look: Look;
	readonly size: Size;
}

/** Below the steps: what a step prints, what happened in the run, or what went in and came out. */
export const Lower = (props: Props) => {
	switch (props.state.runView.lower) {
		case 'output':
			return <Output {...props} />;
		case 'events':
			return <Timeline {...props} />;
		case 'data':
			return <Data {...props} />;
	}
};

const Timeline = ({state, look, size}: Props) => {
	const history = timelineOf(state);
	const isFocused = isPaneFocused(state, 'output');
	const columns = size.columns - 2;
	const rows = timelineRowsOf(state, columns - 1, size.rows - 2, look);
	const words = history?.failure?.message ?? (rows.length === 0 ? 'Fetching its events.' : undefined);
	const count = history?.events.length ?? 0;
	const right = history?.isCut ? `the first ${count}; more: aiworkflow runs watch --json` : `${count} events`;
	return (
		<Pane title="Events" right={count > 0 ? right : ''} size={size} look={look} isFocused={isFocused}>
			{words && <Line row={[span(` ${cleanText(words)}`, 'muted')]} columns={columns} look={look} />}
			{rows.map(({row, isSelected, isThen}, index) => (
				<Line
					// biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen.
					key={index}
					row={[span(isThen || isSelected ? look.glyphs.cursor : ' '), ...row]}
					columns={columns}
					look={look}
					selection={isSelected ? (isFocused ? 'here' : 'elsewhere') : undefined}
				/>
			))}
		</Pane>
	);
};

const Data = ({state, look, size}: Props) => {
	const columns = size.columns - 4;
	const all = dataRowsOf(state, columns);
	const rows = size.rows - 2;
	const scroll = Math.max(0, Math.min(state.runView.dataScroll, all.length - rows));
	const below = all.length - scroll - rows;
	const step = selectedRunOf(state) && selectedStepOf(state);
	return (
		<Pane
			title={step ? `Data of ${cleanText(step.id)}` : 'Data'}
			right={below > 0 ? `${below} more rows, ${keyOf('down', state)}` : ''}
			size={size}
			look={look}
			isFocused={isPaneFocused(state, 'output')}
		>
			{all.slice(scroll, scroll + rows).map((row, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen.
				<Line key={index} row={[span(' '), ...row]} columns={size.columns - 2} look={look} />
			))}
		</Pane>
	);
};
