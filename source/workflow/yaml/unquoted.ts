import {expressionEnd} from '../expression/template.ts';
import type {TextRange} from '../text/source-text.ts';

/**
 * Finds `${{ }}` that stands unquoted inside `{ … }` or `[ … ]`, where YAML reads its braces as more mappings and
 * answers with a storm of errors.
 *
 * @returns The whole plain values around the expressions, in order.
 */
export const unquotedExpressions = (text: string): readonly TextRange[] => {
	const found: TextRange[] = [];
	if (!text.includes('${{')) return found;
	const scan: Scan = {text, at: 0, depth: 0, plainStart: undefined};
	while (scan.at < text.length) {
		if (text.startsWith('${{', scan.at) && scan.depth > 0) {
			const end = plainEnd(text, scan.at);
			if (end === -1) return found;
			found.push({start: scan.plainStart ?? scan.at, end});
			scan.at = end;
			scan.plainStart = undefined;
		} else {
			step(scan);
		}
	}

	return found;
};

interface Scan {
	readonly text: string;
	at: number;
	/** How many flow collections are open. */
	depth: number;
	/** Where the plain value begins that `at` is inside of. */
	plainStart: number | undefined;
}

/** Moves over one token: enough YAML to know quotes, comments, block scalars and flow collections. */
const step = (scan: Scan): void => {
	const {text, at} = scan;
	const character = text[at]!;
	const isValueStart = scan.plainStart === undefined;
	const isBeforeSpace = /\s/.test(text[at + 1] ?? ' ');
	scan.at++;
	if (character === '\n' && scan.depth === 0) scan.plainStart = undefined;
	else if (/\s/.test(character)) return;
	else if (character === '#' && /\s/.test(text[at - 1] ?? ' ')) scan.at = lineEnd(text, at);
	else if (character === ':' && (isBeforeSpace || scan.depth > 0)) scan.plainStart = undefined;
	else if (scan.depth > 0 && character === ',') scan.plainStart = undefined;
	else if (scan.depth > 0 && (character === '}' || character === ']')) scan.depth--;
	else if (!isValueStart) return;
	else if (character === '{' || character === '[') scan.depth++;
	else if (character === '"' || character === "'") scan.at = quoteEnd(text, at);
	else if (scan.depth === 0 && (character === '|' || character === '>')) scan.at = blockEnd(text, at);
	else if (scan.depth === 0 && character === '-' && isBeforeSpace) return;
	else scan.plainStart = at;
};

const plainEnd = (text: string, from: number): number => {
	let at = from;
	while (at < text.length && !/[,}\]\n]/.test(text[at]!)) {
		if (text.startsWith('${{', at)) {
			const end = expressionEnd(text, at + 3);
			if (end === -1) return -1;
			at = end + 2;
		} else {
			at++;
		}
	}

	return from + text.slice(from, at).trimEnd().length;
};

const lineEnd = (text: string, at: number): number => {
	const end = text.indexOf('\n', at);
	return end === -1 ? text.length : end;
};

const quoteEnd = (text: string, start: number): number => {
	const quote = text[start]!;
	for (let at = start + 1; at < text.length; at++) {
		if (quote === '"' && text[at] === '\\') at++;
		else if (text[at] === quote) return at + 1;
	}

	return text.length;
};

/** A block scalar goes on while lines are empty or indented deeper than the line of its header. */
const blockEnd = (text: string, headerAt: number): number => {
	const headerLine = text.slice(text.lastIndexOf('\n', headerAt) + 1, headerAt);
	const indent = headerLine.length - headerLine.trimStart().length;
	let at = lineEnd(text, headerAt);
	while (at < text.length) {
		const next = text.slice(at + 1, lineEnd(text, at + 1));
		if (next.trim() !== '' && next.length - next.trimStart().length <= indent) return at;
		at = lineEnd(text, at + 1);
	}

	return at;
};
