import type {Row} from '../text/row.ts';
import type {Look} from '../theme.ts';
import {Line} from './Line.tsx';

interface Props {
	readonly rows: readonly Row[];
	readonly columns: number;
	readonly look: Look;
}

/** Rows of the screen one below the other; at most as many as there is room for. */
export const Rows = ({rows, columns, look}: Props) =>
	rows.map((row, index) => (
		// biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen.
		<Line key={index} row={row} columns={columns} look={look} />
	));
