import {isDeepStrictEqual} from 'node:util';
import {type Document, isScalar, parse, parseDocument, type Scalar, visit} from 'yaml';
import type {VariableValue, VariableValues} from './definition.ts';
import {valueMisfit} from './failures.ts';
import {type Marker, markersOf, withMarkers} from './markers.ts';
import {printedValueOf} from './printed-value.ts';

/** A marker that cannot be replaced where it stands. */
export interface MisplacedMarker extends Marker {
	readonly because: string;
}

/** @returns The markers that are no part of a value, or part of one that is evaluated. */
export const misplacedInYaml = (text: string): MisplacedMarker[] => {
	const document = parsed(text);
	const places = placesOf(document);
	const [broken] = document.errors;
	return markersOf(text).flatMap(marker => {
		if (broken) return {...marker, because: `the YAML around it cannot be read (${broken.message})`};
		const place = places.find(({start, end}) => start <= marker.start && marker.end <= end);
		const because = place
			? becauseOf(place.key, text.slice(place.start, place.end))
			: 'in YAML a marker stands for a value or a part of one, never for a key or in a comment';
		return because === undefined ? [] : [{...marker, because}];
	});
};

/**
 * Puts values into YAML so that what is read from it is the same with each value in its place, whatever is in the value: a
 * marker that is a whole plain value takes the value with its type, any other becomes text.
 */
export const valuesIntoYaml = (text: string, values: VariableValues): string => {
	if (markersOf(text).length === 0) return text;
	const document = parsed(text);
	let result = '';
	let at = 0;
	const places = placesOf(document);
	for (const place of places) {
		const {start, end} = place;
		const value = filledValueOf(place.scalar, values);
		result += text.slice(at, start) + writtenScalar(place, text.slice(start, end), value, values);
		at = end;
	}

	result += text.slice(at);
	if (!isReadAs(result, expectedOf(text, values))) throw valueMisfit('the YAML around it');
	return result;
};

interface Place {
	readonly scalar: Scalar;
	/** Of the scalar in the text, without what follows it. */
	readonly start: number;
	readonly end: number;
	/** Of the mapping it is a value in. */
	readonly key: string | undefined;
}

/** Values are never evaluated: an expression, a query or code does not take any. */
const codeKeys: ReadonlySet<string> = new Set(['if', 'until', 'transform', 'expression', 'query']);

const becauseOf = (key: string | undefined, raw: string): string | undefined => {
	if (key !== undefined && codeKeys.has(key)) return `\`${key}\` is evaluated, and values never become code`;
	return isInExpression(raw) ? 'it stands in an expression, and values never become code' : undefined;
};

export const isInExpression = (raw: string): boolean =>
	Array.from(raw.matchAll(/\$\{\{[\s\S]*?(?:\}\}|$)/g)).some(([expression]) => markersOf(expression).length > 0);

const parsed = (text: string): Document => parseDocument(text, {prettyErrors: false});

/** The scalars with a marker in them, in their order in the text. */
const placesOf = (document: Document): Place[] => {
	const places: Place[] = [];
	visit(document, {
		Scalar(role, scalar, ancestors) {
			if (role === 'key' || typeof scalar.value !== 'string' || !scalar.range) return;
			if (markersOf(scalar.value).length === 0) return;
			const pair = ancestors.findLast(each => typeof each === 'object' && each !== null && 'key' in each);
			const key = pair && 'key' in pair && isScalar(pair.key) ? String(pair.key.value) : undefined;
			places.push({scalar, start: scalar.range[0], end: scalar.range[1], key});
		},
	});
	return places.sort((a, b) => a.start - b.start);
};

const filledValueOf = (scalar: Scalar, values: VariableValues): VariableValue => {
	const text = scalar.value as string;
	const [marker] = markersOf(text);
	const isWhole = scalar.type === 'PLAIN' && marker!.start === 0 && marker!.end === text.length;
	return isWhole ? values[marker!.name]! : withMarkers(text, name => printedValueOf(values[name]!));
};

const expectedOf = (text: string, values: VariableValues): unknown => {
	const document = parsed(text);
	for (const {scalar} of placesOf(document)) scalar.value = filledValueOf(scalar, values);
	return document.toJS();
};

const writtenScalar = ({scalar}: Place, raw: string, value: VariableValue, values: VariableValues): string => {
	if (typeof value !== 'string') return jsonOf(value);
	if (scalar.type !== 'BLOCK_LITERAL') return scalar.type === 'BLOCK_FOLDED' ? `${jsonOf(value)}\n` : scalarOf(value);
	const block = blockOf(raw, values);
	// What a block cannot hold, such as a first line that begins with spaces, is written as a quoted text.
	return isReadAs(`key: ${block}`, {key: value}) ? block : `${jsonOf(value)}\n`;
};

const isReadAs = (text: string, value: unknown): boolean => {
	try {
		return isDeepStrictEqual(parse(text), value);
	} catch {
		return false;
	}
};

/** Each further line of a value begins where the line with its marker does. */
const blockOf = (raw: string, values: VariableValues): string =>
	withMarkers(raw, (name, {start}) => {
		const indent = /[ ]*/.exec(raw.slice(raw.lastIndexOf('\n', start) + 1))![0];
		return printedValueOf(values[name]!).replaceAll('\n', `\n${indent}`);
	});

/** Plain where that is surely a text and nothing else, also within `{ }` and `[ ]`. */
const scalarOf = (value: string): string =>
	/^[A-Za-z0-9_./](?:[A-Za-z0-9_./ +-]*[A-Za-z0-9_./+-])?$/.test(value) && parse(value) === value
		? value
		: jsonOf(value);

/** JSON is YAML, but for a few characters that YAML wants escaped. */
const jsonOf = (value: VariableValue): string =>
	JSON.stringify(value)
		.replaceAll(
			/[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g,
			character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
		)
		.replaceAll('","', '", "');
