export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** @returns The object, or an empty one in the place of anything else: documents say all kinds of things. */
export const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** @returns What a JSON pointer without `#` leads to; `undefined`: nothing. */
export const atPointer = (value: unknown, pointer: string): unknown => {
	let found = value;
	for (const token of pointer.split('/').slice(1)) {
		const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
		if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
		found = (found as Record<string, unknown>)[key];
	}

	return found;
};
