import {type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar} from 'yaml';
import {splitTemplate} from '../expression/template.ts';
import type {Report} from '../text/report.ts';
import {scalarOffsets} from './scalar-offsets.ts';
import {shortened, type YamlEntry, type YamlNode} from './tree.ts';

interface ConvertOptions {
	readonly report: Report;
	readonly document: Document;
	readonly text: string;
	readonly fileOffset: (at: number) => number;
	/** The document is known to be wrong already. */
	readonly isSilent: boolean;
}

interface Conversion extends ConvertOptions {
	readonly anchors: Map<string, {readonly node: YamlNode; readonly size: number}>;
	/** Values so far, aliases followed. */
	size: number;
	isRefused: boolean;
}

/** A few lines of aliases can stand for billions of values. */
const valuesMax = 20_000;
const depthMax = 64;

/** @returns `broken` where the document is too large or too deep. */
export const convertDocument = (options: ConvertOptions): YamlNode => {
	const conversion: Conversion = {...options, anchors: new Map(), size: 0, isRefused: false};
	const root = convert(conversion, options.document.contents as Node | null, 0, 0);
	return conversion.isRefused ? {kind: 'broken', start: root.start} : root;
};

const convert = (conversion: Conversion, node: Node | null, at: number, depth: number): YamlNode => {
	const start = node?.range?.[0] ?? at;
	if (conversion.isRefused) return broken(conversion, start);
	const sizeBefore = conversion.size;
	if (++conversion.size > valuesMax) return tooLarge(conversion, start);
	if (depth > depthMax) return tooDeep(conversion, start);
	if (isAlias(node)) return convertAlias(conversion, node.source, start);
	if (node?.tag?.startsWith('!')) return refusedTag(conversion, node.tag, start);
	const result = convertPlain(conversion, node, start, depth);
	const anchor = node && 'anchor' in node ? node.anchor : undefined;
	if (anchor) conversion.anchors.set(anchor, {node: result, size: conversion.size - sizeBefore});
	return result;
};

const convertAlias = (conversion: Conversion, name: string, start: number): YamlNode => {
	const target = conversion.anchors.get(name);
	if (!target) {
		const message = `There is no anchor \`&${name}\` before this alias.`;
		return fail(conversion, start, 'yaml.alias-unknown', message, 'Quote the value if the `*` belongs to it.');
	}

	conversion.size += target.size;
	return conversion.size > valuesMax ? tooLarge(conversion, start) : target.node;
};

const convertPlain = (conversion: Conversion, node: Node | null, start: number, depth: number): YamlNode => {
	const fileStart = conversion.fileOffset(start);
	if (isMap(node) && conversion.text.startsWith('{{', start)) {
		const message = 'YAML reads `{{` as a mapping inside a mapping.';
		return fail(conversion, start, 'yaml.double-brace', message, 'Write `"${{ … }}"` for an expression, in quotes.');
	}

	if (isMap(node)) return {kind: 'map', start: fileStart, entries: entriesOf(conversion, node.items, start, depth)};
	if (isScalar(node)) return convertScalar(conversion, node, start);
	if (!isSeq(node)) return {kind: 'scalar', start: fileStart, value: null, text: '', offsetOf: () => fileStart};
	const items = node.items.map(item => convert(conversion, item as Node | null, start, depth + 1));
	return {kind: 'list', start: fileStart, items};
};

const convertScalar = (conversion: Conversion, node: Scalar, start: number): YamlNode => {
	const {text, fileOffset} = conversion;
	const value = isJsonScalar(node.value) ? node.value : null;
	if (isCutByComment(node)) {
		const message = 'YAML takes what follows ` #` for a comment, so this expression has no end.';
		return fail(conversion, start, 'yaml.comment', message, 'Put the whole value into double quotes.');
	}

	const valueText = typeof value === 'string' ? value : value === null ? '' : (node.source ?? String(value));
	const local = scalarOffsets(text.slice(start, node.range?.[1] ?? start), valueText, node.type);
	return {
		kind: 'scalar',
		start: fileOffset(start),
		value,
		text: valueText,
		offsetOf: index => fileOffset(start + local(index)),
	};
};

const isCutByComment = ({type, value, comment}: Scalar): boolean =>
	type === 'PLAIN' &&
	typeof value === 'string' &&
	typeof comment === 'string' &&
	splitTemplate(value).some(part => part.kind === 'unclosed');

const isJsonScalar = (value: unknown): value is string | number | boolean =>
	typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const entriesOf = (conversion: Conversion, items: readonly Pair[], mapStart: number, depth: number): YamlEntry[] => {
	const entries = new Map<string, YamlEntry>();
	for (const {key, value} of items as readonly Pair<Node | null, Node | null>[]) {
		const keyStart = key?.range?.[0] ?? mapStart;
		const converted = convert(conversion, value, key?.range?.[1] ?? keyStart, depth + 1);
		const name = isScalar(key) ? String(key.source ?? key.value ?? '') : undefined;
		const first = name === undefined ? undefined : entries.get(name);
		if (name === undefined || name === '<<') {
			const message = name ? 'YAML merge keys (`<<`) are not supported.' : 'A key must be plain text.';
			fail(conversion, keyStart, 'yaml.key-invalid', message, 'Write `key: value`.');
		} else if (oddSpace.test(name)) {
			const message = 'There is a non-breaking space at this key, which YAML takes for a letter.';
			fail(conversion, keyStart, 'yaml.space-invalid', message, 'Type the space anew.');
		} else if (first) {
			const {line} = conversion.report.source.positionOf(first.keyStart);
			const message = `\`${shortened(name)}\` stands twice; the first is on line ${line}.`;
			fail(conversion, keyStart, 'yaml.key-duplicate', message, 'Keep one of them.');
		} else {
			entries.set(name, {key: name, keyStart: conversion.fileOffset(keyStart), value: converted});
		}
	}

	return [...entries.values()];
};

const oddSpace = /^[\u00A0\u2007\u202F\u3000\u200B\uFEFF]|[\u00A0\u2007\u202F\u3000\u200B\uFEFF]$/;

/** `if: !cancelled()` without quotes: YAML takes the `!` for its own. */
const refusedTag = (conversion: Conversion, tag: string, start: number): YamlNode => {
	const tagStart = Math.max(0, conversion.text.lastIndexOf(tag, start));
	const value = conversion.text.slice(tagStart).split('\n', 1)[0]!.trim();
	const message = `YAML reads \`${shortened(tag)}\` as a tag, not as part of the value.`;
	return fail(
		conversion,
		tagStart,
		'yaml.tag',
		message,
		`Quote the value: \`${JSON.stringify(shortened(value, 120))}\`.`,
	);
};

const tooLarge = (conversion: Conversion, start: number): YamlNode => {
	conversion.isRefused = true;
	const message = `This YAML stands for more than ${valuesMax} values.`;
	return fail(conversion, start, 'yaml.too-large', message, 'Write less, or use fewer aliases.');
};

const tooDeep = (conversion: Conversion, start: number): YamlNode => {
	conversion.isRefused = true;
	const message = `This YAML is nested more than ${depthMax} levels deep.`;
	return fail(conversion, start, 'yaml.too-deep', message, 'Flatten it.');
};

const fail = (conversion: Conversion, start: number, code: string, message: string, suggestion: string): YamlNode => {
	const {report, fileOffset, isSilent} = conversion;
	if (!isSilent) report.error(code, fileOffset(start), message, suggestion);
	return broken(conversion, start);
};

const broken = ({fileOffset}: Conversion, start: number): YamlNode => ({kind: 'broken', start: fileOffset(start)});
