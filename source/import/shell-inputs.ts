import type {Notes} from './notes.ts';

/**
 * Puts variables where a shell command has placeholders, quoted so that a value stays one word and never becomes code.
 *
 * @param pattern Global.
 * @param inputFor Name of the input that a placeholder stands for.
 */
export const shellWithInputs = (
	code: string,
	pattern: RegExp,
	inputFor: (placeholder: string) => string,
	line: number,
	notes: Notes,
): string => {
	let isTold = false;
	const quotes = quotesIn(code);
	const converted = code.replaceAll(pattern, (placeholder: string, ...rest: unknown[]) => {
		const at = rest.find(value => typeof value === 'number') as number;
		const quote = quotes[at];
		// In single quotes `$1` belongs to the program that is called, as in `awk '{print $1}'`.
		if (quote === "'" && placeholder.length === 2) return placeholder;
		const variable = `INPUT_${inputFor(placeholder)
			.toUpperCase()
			.replaceAll(/[^A-Z0-9]/g, '_')}`;
		if (!isTold)
			notes.changed(line, `${placeholder} in a command`, `is the variable \`$${variable}\`: one word, and never code`);
		isTold = true;
		return quotedVariable(variable, quote);
	});
	return converted;
};

/** @returns How a shell reads a variable where this quote is open, as one word. */
export const quotedVariable = (name: string, quote: '"' | "'" | undefined): string => {
	if (quote === '"') return `\${${name}}`;
	return quote === "'" ? `'"$${name}"'` : `"$${name}"`;
};

/** @returns The quote that is open at each place of a shell command. */
export const quotesIn = (code: string): readonly ('"' | "'" | undefined)[] => {
	const quotes: ('"' | "'" | undefined)[] = [];
	let open: '"' | "'" | undefined;
	for (let index = 0; index < code.length; index++) {
		quotes[index] = open;
		const character = code[index];
		if (character === '\\' && open !== "'") {
			index++;
			quotes[index] = open;
		} else if (open === undefined && (character === '"' || character === "'")) open = character;
		else if (character === open) open = undefined;
	}

	return quotes;
};
