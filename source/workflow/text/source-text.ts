/** A workflow file as the parser sees it: no byte order mark, every line ending a line feed. */
export interface SourceText {
	readonly file: string;
	readonly text: string;
	positionOf(offset: number): Position;
	/** @returns The line itself, cut to a sane length. */
	lineAt(line: number): string;
}

export interface Position {
	/** 1-based. */
	readonly line: number;
	/** 1-based, in UTF-16 units as editors count them. */
	readonly column: number;
}

export interface TextRange {
	readonly start: number;
	/** After the last character. */
	readonly end: number;
}

const lineLengthMax = 240;

export const sourceTextOf = (raw: string, file: string): SourceText => {
	const text = raw.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
	const starts = lineStartsOf(text);

	const positionOf = (offset: number): Position => {
		const at = Math.min(Math.max(0, offset), text.length);
		let low = 0;
		let high = starts.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if (starts[middle]! <= at) low = middle;
			else high = middle - 1;
		}

		return {line: low + 1, column: at - starts[low]! + 1};
	};

	const lineAt = (line: number): string => {
		const start = starts[line - 1] ?? text.length;
		const end = text.indexOf('\n', start);
		return text.slice(start, Math.min(end === -1 ? text.length : end, start + lineLengthMax));
	};

	return {file, text, positionOf, lineAt};
};

const lineStartsOf = (text: string): readonly number[] => {
	const starts = [0];
	for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
	return starts;
};
