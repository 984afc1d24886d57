/** What stands in the place of a secret. */
const mask = '***';
/** Shorter values would mask ordinary text. */
const secretCharactersMin = 4;

/**
 * Masks secrets in a text that comes in parts. A part that may end in the beginning of a secret is held back until the
 * next one shows whether it is.
 */
export interface Masker {
	/** @returns What can be shown by now. */
	push(part: string): string;
	/** @returns What was held back. */
	end(): string;
	/** Bytes of what is held back at this moment. */
	heldBytes(): number;
}

export const createMasker = (secrets: readonly string[]): Masker => {
	const values = secrets.filter(secret => secret.length >= secretCharactersMin).sort((a, b) => b.length - a.length);
	let held = '';
	return {
		push(part) {
			if (values.length === 0) return part;
			const text = maskAll(held + part, values);
			const heldLength = partialSecretLength(text, values);
			held = text.slice(text.length - heldLength);
			return text.slice(0, text.length - heldLength);
		},
		end() {
			const rest = held;
			held = '';
			return rest;
		},
		heldBytes: () => Buffer.byteLength(held),
	};
};

/** Masks secrets in a whole text. */
export const maskText = (text: string, secrets: readonly string[]): string =>
	maskAll(
		text,
		secrets.filter(secret => secret.length >= secretCharactersMin),
	);

const maskAll = (text: string, values: readonly string[]) =>
	values.reduce((masked, value) => masked.replaceAll(value, mask), text);

/** @returns How many characters at the end of the text are the beginning of some secret. */
const partialSecretLength = (text: string, values: readonly string[]): number => {
	const longest = Math.min(text.length, (values[0]?.length ?? 1) - 1);
	for (let length = longest; length > 0; length--) {
		const end = text.slice(text.length - length);
		if (values.some(value => value.length > length && value.startsWith(end))) return length;
	}

	return 0;
};
