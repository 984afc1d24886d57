/** A YAML value with its places in the file. Aliases are resolved, keys are text. */
export type YamlNode = YamlScalar | YamlList | YamlMap | YamlBroken;

export interface YamlScalar {
	readonly kind: 'scalar';
	readonly start: number;
	readonly value: string | number | boolean | null;
	/** The value as text: `1.10` stays `1.10`, nothing is the empty string. */
	readonly text: string;
	/** @returns The place in the file of a character of `text`. */
	offsetOf(index: number): number;
}

export interface YamlList {
	readonly kind: 'list';
	readonly start: number;
	readonly items: readonly YamlNode[];
}

export interface YamlMap {
	readonly kind: 'map';
	readonly start: number;
	readonly entries: readonly YamlEntry[];
}

export interface YamlEntry {
	readonly key: string;
	readonly keyStart: number;
	readonly value: YamlNode;
}

/** A value that was reported already; whoever meets it stays silent. */
export interface YamlBroken {
	readonly kind: 'broken';
	readonly start: number;
}

export const entryOf = (map: YamlMap, key: string): YamlEntry | undefined =>
	map.entries.find(entry => entry.key === key);

/** @returns The value as plain JSON. */
export const plainValueOf = (node: YamlNode): unknown => {
	if (node.kind === 'scalar') return node.value;
	if (node.kind === 'list') return node.items.map(item => plainValueOf(item));
	if (node.kind === 'map') return Object.fromEntries(node.entries.map(({key, value}) => [key, plainValueOf(value)]));
	return null;
};

/** @returns What a value is, in the words of a message. */
export const nounOf = (node: YamlNode): string => {
	if (node.kind === 'list') return 'a list';
	if (node.kind === 'map') return 'a mapping';
	if (node.kind === 'broken' || node.value === null) return 'nothing';
	if (typeof node.value === 'string') return `the text "${shortened(node.value)}"`;
	return `the ${typeof node.value} ${node.text}`;
};

/** @returns What to write where a mapping was expected: `model:opus` → ``Write `model: opus`.`` */
export const mappingSuggestion = (node: YamlNode, otherwise: string): string => {
	const match = node.kind === 'scalar' ? /^([\w-]+)\s*(?::[\u00A0\u202F]?|=\s*)(\S.*)$/.exec(node.text) : null;
	return match ? `Write \`${match[1]}: ${shortened(match[2]!)}\`, with a usual space after the colon.` : otherwise;
};

/** @returns A text on one line, cut to a length that a message can hold. */
export const shortened = (text: string, lengthMax = 60): string => {
	const line = text.replaceAll(/\s+/g, ' ').trim();
	return line.length <= lengthMax ? line : `${line.slice(0, lengthMax - 1)}…`;
};
