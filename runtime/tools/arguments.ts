import {Ajv, type ErrorObject} from 'ajv';
import {Ajv2020} from 'ajv/dist/2020.js';
import type {ToolOperation} from '../../source/tools/definition.ts';
import type {InputType} from '../../source/workflow/definition.ts';
import {didYouMean} from '../../source/workflow/text/nearest.ts';
import {inputTypes, printed, valueFromText} from '../../source/workflow/values.ts';
import {argumentsInvalid, toolAnswerInvalid} from './failures.ts';
import type {ToolCall, ToolResult} from './parts.ts';

type Schema = Readonly<Record<string, unknown>>;
type Arguments = ToolCall['arguments'];

/**
 * Checks arguments before anything is sent, and fills in what the schema has a default for.
 *
 * @throws AiworkflowError `tool.arguments-invalid`.
 */
export const checkedArguments = (tool: string, {name, inputSchema}: ToolOperation, given: Arguments): Arguments => {
	const filled = structuredClone(given) as Record<string, unknown>;
	const errors = errorsOf(inputSchema, filled);
	if (errors.length === 0) return filled;
	const known = Object.keys((inputSchema.properties ?? {}) as object);
	throw argumentsInvalid(tool, name, [...new Set(errors.map(error => problemOf(error, given)))], hintOf(errors, known));
};

/** @returns The arguments, those that are named read as what the operation takes: `"42"` is an integer. */
export const readTexts = ({inputSchema}: ToolOperation, given: Arguments, names: readonly string[]): Arguments => {
	const properties = (inputSchema.properties ?? {}) as Readonly<Record<string, Schema | undefined>>;
	const read = names.flatMap(name => {
		const text = given[name];
		return typeof text === 'string' ? [[name, valueAs(properties[name], text)]] : [];
	});
	return {...given, ...Object.fromEntries(read)};
};

const valueAs = (schema: Schema | undefined, text: string): unknown => {
	const types = [schema?.type].flat().filter(type => typeof type === 'string');
	if (types.includes('string')) return text;
	for (const type of types) {
		if (type === 'null' && text === 'null') return null;
		const value = inputTypes.includes(type as InputType) ? valueFromText(text, type as InputType) : undefined;
		if (value !== undefined) return value;
	}

	return text;
};

/** @throws AiworkflowError `tool.answer-invalid` where an answer is not what the tool itself says of it. */
export const checkAnswer = (tool: string, operation: ToolOperation, {outputs}: ToolResult): void => {
	const {name, outputSchema, isOutputUnchecked} = operation;
	if (isOutputUnchecked) return;
	const [error] = outputSchema ? errorsOf(outputSchema, structuredClone(outputs) as Record<string, unknown>) : [];
	if (!error) return;
	throw toolAnswerInvalid(tool, `answered ${name} with other outputs than it declares: ${problemOf(error, outputs)}`);
};

const settings = {
	allErrors: true,
	strict: false,
	validateFormats: false,
	useDefaults: true,
	addUsedSchema: false,
	logger: false,
} as const;

/** A schema that no validator understands checks nothing: the tool does it itself. */
const errorsOf = (schema: Schema, value: Record<string, unknown>): readonly ErrorObject[] => {
	try {
		const isOfDraft7 = typeof schema.$schema === 'string' && schema.$schema.includes('draft-0');
		const validate = (isOfDraft7 ? new Ajv(settings) : new Ajv2020(settings)).compile(schema);
		return validate(value) ? [] : (validate.errors ?? []);
	} catch {
		return [];
	}
};

const problemOf = ({instancePath, keyword, params, message}: ErrorObject, given: Arguments): string => {
	const steps = instancePath
		.split('/')
		.slice(1)
		.map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'));
	const place = steps.join('.');
	const within = (name: string) => (place === '' ? `\`${name}\`` : `\`${place}.${name}\``);
	if (keyword === 'required') return `${within(String(params.missingProperty))} is missing`;
	if (keyword === 'additionalProperties') return `there is no ${within(String(params.additionalProperty))}`;
	const value = steps.reduce<unknown>((inner, step) => (inner as Record<string, unknown> | undefined)?.[step], given);
	const words =
		keyword === 'enum'
			? `must be one of ${(params.allowedValues as unknown[]).map(each => printed(each)).join(', ')}`
			: (message ?? 'does not fit');
	return `\`${place || 'the whole'}\` ${words}${steps.length > 0 ? `, not ${printed(value)}` : ''}`;
};

const hintOf = (errors: readonly ErrorObject[], known: readonly string[]): string => {
	const unknown = errors.find(({keyword}) => keyword === 'additionalProperties')?.params.additionalProperty;
	const listed = known.length === 0 ? 'It takes no arguments.' : `Its arguments are: ${known.join(', ')}.`;
	return unknown === undefined ? listed : didYouMean(String(unknown), known, listed);
};
