import path from 'node:path';
import {didYouMean} from '../workflow/text/nearest.ts';
import {printed, valueFromText, wholePatternOf} from '../workflow/values.ts';
import type {TemplateVariable, VariableType, VariableValue} from './definition.ts';

export interface VariableProblem {
	readonly name: string;
	readonly message: string;
	readonly suggestion: string;
}

export interface ResolvedVariables {
	/** One for every variable that has no problem. */
	readonly values: Record<string, VariableValue>;
	readonly problems: readonly VariableProblem[];
}

/**
 * Reads what was given as text, takes defaults for the rest, and says everything that is wrong.
 *
 * @param given By name. Of a list: entries with commas between them, or JSON.
 */
export const resolveVariables = (
	variables: readonly TemplateVariable[],
	given: Readonly<Record<string, string>>,
): ResolvedVariables => {
	const names = variables.map(({name}) => name);
	const problems: VariableProblem[] = Object.keys(given)
		.filter(name => !names.includes(name))
		.map(name => ({
			name,
			message: `The template has no variable \`${name}\`.`,
			suggestion: didYouMean(name, names, 'Leave it out.'),
		}));
	const values: [string, VariableValue][] = [];
	for (const variable of variables) {
		const {name} = variable;
		const text = Object.hasOwn(given, name) ? given[name]! : undefined;
		if (text === undefined || (text === '' && isNothing(variable))) {
			if (variable.default !== undefined) values.push([name, variable.default]);
			else if (variable.required) problems.push(missing(variable));
			else values.push([name, emptyOf(variable.type)]);
			continue;
		}

		const value = valueFrom(variable, text);
		const problem = value === undefined ? wrongType(variable, text) : problemOf(variable, value);
		if (problem) problems.push(problem);
		else values.push([name, value!]);
	}

	return {values: Object.fromEntries(values), problems};
};

/** @returns What is wrong with a value of the right type. */
export const problemOf = (variable: TemplateVariable, value: VariableValue): VariableProblem | undefined => {
	const fail = (expected: string, suggestion = `Give one that fits.`): VariableProblem => ({
		name: variable.name,
		message: `The variable \`${variable.name}\` ${expected}; ${printed(value)} does not fit.`,
		suggestion,
	});
	const parts = Array.isArray(value) ? (value as readonly string[]) : [value as string | number | boolean];
	const {pattern, min, max} = variable;
	if (parts.some(part => String(part).includes('${{')))
		return fail('cannot hold `${{`', 'A value is never evaluated: leave the `${{` out.');
	if (parts.some(part => hasControls(String(part)))) return fail('cannot hold control characters');
	if (variable.type === 'path' && !isInside(String(value)))
		return fail('must be a path inside the workspace', 'Write it from the workspace, without `..`.');
	if (variable.enum && !parts.every(part => variable.enum!.some(allowed => allowed === part))) {
		const known = variable.enum.map(String);
		return fail(`must be one of ${known.join(', ')}`, didYouMean(String(value), known, 'Give one of them.'));
	}

	if (pattern !== undefined && !parts.every(part => wholePatternOf(pattern).test(String(part))))
		return fail(`must match \`${pattern}\` as a whole`);
	const size = typeof value === 'number' ? value : typeof value === 'boolean' ? undefined : value.length;
	if (size !== undefined && min !== undefined && size < min)
		return fail(`must be at least ${sizeWords(variable.type, min)}`);
	if (size !== undefined && max !== undefined && size > max)
		return fail(`must be at most ${sizeWords(variable.type, max)}`);
	return undefined;
};

/** @returns The value as a person types it. */
export const typedTextOf = (value: VariableValue | undefined): string => {
	if (value === undefined) return '';
	if (typeof value !== 'object') return String(value);
	return value.some(entry => /[,\n"]|^\s|\s$|^\[/.test(entry) || entry === '')
		? JSON.stringify(value)
		: value.join(', ');
};

/** @returns `integer, from 1 to 9`, `one of low, high`. */
export const variableWordsOf = ({type, enum: allowed, pattern, min, max, required}: TemplateVariable): string => {
	const kind = type === 'choice' ? 'one of' : type === 'list' && allowed ? 'list of' : type;
	return [
		`${kind}${allowed ? `${kind.endsWith('of') ? '' : ' of'} ${allowed.join(', ')}` : ''}`,
		pattern && `matching ${pattern}`,
		min !== undefined && `at least ${sizeWords(type, min)}`,
		max !== undefined && `at most ${sizeWords(type, max)}`,
		required && 'required',
	]
		.filter(Boolean)
		.join(', ');
};

/** @returns `3`, `1 entry`, `20 characters`. */
const sizeWords = (type: VariableType, size: number): string => {
	if (type === 'number' || type === 'integer' || type === 'choice') return String(size);
	if (type === 'list') return size === 1 ? '1 entry' : `${size} entries`;
	return size === 1 ? '1 character' : `${size} characters`;
};

/** An empty text is a text; of anything else it means that nothing was given. */
const isNothing = ({type, required}: TemplateVariable): boolean => type !== 'string' || required;

const emptyOf = (type: VariableType): VariableValue =>
	type === 'list' ? [] : type === 'boolean' ? false : type === 'number' || type === 'integer' ? 0 : '';

const valueFrom = ({type, enum: allowed}: TemplateVariable, text: string): VariableValue | undefined => {
	switch (type) {
		case 'number':
		case 'integer':
			return valueFromText(text, type) as number | undefined;
		case 'boolean':
			return valueFromText(text, 'boolean') as boolean | undefined;
		case 'list':
			return listFrom(text);
		case 'choice':
			return allowed?.find(value => String(value) === text) ?? text;
		default:
			return text.replaceAll(/\r\n?/g, '\n');
	}
};

const listFrom = (text: string): readonly string[] | undefined => {
	if (!text.trim().startsWith('['))
		return text
			.split(',')
			.map(entry => entry.trim())
			.filter(Boolean);
	const value = valueFromText(text, 'array') as readonly unknown[] | undefined;
	return value?.every(entry => typeof entry === 'string') ? (value as readonly string[]) : undefined;
};

const hasControls = (text: string): boolean => /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029\uFEFF]/.test(text);

const isInside = (place: string): boolean =>
	place !== '' && !path.isAbsolute(place) && !place.split(/[/\\]/).includes('..') && !place.includes('\n');

const missing = (variable: TemplateVariable): VariableProblem => ({
	name: variable.name,
	message: `The variable \`${variable.name}\` is required${variable.description ? `: ${variable.description}` : ''}.`,
	suggestion: `Give it with \`--var ${variable.name}=…\` (${variableWordsOf(variable)}).`,
});

const wrongType = (variable: TemplateVariable, text: string): VariableProblem => ({
	name: variable.name,
	message: `The variable \`${variable.name}\` must be ${nouns[variable.type]}, not ${printed(text)}.`,
	suggestion: `Give it with \`--var ${variable.name}=${examples[variable.type]}\`.`,
});

const nouns: Readonly<Record<VariableType, string>> = {
	string: 'text',
	number: 'a number',
	integer: 'an integer',
	boolean: 'true or false',
	choice: 'one of its choices',
	list: 'a list',
	path: 'a path',
};

const examples: Readonly<Record<VariableType, string>> = {
	string: 'text',
	number: '1.5',
	integer: '42',
	boolean: 'true',
	choice: 'one',
	list: 'a,b` or `\'["a", "b"]\'',
	path: 'docs',
};
