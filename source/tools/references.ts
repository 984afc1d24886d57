import {AiworkflowError} from '../errors.ts';
import {splitTemplate} from '../workflow/expression/template.ts';
import type {ToolImplementation} from './definition.ts';

/** What a value of a tool's file reads besides itself: `${{ secrets.TOKEN }}`, `${{ env.USER }}`. */
export interface ToolReference {
	readonly context: 'secrets' | 'env';
	readonly name: string;
}

const pattern = /^\s*(secrets|env)\.([A-Za-z_][A-Za-z0-9_]*)\s*$/;

/** @returns What the text between the braces names; `undefined` where that is something else. */
export const referenceOf = (expression: string): ToolReference | undefined => {
	const match = pattern.exec(expression);
	return match ? {context: match[1] as ToolReference['context'], name: match[2]!} : undefined;
};

/** @returns Names of the secrets and of the environment variables that values of an implementation read. */
export const namesReadBy = (
	implementation: ToolImplementation,
): {readonly secrets: readonly string[]; readonly env: readonly string[]} => {
	const found = textsWithin(implementation)
		.flatMap(splitTemplate)
		.flatMap(part => (part.kind === 'expression' ? (referenceOf(part.text) ?? []) : []));
	const namesOf = (context: ToolReference['context']) => [
		...new Set(found.flatMap(reference => (reference.context === context ? [reference.name] : []))),
	];
	return {secrets: namesOf('secrets'), env: namesOf('env')};
};

/** Only values are templates: texts of operations are said as they are, and are not looked through. */
const textsWithin = (value: unknown): string[] => {
	if (typeof value === 'string') return value.includes('${{') ? [value] : [];
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, each]) => (key === 'operations' ? [] : textsWithin(each)));
};

type Values = Readonly<Record<string, string>>;

/** @returns What evaluates the values of a tool's file, where the tool is opened. */
export const createResolver =
	({secrets, env}: {readonly secrets: Values; readonly env: Values}) =>
	/** @throws AiworkflowError `expression.failed`. */
	(text: string): string =>
		splitTemplate(text)
			.map(part => (part.kind === 'text' ? part.text : valueRead(part.text, {secrets, env})))
			.join('');

const valueRead = (expression: string, values: {readonly secrets: Values; readonly env: Values}): string => {
	const reference = referenceOf(expression);
	if (!reference) {
		throw new AiworkflowError({
			code: 'expression.failed',
			message: `A value of a tool cannot read \`${expression.trim()}\`.`,
			suggestion: 'Write `${{ secrets.NAME }}` or `${{ env.NAME }}`.',
		});
	}

	const {context, name} = reference;
	const value = Object.hasOwn(values[context], name) ? values[context][name] : undefined;
	if (value !== undefined) return value;
	throw new AiworkflowError({
		code: 'expression.failed',
		message: `The tool needs ${context === 'secrets' ? 'the secret' : 'the environment variable'} ${name}, which is not there.`,
		suggestion: `Set ${name} in the environment that you start the run from.`,
	});
};
