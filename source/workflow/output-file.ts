import {canBeReferenced} from './text/names.ts';

export interface ParsedOutputs {
	readonly outputs: Record<string, unknown>;
	/** The first thing that could not be read, in words without a full stop; what came before it is in `outputs`. */
	readonly problem?: string;
}

/**
 * Reads what a script appended to `$OUTPUT`: `name=value` lines, `name<<END` blocks and JSON objects, in any order. A
 * later value replaces an earlier one. Values are text unless they come from JSON.
 */
export const parseOutputs = (text: string): ParsedOutputs => {
	const entries: [string, unknown][] = [];
	const cursor: Cursor = {text: text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'), at: 0, line: 1};
	while (cursor.at < cursor.text.length) {
		const problem = readEntry(cursor, entries);
		if (problem) return {outputs: Object.fromEntries(entries), problem};
	}

	return {outputs: Object.fromEntries(entries)};
};

interface Cursor {
	readonly text: string;
	at: number;
	/** 1-based. */
	line: number;
}

/** @returns A problem, or `undefined` after one entry or empty line. */
const readEntry = (cursor: Cursor, entries: [string, unknown][]): string | undefined => {
	const startLine = cursor.line;
	const lineStart = cursor.at;
	const line = nextLine(cursor);
	if (line.trim() === '') return undefined;
	if (line.trimStart().startsWith('{')) {
		cursor.at = lineStart;
		cursor.line = startLine;
		return readJson(cursor, entries);
	}

	const equals = line.indexOf('=');
	const heredoc = line.indexOf('<<');
	const isBlock = heredoc !== -1 && (equals === -1 || heredoc < equals);
	if (!isBlock && equals === -1)
		return `line ${startLine} of $OUTPUT is neither \`name=value\`, \`name<<END\` nor JSON: ${quoted(line)}`;
	const name = line.slice(0, isBlock ? heredoc : equals).trim();
	if (!canBeReferenced(name)) return `line ${startLine} of $OUTPUT: ${quoted(name)} cannot be the name of an output`;
	if (!isBlock) {
		entries.push([name, line.slice(equals + 1)]);
		return undefined;
	}

	const end = line.slice(heredoc + 2).trim();
	if (end === '') return `line ${startLine} of $OUTPUT: \`${name}<<\` does not say how its block ends`;
	const lines: string[] = [];
	while (cursor.at < cursor.text.length) {
		const next = nextLine(cursor);
		if (next === end) {
			entries.push([name, lines.join('\n')]);
			return undefined;
		}

		lines.push(next);
	}

	return `the block \`${name}<<${end}\` on line ${startLine} of $OUTPUT has no line \`${end}\` at its end`;
};

const nextLine = (cursor: Cursor): string => {
	const end = cursor.text.indexOf('\n', cursor.at);
	const line = cursor.text.slice(cursor.at, end === -1 ? undefined : end);
	cursor.at = end === -1 ? cursor.text.length : end + 1;
	cursor.line++;
	return line;
};

const readJson = (cursor: Cursor, entries: [string, unknown][]): string | undefined => {
	const startLine = cursor.line;
	const end = objectEnd(cursor.text, cursor.at);
	const source = cursor.text.slice(cursor.at, end);
	try {
		for (const [name, value] of Object.entries(JSON.parse(source) as Record<string, unknown>)) {
			if (!canBeReferenced(name))
				return `line ${startLine} of $OUTPUT: ${quoted(name)} cannot be the name of an output`;
			entries.push([name, value]);
		}
	} catch (error) {
		return `the JSON on line ${startLine} of $OUTPUT cannot be read: ${(error as Error).message}`;
	}

	cursor.line += source.split('\n').length - 1;
	cursor.at = end;
	// Several objects may stand on one line; other text after one may not.
	if (/^[ \t]*\{/.test(cursor.text.slice(end, end + 1000))) return undefined;
	const rest = nextLine(cursor);
	return rest.trim() === ''
		? undefined
		: `there is text after the JSON on line ${cursor.line - 1} of $OUTPUT: ${quoted(rest)}`;
};

/** @returns After the brace that closes the object; the end of the text where none does. */
const objectEnd = (text: string, from: number): number => {
	let depth = 0;
	let isQuoted = false;
	for (let at = from; at < text.length; at++) {
		const character = text[at];
		if (isQuoted) {
			if (character === '\\') at++;
			else if (character === '"') isQuoted = false;
		} else if (character === '"') isQuoted = true;
		else if (character === '{') depth++;
		else if (character === '}' && --depth === 0) return at + 1;
	}

	return text.length;
};

const quoted = (text: string): string => JSON.stringify(text.length <= 60 ? text : `${text.slice(0, 59)}…`);
