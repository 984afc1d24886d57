import type {Notes} from '../notes.ts';
import {quotedVariable, quotesIn} from '../shell-inputs.ts';
import type {KnownNames} from './block.ts';

/** `{{ x }}`, `${{ x }}` and `${x}` of the older format; `$$` stands before braces that were escaped already. */
const valuePattern = /\$\$\{\{([^{}]*)\}\}|\$?\{\{([^{}]*)\}\}/g;

/** @returns The expression that reads the same here; `undefined` where there is none. */
export const expressionOf = (asked: string, {inputs, steps}: KnownNames): string | undefined => {
	const text = asked.trim();
	const input = /^(?:inputs?\.|params?\.|vars?\.)?([A-Za-z_][\w-]*)$/.exec(text)?.[1];
	const step = /^(?:steps?\.)?([A-Za-z_][\w -]*?)(?:\.(output|result|text|stdout|outputs\.([A-Za-z_][\w-]*)))$/.exec(
		text,
	);
	if (step) {
		const id = steps.get(step[1]!.toLowerCase());
		if (id === undefined) return undefined;
		return step[3] === undefined ? `steps.${id}.text` : `steps.${id}.outputs.${step[3]}`;
	}

	return input !== undefined && inputs.includes(input) ? `inputs.${input}` : undefined;
};

/** @param text Of a prompt, its own `${{` escaped. */
export const withExpressions = (text: string, known: KnownNames, line: number, notes: Notes): string =>
	text.replaceAll(valuePattern, (whole, escaped: string | undefined, plain: string | undefined) => {
		const asked = escaped ?? plain ?? '';
		const expression = expressionOf(asked, known);
		if (expression === undefined) {
			notes.dropped(
				line,
				whole.replace('$$', '$'),
				'names nothing that is known; it is text now',
				'Write `${{ inputs.name }}` or `${{ steps.id.text }}`.',
			);
			return whole;
		}

		notes.carried(line, whole.replace('$$', '$'), `\${{ ${expression} }}`);
		return `\${{ ${expression} }}`;
	});

export interface ScriptValues {
	readonly code: string;
	readonly env: Readonly<Record<string, string>>;
}

/** Values never become code: what the older format put into a script becomes a variable. */
export const scriptWithVariables = (
	code: string,
	language: string,
	known: KnownNames,
	line: number,
	notes: Notes,
): ScriptValues | undefined => {
	const env: Record<string, string> = {};
	const unknown: string[] = [];
	const quotes = language === 'sh' || language === 'bash' ? quotesIn(code) : [];
	const converted = code.replaceAll(valuePattern, (whole, escaped, plain, at: number) => {
		const expression = expressionOf(escaped ?? plain ?? '', known);
		if (expression === undefined) {
			if (whole.includes('${{')) unknown.push(whole);
			return whole;
		}

		const name = `VALUE_${expression.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`;
		env[name] = `\${{ ${expression} }}`;
		notes.changed(
			line,
			`${whole} in a script`,
			`is the variable ${name}: a value, and never code`,
			'See that the script reads it where it needs it.',
		);
		return readingOf(name, language, quotes[at]);
	});
	if (unknown.length === 0) return {code: converted, env};
	notes.dropped(line, `${unknown[0]} in a script`, 'names nothing that is known', 'Hand the value over with `env:`.');
	return undefined;
};

const readingOf = (name: string, language: string, quote: '"' | "'" | undefined): string => {
	if (language === 'python') return `__import__("os").environ["${name}"]`;
	return language === 'js' || language === 'ts' ? `process.env.${name}` : quotedVariable(name, quote);
};
