import type {Tokens} from '../../source/run/events.ts';

/** @returns What a growing sum holds more than it did; never less than nothing. */
export const tokensSince = (sum: Tokens, before: Tokens | undefined): Tokens => {
	const of = (name: keyof Tokens) => Math.max(0, (sum[name] ?? 0) - (before?.[name] ?? 0));
	const cachedWrite = of('cachedWrite');
	return {
		input: of('input'),
		cachedInput: of('cachedInput'),
		...(cachedWrite > 0 && {cachedWrite}),
		output: of('output'),
		reasoning: of('reasoning'),
	};
};

export const isUsed = ({input, output}: Tokens): boolean => input + output > 0;

/** @returns A count that a foreign program reported; 0 for anything that is none. */
export const countOf = (value: unknown): number =>
	typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0;
