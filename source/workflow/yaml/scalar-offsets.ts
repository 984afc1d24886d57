/**
 * Where each character of a scalar's value stands in the YAML source, so that a name inside an expression can be pointed
 * at, whatever the style of the scalar.
 *
 * @param raw The scalar as written, quotes or block header included.
 * @returns Offset into `raw` of a character of `value`; near enough where an escape hides it.
 */
export const scalarOffsets = (raw: string, value: string, type: string | undefined): ((index: number) => number) => {
	if (type === 'PLAIN' && raw.startsWith(value)) return index => index;
	if (isQuoted(type) && raw.startsWith(value, 1)) return index => index + 1;
	let offsets: Uint32Array | undefined;
	return index => {
		offsets ??= alignedOffsets(raw, value, type);
		return offsets[Math.min(index, value.length)] ?? 0;
	};
};

const isQuoted = (type: string | undefined) => type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';

/** Walks both texts at once, skipping what YAML drops: indentation, line ends that fold, escapes. */
const alignedOffsets = (raw: string, value: string, type: string | undefined): Uint32Array => {
	const offsets = new Uint32Array(value.length + 1);
	let at = contentStartOf(raw, type);
	for (let index = 0; index < value.length; index++) {
		if (type === 'QUOTE_DOUBLE' && raw[at] === '\\' && raw[at + 1] !== '\n') {
			offsets[index] = at;
			at += escapeLengthOf(raw[at + 1]);
			continue;
		}

		const found = nextMatch(raw, at, value[index]!);
		if (found === -1) {
			offsets[index] = Math.min(at, raw.length);
			continue;
		}

		offsets[index] = found;
		at = found + (type === 'QUOTE_SINGLE' && raw[found] === "'" ? 2 : 1);
	}

	offsets[value.length] = at;
	return offsets;
};

const contentStartOf = (raw: string, type: string | undefined): number => {
	if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') return raw.indexOf('\n') + 1;
	return isQuoted(type) ? 1 : 0;
};

const escapeLengthOf = (letter: string | undefined): number =>
	letter === 'x' ? 4 : letter === 'u' ? 6 : letter === 'U' ? 10 : 2;

/** A fold turns a line end into a space; only white space and a continuation's backslash may be skipped. */
const nextMatch = (raw: string, from: number, wanted: string): number => {
	for (let at = from; at < raw.length; at++) {
		const character = raw[at]!;
		if (character === wanted) return at;
		if (wanted === ' ' && character === '\n') return at;
		if (!/[\s\\]/.test(character)) return -1;
	}

	return -1;
};
