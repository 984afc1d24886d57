import stringWidth from 'string-width';

/**
 * Aligns cells by their width on a terminal; colours and wide characters do not shift a column.
 *
 * @returns One line a row, two spaces between columns, none at the end of a line.
 */
export const tableOf = (rows: readonly (readonly string[])[]): string[] => {
	const widths: number[] = [];
	for (const row of rows) {
		for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, stringWidth(cell));
	}

	return rows.map(row =>
		row
			.map((cell, column) => padEnd(cell, widths[column]!))
			.join('  ')
			.trimEnd(),
	);
};

export const padEnd = (text: string, width: number): string =>
	text + ' '.repeat(Math.max(0, width - stringWidth(text)));
