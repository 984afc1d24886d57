import type {InputDefinition, WorkflowDefinition} from './definition.ts';
import type {Diagnostic} from './diagnostics.ts';
import {inputVariableOf} from './text/names.ts';
import {didYouMean} from './text/nearest.ts';
import {hasType, isOneOf, printed, typeNounOf, valueFromText, wholePatternOf} from './values.ts';

export interface ResolvedInputs {
	/** One value for every declared input; `null` where there is none. */
	readonly inputs: Record<string, unknown>;
	/** All of severity error; not about places in the file: `file` is `inputs`. */
	readonly diagnostics: Diagnostic[];
}

/** Checks what was given against what the workflow declares. Text is read as the declared type: `"42"` is an integer. */
export const resolveInputs = (
	{inputs: definitions}: Pick<WorkflowDefinition, 'inputs'>,
	given: Readonly<Record<string, unknown>>,
): ResolvedInputs => {
	const diagnostics: Diagnostic[] = [];
	const fail = (code: string, message: string, suggestion: string) =>
		diagnostics.push({code, severity: 'error', message, file: 'inputs', line: 1, column: 1, suggestion});

	const names = Object.keys(definitions);
	for (const name of Object.keys(given)) {
		if (Object.hasOwn(definitions, name)) continue;
		fail('input.unknown', `The workflow has no input \`${name}\`.`, didYouMean(name, names, 'It takes no such input.'));
	}

	const resolved = Object.entries(definitions).map(([name, definition]) => {
		const value = Object.hasOwn(given, name) ? given[name] : undefined;
		if (value === undefined || value === null) return [name, valueWithout(name, definition, fail)];
		return [name, checkedValue(name, definition, value, fail)];
	});
	return {inputs: Object.fromEntries(resolved), diagnostics};
};

/** @returns `INPUT_<NAME>` for every input; what is not text as JSON, nothing as empty text. */
export const inputEnvironmentOf = (inputs: Readonly<Record<string, unknown>>): Record<string, string> =>
	Object.fromEntries(Object.entries(inputs).map(([name, value]) => [inputVariableOf(name), variableTextOf(value)]));

const variableTextOf = (value: unknown): string => {
	if (typeof value === 'string') return value;
	return value === undefined || value === null ? '' : JSON.stringify(value);
};

type Fail = (code: string, message: string, suggestion: string) => void;

const valueWithout = (name: string, {required, default: preset, type}: InputDefinition, fail: Fail): unknown => {
	if (preset !== undefined) return preset;
	const hint = `Give it with \`--input ${name}=…\` (${typeNounOf(type)}).`;
	if (required) fail('input.missing', `The input \`${name}\` is required.`, hint);
	return null;
};

const checkedValue = (name: string, definition: InputDefinition, given: unknown, fail: Fail): unknown => {
	const {type, enum: allowed, pattern} = definition;
	const value = typeof given === 'string' ? valueFromText(given, type) : given;
	if (!hasType(value, type)) {
		const message = `The input \`${name}\` must be ${typeNounOf(type)}, not ${printed(given)}.`;
		fail('input.invalid', message, `Give it with \`--input ${name}=${examples[type]}\`.`);
	} else if (allowed && !isOneOf(value, allowed)) {
		const known = allowed.map(item => printed(item)).join(', ');
		const meant = typeof value === 'string' ? didYouMean(value, allowed.map(String), '') : '';
		const message = `The input \`${name}\` must be one of ${known}, not ${printed(value)}.`;
		fail(
			'input.invalid',
			message,
			meant.startsWith('Did') ? meant : `Give it with \`--input ${name}=${String(allowed[0])}\`.`,
		);
	} else if (pattern !== undefined && !wholePatternOf(pattern).test(String(value))) {
		const message = `The input \`${name}\` must match \`${pattern}\` as a whole; ${printed(value)} does not.`;
		fail('input.invalid', message, 'Give a value that matches.');
	}

	return value ?? null;
};

const examples = {
	string: 'text',
	number: '1.5',
	integer: '42',
	boolean: 'true',
	array: "'[1, 2]'",
	object: `'{"a": 1}'`,
};
