import {Box} from 'ink';
import {Line} from '../../parts/Line.tsx';
import {Pane} from '../../parts/Pane.tsx';
import {firstShownOf} from '../../parts/windows.ts';
import {resourceWordsOf} from '../../rows/resource.ts';
import {burnOf, burnWords, costWordsOf, daysOf, hoursOf} from '../../spend.ts';
import {type CockpitState, placeOf} from '../../state.ts';
import {type Row, span} from '../../text/row.ts';
import {sparklineOf} from '../../text/sparkline.ts';
import type {Look} from '../../theme.ts';
import type {BodyProps} from '../bodies.ts';
import {breakdownRowOf, breakdownTitleOf, meterNoteOf, meterRowOf} from './rows.ts';
import {metersOf, rangeSinceMsOf, selectedMeterOf} from './select.ts';

/** Above what is limited and what spends, below what was spent, by what. */
export const MoneyBody = ({state, look, size}: BodyProps) => {
	const count = metersOf(state).length;
	const wanted = Math.max(1, count) + 2 + (count > 0 ? 1 : 0);
	const rows = Math.min(wanted, Math.max(5, Math.floor(size.rows / 2)));
	return (
		<Box flexDirection="column" width={size.columns} height={size.rows} flexShrink={0}>
			<Meters state={state} look={look} size={{columns: size.columns, rows}} />
			<Spent state={state} look={look} size={{columns: size.columns, rows: size.rows - rows}} />
		</Box>
	);
};

const Meters = ({state, look, size}: BodyProps) => {
	const meters = metersOf(state);
	const selected = selectedMeterOf(state);
	const columns = size.columns - 2;
	// The last row has what the one under the cursor has no room for.
	const rows = size.rows - 2 - (selected ? 1 : 0);
	const at = meters.findIndex(({id}) => id === selected?.id);
	const first = firstShownOf(meters.length, Math.max(0, at), rows);
	const {limits} = state.fetched;
	const words = resourceWordsOf(limits, 'No limit is set, and no open run spends anything.', meters.length === 0);
	// A settings file that cannot be read must not look as if there were no limits.
	const note = limits?.failure ? [span(` ${words}`, 'danger')] : selected && meterNoteOf(selected, state);
	const burn = burnOf(state);
	const hidden = meters.length - first - rows;
	return (
		<Pane
			title="Limits and open runs"
			right={[hidden > 0 ? `${hidden} more, j` : '', burn ? `${burnWords(burn)} over the last 5 min` : '']
				.filter(Boolean)
				.join('   ')}
			size={size}
			look={look}
			isFocused={placeOf(state) === 'money'}
		>
			{meters.length === 0 && words && <Line row={[span(` ${words}`, 'muted')]} columns={columns} look={look} />}
			{meters.slice(first, first + rows).map(meter => {
				const isSelected = meter.id === selected?.id;
				const options = {columns: columns - 1, look, nowMs: state.nowMs, home: state.home};
				return (
					<Line
						key={meter.id}
						row={[span(isSelected ? look.glyphs.cursor : ' '), ...meterRowOf(meter, options)]}
						columns={columns}
						look={look}
						selection={isSelected ? 'here' : undefined}
					/>
				);
			})}
			{selected && note && <Line row={note} columns={columns} look={look} />}
		</Pane>
	);
};

const Spent = ({state, look, size}: BodyProps) => {
	const {by, range} = state.pages.money;
	const columns = size.columns - 2;
	const rows = size.rows - 2;
	return (
		<Pane title={`Spent by ${by}, ${range}`} right={trendWords(state, look, columns - 30)} size={size} look={look}>
			{spentRowsOf(state, columns, rows, look).map((row, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen.
				<Line key={index} row={row} columns={columns} look={look} />
			))}
		</Pane>
	);
};

/** Titles, the dearest first, what is left out, and the sum: at most `rows`. */
const spentRowsOf = (state: CockpitState, columns: number, rows: number, look: Look): Row[] => {
	const {breakdown} = state.fetched;
	const {by} = state.pages.money;
	// What is on its way is another thing than what is there.
	const summary = breakdown?.value?.by === by ? breakdown.value : undefined;
	const words = resourceWordsOf(summary && breakdown, 'Nothing was spent.', summary?.rows.length === 0);
	if (!summary || words) return [[span(` ${words}`, 'muted')]];
	const lines = by === 'day' ? summary.rows.toReversed() : summary.rows;
	const isCut = lines.length > rows - 2;
	const shown = lines.slice(0, isCut ? rows - 3 : rows - 2);
	const total = {...summary.total, name: 'in all'};
	return [
		breakdownTitleOf(by, columns, look),
		...shown.map(row => breakdownRowOf(row, summary, columns, look)),
		...(isCut ? [[span(` ${lines.length - shown.length} more`, 'muted')]] : []),
		...breakdownRowOf(total, summary, columns, look).map(each => [{...each, style: 'strong' as const}]),
	];
};

/** `$4.20 ▂▃▅▂▁▇ by day` */
const trendWords = (state: CockpitState, {glyphs}: Look, columnsMax: number): string => {
	const {trend} = state.fetched;
	const isToday = state.pages.money.range === 'today';
	if (!trend?.value || trend.value.by !== (isToday ? 'hour' : 'day')) return '';
	const {nowMs} = state;
	const values = isToday ? hoursOf(trend.value, nowMs) : daysOf(trend.value, rangeSinceMsOf(state), nowMs);
	const spark = sparklineOf(values.slice(-Math.max(0, columnsMax)), glyphs);
	return spark === '' ? '' : `${costWordsOf(trend.value.total)} ${spark} by ${isToday ? 'hour' : 'day'}`;
};
