import {readFileSync, statSync} from 'node:fs';
import {isMap, isScalar, LineCounter, parseDocument} from 'yaml';
import {AiworkflowError} from '../../source/errors.ts';
import type {Diagnostic} from '../../source/workflow/diagnostics.ts';

/** USD for a million tokens; `request`: USD for one request. */
export interface PriceEntry {
	readonly input?: number;
	readonly output?: number;
	/** Missing: as `input`. */
	readonly cachedInput?: number;
	/** Missing: as `input`. */
	readonly cachedWrite?: number;
	readonly request?: number;
}

/** Prices of one file, by name or pattern (`*`) of the model, in the order of the file. */
export type PriceList = readonly (readonly [pattern: string, entry: PriceEntry])[];

const keys = ['input', 'output', 'cached-input', 'cached-write', 'request'] as const;

/**
 * Reads `models: { "name-or-pattern": { input, output, cached-input, cached-write, request } }`. Pure.
 *
 * @returns Every problem with its place; prices only where there is none.
 */
export const parsePrices = (
	text: string,
	file: string,
): {readonly prices: PriceList; readonly diagnostics: Diagnostic[]} => {
	const lineCounter = new LineCounter();
	const document = parseDocument(text, {lineCounter, logLevel: 'error'});
	const diagnostics: Diagnostic[] = [];
	const report = (offset: number, message: string, suggestion?: string) => {
		const {line, col} = lineCounter.linePos(offset);
		const source = text.split('\n')[line - 1]?.slice(0, 200);
		diagnostics.push({
			code: 'prices.invalid',
			severity: 'error',
			message,
			suggestion,
			file,
			line,
			column: col,
			source: source ?? '',
		});
	};

	for (const error of document.errors) report(error.pos[0], error.message.split('\n')[0]!);
	const root = document.contents;
	const example = 'Write `models: { "gpt-5*": { input: 1.25, output: 10 } }`, in USD for a million tokens.';
	if (root !== null && !isMap(root)) report(0, 'A price file is a mapping.', example);
	const prices: [string, PriceEntry][] = [];
	for (const {key, value} of isMap(root) ? root.items : []) {
		const start = offsetOf(key);
		if (String(key) !== 'models') report(start, `\`${String(key)}\` is no key of a price file.`, example);
		else if (isMap(value)) prices.push(...value.items.flatMap(item => entryOf(item, report)));
		else if (value !== null) report(offsetOf(value), '`models` must be a mapping.', example);
	}

	return {prices: diagnostics.length > 0 ? [] : prices, diagnostics};
};

type ReportProblem = (offset: number, message: string, suggestion?: string) => void;

const entryOf = (
	{key, value}: {readonly key: unknown; readonly value: unknown},
	report: ReportProblem,
): [string, PriceEntry][] => {
	const name = String(key);
	if (!isMap(value)) {
		report(
			offsetOf(key),
			`\`${name}\` must be a mapping of prices.`,
			`Write \`${name}: { input: 3.00, output: 15.00 }\`.`,
		);
		return [];
	}

	const entry: Record<string, number> = {};
	for (const {key: part, value: amount} of value.items) {
		const known = keys.find(each => each === String(part));
		const number = isScalar(amount) ? amount.value : undefined;
		if (!known) report(offsetOf(part), `\`${String(part)}\` is no price.`, `The prices are: ${keys.join(', ')}.`);
		else if (typeof number !== 'number' || !Number.isFinite(number) || number < 0)
			report(offsetOf(amount), `\`${known}\` must be a number of USD, 0 or more.`);
		else entry[known.replace(/-(.)/, (_, letter: string) => letter.toUpperCase())] = number;
	}

	if (entry.request === undefined && (entry.input === undefined || entry.output === undefined))
		report(
			offsetOf(key),
			`\`${name}\` has no price for ${entry.input === undefined ? '`input`' : '`output`'}.`,
			'Give both, or `request`.',
		);
	return [[name, entry]];
};

const offsetOf = (node: unknown): number => (node as {range?: readonly number[] | null} | null)?.range?.[0] ?? 0;

/** @returns The first entry that fits; a name written out comes before patterns. */
export const priceIn = (prices: PriceList, model: string): PriceEntry | undefined =>
	(prices.find(([pattern]) => pattern === model) ?? prices.find(([pattern]) => fits(pattern, model)))?.[1];

const fits = (pattern: string, model: string): boolean =>
	pattern.includes('*') &&
	new RegExp(
		`^${pattern
			.split('*')
			.map(part => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
			.join('.*')}$`,
	).test(model);

/** A file that is read again when it has changed. @throws AiworkflowError `prices.invalid`. */
export const createPriceFile = (file: string): (() => PriceList) => {
	let version = '';
	let prices: PriceList = [];
	return () => {
		const found = statSync(file, {throwIfNoEntry: false, bigint: true});
		const now = found ? `${found.mtimeNs} ${found.size} ${found.ino}` : '';
		if (now === version) return prices;
		const parsed = found ? parsePrices(readFileSync(file, 'utf8'), file) : {prices: [], diagnostics: []};
		const [first] = parsed.diagnostics;
		if (first) {
			throw new AiworkflowError({
				code: 'prices.invalid',
				message: `${file}:${first.line}:${first.column}: ${first.message}`,
				suggestion: first.suggestion ?? 'Mend the file; docs/costs.md describes it.',
				diagnostics: parsed.diagnostics,
			});
		}

		version = now;
		prices = parsed.prices;
		return prices;
	};
};
