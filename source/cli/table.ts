import stringWidth from 'string-width';

export interface Fit {
	/** Of the terminal; `undefined` where there is none: nothing is cut for a file or a pipe. */
	readonly columns: number | undefined;
	/** Index of the cell that gives way. */
	readonly cell: number;
}

const cellColumnsMin = 12;

/**
 * Aligns cells by their width on a terminal; colours and wide characters do not shift a column.
 *
 * @returns One line a row, two spaces between columns, none at the end of a line.
 */
export const tableOf = (rows: readonly (readonly string[])[], fit?: Fit): string[] => {
	const widths: number[] = [];
	for (const row of rows) {
		for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, stringWidth(cell));
	}

	if (fit?.columns !== undefined && widths[fit.cell] !== undefined) {
		const excess = widths.reduce((sum, width) => sum + width + 2, -2) - fit.columns;
		widths[fit.cell] = Math.min(widths[fit.cell]!, Math.max(cellColumnsMin, widths[fit.cell]! - excess));
	}

	return rows.map(row =>
		row
			.map((cell, column) => padEnd(cutTo(cell, widths[column]!), widths[column]!))
			.join('  ')
			.trimEnd(),
	);
};

export const padEnd = (text: string, width: number): string =>
	text + ' '.repeat(Math.max(0, width - stringWidth(text)));

/** @returns The text in at most `width` columns; colours are kept to the end, so that none goes on behind it. */
const cutTo = (text: string, width: number): string => {
	if (stringWidth(text) <= width) return text;
	let left = width - 1;
	let cut = '';
	for (const piece of text.split(/(\u001B\[[\d;]*m)/)) {
		if (piece.startsWith('\u001B')) cut += piece;
		else {
			for (const {segment} of segmenter.segment(piece)) {
				left -= stringWidth(segment);
				if (left < 0) break;
				cut += segment;
			}
		}
	}

	return `${cut}…`;
};

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});
