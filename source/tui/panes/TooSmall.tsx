import {cockpitLimits} from '../limits.ts';
import {Line} from '../parts/Line.tsx';
import type {CockpitState} from '../state.ts';
import {span} from '../text/row.ts';
import {wrap} from '../text/width.ts';
import type {Look} from '../theme.ts';

export const TooSmall = ({state, look}: {state: CockpitState; look: Look}) => {
	const {columns, rows} = state.size;
	const text = `The terminal is too small: ${columns}x${rows}. The cockpit needs ${cockpitLimits.columnsMin}x${cockpitLimits.rowsMin}. q quits; the runs go on.`;
	return wrap(text, columns)
		.slice(0, rows)
		.map(line => <Line key={line} row={[span(line)]} columns={columns} look={look} />);
};
