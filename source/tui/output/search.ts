import type {OutputLine} from './buffer.ts';

/** Case counts as soon as what is looked for has a capital letter. */
export const foldedFor = (search: string): ((text: string) => string) =>
	search === search.toLowerCase() ? text => text.toLowerCase() : text => text;

const found = new WeakMap<readonly OutputLine[], {readonly search: string; readonly numbers: readonly number[]}>();

/** @returns Numbers of the lines that have it, in order; none for an empty search. */
export const matchesOf = (lines: readonly OutputLine[], search: string): readonly number[] => {
	if (search === '') return [];
	const known = found.get(lines);
	if (known?.search === search) return known.numbers;
	const fold = foldedFor(search);
	const numbers = lines.flatMap(({number, text}) => (fold(text).includes(search) ? [number] : []));
	found.set(lines, {search, numbers});
	return numbers;
};

/** @returns The first after `from`, or before it; past an end it goes on at the other one. */
export const matchAfter = (numbers: readonly number[], from: number, by: 1 | -1): number | undefined =>
	by > 0
		? (numbers.find(number => number > from) ?? numbers[0])
		: (numbers.findLast(number => number < from) ?? numbers.at(-1));

/** @returns Number of the next line that looks like an error, after `from` or from the start again. */
export const errorAfter = (lines: readonly OutputLine[], from: number): number | undefined =>
	lines.find(({number, text}) => number > from && looksLikeError(text))?.number ??
	lines.find(({text}) => looksLikeError(text))?.number;

/** Words that compilers, test runners and shells use, and not `0 errors` or `no failures`. */
const errorPattern =
	/(?<!\b(?:0|no) )\b(?:errors?|fatal|panic(?:ked)?|exceptions?|traceback|failed|failures?|not ok|segmentation fault|command not found|permission denied)\b(?!: 0\b)|[✗✘×]/i;
/** `TypeError`, `FAIL` */
const errorNamePattern = /\b[A-Z]\w*(?:Error|Exception)\b|\bFAIL\b/;

const looksLikeError = (text: string): boolean => errorPattern.test(text) || errorNamePattern.test(text);
