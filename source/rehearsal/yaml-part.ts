import {type Document, isMap, isNode, isScalar, LineCounter, parseDocument} from 'yaml';

/** YAML that stands somewhere in a file. */
export interface YamlPart {
	readonly content: unknown;
	readonly error?: {readonly message: string; readonly position: Position};
	/** Of the deepest part of a path that is there: its key, where it has one. */
	readonly positionOf: (path: readonly PropertyKey[]) => Position;
}

/** 1-based, in the file. */
export interface Position {
	readonly line: number;
	readonly column: number;
}

/** @param linesBefore How many lines of the file stand above the text. */
export const readYamlPart = (text: string, linesBefore: number): YamlPart => {
	const lineCounter = new LineCounter();
	const document = parseDocument(text, {lineCounter, logLevel: 'error', prettyErrors: false});
	const positionAt = (offset: number): Position => {
		const {line, col} = lineCounter.linePos(offset);
		return {line: Math.max(1, line) + linesBefore, column: Math.max(1, col)};
	};
	const [error] = document.errors;
	return {
		content: error ? undefined : document.toJS(),
		...(error && {error: {message: error.message.split('\n')[0]!, position: positionAt(error.pos[0])}}),
		positionOf: path => positionAt(offsetOf(document, path)),
	};
};

const offsetOf = (document: Document, path: readonly PropertyKey[]): number => {
	let node: unknown = document.contents;
	let offset = 0;
	for (const part of path) {
		if (isMap(node)) {
			const pair = node.items.find(({key}) => isScalar(key) && String(key.value) === String(part));
			if (!pair) break;
			if (isNode(pair.key) && pair.key.range) offset = pair.key.range[0];
			node = pair.value;
		} else {
			const item: unknown = (node as {items?: readonly unknown[]} | null)?.items?.[Number(part)];
			if (!isNode(item)) break;
			if (item.range) offset = item.range[0];
			node = item;
		}
	}

	return offset;
};
