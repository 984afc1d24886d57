import {isMap, isScalar, LineCounter, parseDocument} from 'yaml';

/** Settings at the top of a file, of whatever tool it is for. */
export interface FrontMatter {
	readonly keys: readonly string[];
	value(key: string): unknown;
	/** 1-based line of the file that a key stands on; 1 for one that is not there. */
	lineOf(key: string): number;
	/** Why it could not be read as YAML; its lines were then read one by one. */
	readonly problem?: {readonly line: number; readonly message: string};
}

const opening = /^---[ \t]*\n/;
const aliasesMax = 100;

/** @returns No front matter where the file does not begin with YAML between two lines `---`. */
export const readFrontMatter = (text: string): {readonly front?: FrontMatter; readonly bodyStart: number} => {
	const first = opening.exec(text);
	if (!first) return {bodyStart: 0};
	const closing = /(?:^|\n)---[ \t]*(?:\n|$)/.exec(text.slice(first[0].length));
	if (!closing) return {bodyStart: 0};
	const yaml = text.slice(first[0].length, first[0].length + closing.index);
	const bodyStart = first[0].length + closing.index + closing[0].length;
	return {front: frontMatterOf(yaml), bodyStart};
};

const frontMatterOf = (yaml: string): FrontMatter => {
	const lines = new LineCounter();
	try {
		const document = parseDocument(yaml, {lineCounter: lines, prettyErrors: false, uniqueKeys: false});
		const [error] = document.errors;
		if (error) {
			const message = error.message.split('\n')[0]!.replace(/\.$/, '');
			return readByLine(yaml, {line: lines.linePos(error.pos[0]).line + 1, message});
		}

		const found: unknown = document.toJS({maxAliasCount: aliasesMax});
		if (!isMap(document.contents) || typeof found !== 'object' || found === null) return readByLine(yaml, noMapping);
		const places = new Map<string, number>();
		for (const {key} of document.contents.items) {
			if (isScalar(key) && key.range) places.set(String(key.value), lines.linePos(key.range[0]).line + 1);
		}

		return frontMatterFrom(new Map(Object.entries(found)), places);
	} catch (failure) {
		return readByLine(yaml, {line: 2, message: (failure as Error).message.split('\n')[0]!});
	}
};

const noMapping = {line: 2, message: 'It is not a mapping of keys to values'};

/** Many files have front matter that is no YAML, such as `argument-hint: [issue] [priority]`; their authors mean lines. */
const readByLine = (yaml: string, problem: NonNullable<FrontMatter['problem']>): FrontMatter => {
	const values = new Map<string, unknown>();
	const places = new Map<string, number>();
	for (const [index, line] of yaml.split('\n').entries()) {
		const match = /^([A-Za-z][\w-]*):(?:[ \t]+(.*))?$/.exec(line);
		if (!match) continue;
		values.set(match[1]!, (match[2] ?? '').trim().replace(/^(["'])(.*)\1$/, '$2'));
		places.set(match[1]!, index + 2);
	}

	return frontMatterFrom(values, places, problem);
};

const frontMatterFrom = (
	values: ReadonlyMap<string, unknown>,
	places: ReadonlyMap<string, number>,
	problem?: FrontMatter['problem'],
): FrontMatter => ({
	keys: [...values.keys()],
	value: key => values.get(key),
	lineOf: key => places.get(key) ?? 1,
	problem,
});

/** @returns The text of a scalar; `undefined` for what is none, or empty. */
export const textOf = (value: unknown): string | undefined => {
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
};

/** A list of names is short; looking for its brackets costs the square of what is not. */
const listLengthMax = 4000;

/** `a, b` or `[a, b]` or a list over lines; commas inside of brackets are part of a word. */
export const listOf = (value: unknown): readonly string[] => {
	if (Array.isArray(value)) return value.flatMap(item => textOf(item) ?? []);
	const text = textOf(value);
	if (text === undefined) return [];
	const words =
		text
			.slice(0, listLengthMax)
			.replace(/^\[([\s\S]*)\]$/, '$1')
			.match(/(?:[^\s,()]|\([^)]*\))+/g) ?? [];
	return words.map(word => word.replace(/^(["'])(.*)\1$/, '$2'));
};

export const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
