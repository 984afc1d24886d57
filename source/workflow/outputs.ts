import type {ErrorObject} from 'ajv';
import type {InputType, OutputsSchema} from './definition.ts';
import {validatorOf} from './json-schema.ts';
import {printed, valueFromText} from './values.ts';

export {type ParsedOutputs, parseOutputs} from './output-file.ts';

export interface CheckedOutputs {
	/** With text read as the declared type, where that is not text. */
	readonly outputs: Record<string, unknown>;
	/** What does not fit, each in words without a full stop; empty: all is well. */
	readonly problems: string[];
}

/** Checks outputs against the schema a step declares; a line `count=3` of a script satisfies an integer. */
export const checkOutputs = (outputs: Readonly<Record<string, unknown>>, schema: OutputsSchema): CheckedOutputs => {
	const read = Object.fromEntries(
		Object.entries(outputs).map(([name, value]) => {
			const property = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
			return [name, typeof value === 'string' ? readAs(value, property) : value];
		}),
	);
	const validate = validatorOf(schema);
	if (validate(read)) return {outputs: read, problems: []};
	const problems = (validate.errors ?? []).map(error => problemOf(error, read));
	return {outputs: read, problems: [...new Set(problems)]};
};

const readAs = (text: string, property: unknown): unknown => {
	const {type, enum: allowed} = (property ?? {}) as {readonly type?: unknown; readonly enum?: unknown};
	if (Array.isArray(allowed)) {
		return allowed.includes(text)
			? text
			: (allowed.find(item => typeof item !== 'string' && JSON.stringify(item) === text) ?? text);
	}

	const types = Array.isArray(type) ? type : [type];
	if (types.includes('string')) return text;
	for (const candidate of types) {
		if (candidate === 'null' && text === 'null') return null;
		const value = coercible.has(candidate) ? valueFromText(text, candidate as InputType) : undefined;
		if (value !== undefined) return value;
	}

	return text;
};

const coercible = new Set<unknown>(['number', 'integer', 'boolean', 'array', 'object']);

const problemOf = ({instancePath, keyword, params, message}: ErrorObject, outputs: unknown): string => {
	const steps = instancePath
		.split('/')
		.slice(1)
		.map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'));
	const name = steps
		.map((step, index) => (index === 0 ? step : /^\d+$/.test(step) ? `[${step}]` : `.${step}`))
		.join('');
	const value = steps.reduce<unknown>((inner, step) => (inner as Record<string, unknown> | undefined)?.[step], outputs);
	const subject = name === '' ? 'the outputs' : `\`${name}\``;
	if (keyword === 'required') {
		const {missingProperty} = params as {readonly missingProperty: string};
		return name === '' ? `\`${missingProperty}\` is missing` : `\`${name}.${missingProperty}\` is missing`;
	}

	if (keyword === 'enum') {
		const {allowedValues} = params as {readonly allowedValues: readonly unknown[]};
		return `${subject} must be one of ${allowedValues.map(item => printed(item)).join(', ')}, not ${printed(value)}`;
	}

	if (keyword === 'additionalProperties') {
		const {additionalProperty} = params as {readonly additionalProperty: string};
		return `${subject} must not have \`${additionalProperty}\``;
	}

	return `${subject} ${message ?? 'does not fit'}${steps.length > 0 ? `, not ${printed(value)}` : ''}`;
};
