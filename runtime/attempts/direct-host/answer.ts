/** @returns What a step hands over: an object as it is, anything else as `result`. */
export const outputsOf = (result: unknown): Readonly<Record<string, unknown>> =>
	typeof result === 'object' && result !== null && !Array.isArray(result)
		? (result as Readonly<Record<string, unknown>>)
		: {result};

/** @returns A value for people: text as it is, else JSON. */
export const textOf = (result: unknown): string =>
	typeof result === 'string' ? result : JSON.stringify(result, null, 2);
