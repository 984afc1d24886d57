import {Ajv, type ValidateFunction} from 'ajv';

type Schema = Readonly<Record<string, unknown>>;

/** @returns Why this is not a JSON Schema, as a sentence; `undefined` where it is one. */
export const schemaProblem = (schema: Schema): string | undefined => {
	if (isPlain(schema)) return undefined;
	try {
		validatorOf(schema);
		return undefined;
	} catch (error) {
		const message = (error as Error).message
			.replace(/^strict mode: /, '')
			.replace(/^schema is invalid: data/, 'the schema: ');
		return `This is not a JSON Schema: ${message}.`;
	}
};

/**
 * Compiled once for each schema: compiling costs a thousand times what validating does.
 *
 * @throws Error where the schema is not one.
 */
export const validatorOf = (schema: Schema): ValidateFunction => {
	const key = JSON.stringify(schema);
	const known = validators.get(key);
	if (known) return known;
	const validate = compiled(schema);
	if (validators.size >= validatorsMax) validators.delete(validators.keys().next().value!);
	validators.set(key, validate);
	return validate;
};

const compiled = (schema: Schema): ValidateFunction => {
	try {
		return ajv.compile(schema);
	} finally {
		// Kept by us within a bound, not by Ajv without one.
		ajv.removeSchema(schema);
		if (typeof schema.$id === 'string') ajv.removeSchema(schema.$id);
	}
};

/** An unknown keyword is an error, a `format` is only a description. */
const ajv = new Ajv({
	allErrors: true,
	strictSchema: true,
	strictTypes: false,
	strictTuples: false,
	validateFormats: false,
	logger: false,
});

const validatorsMax = 500;
const validators = new Map<string, ValidateFunction>();

const types = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']);

/** Most outputs are a type or a choice; they need no compiler to be known good. */
const isPlain = (schema: Schema): boolean =>
	Object.entries(schema).every(([key, value]) => {
		if (key === 'type') return types.has(value as string);
		if (key === 'enum') return Array.isArray(value) && value.length > 0 && new Set(value).size === value.length;
		if (key === 'items') return typeof value === 'object' && value !== null && isPlain(value as Schema);
		return key === 'description' && typeof value === 'string';
	});
