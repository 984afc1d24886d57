import {validatorOf} from '../../../source/workflow/json-schema.ts';
import {nearestOf} from '../../../source/workflow/text/nearest.ts';
import type {ApiOperation} from './api-operation.ts';
import {argumentsInvalid} from './failures.ts';
import {type JsonObject, objectOf} from './json.ts';

/**
 * Arguments as the operation wants them. Text that reads as the number or the truth that is wanted is taken as that, for
 * many come from command lines and interpolation; a number is a text where it ends in an address or a header anyway.
 *
 * @throws AiworkflowError `tool.arguments-invalid`
 */
export const checkedArguments = ({tool, parameters}: ApiOperation, given: JsonObject): JsonObject => {
	const properties = objectOf(tool.inputSchema.properties);
	const unknown = Object.keys(given).find(name => !Object.hasOwn(properties, name));
	if (unknown !== undefined) throw unknownArgument(tool.name, unknown, Object.keys(properties));
	const said = Object.entries(given).filter(([, value]) => value !== undefined);
	const isParameter = (name: string) => parameters.some(({argument}) => argument === name);
	const read = Object.fromEntries(
		said.map(([name, value]) => [name, readAs(value, objectOf(properties[name]), isParameter(name))]),
	);
	const problems = problemsOf(tool.inputSchema, read);
	if (problems.length > 0) throw argumentsInvalid(tool.name, problems.slice(0, 5).join('; '));
	return read;
};

const readAs = (value: unknown, {type}: JsonObject, isParameter: boolean): unknown => {
	const types = Array.isArray(type) ? type : [type];
	const isScalar = typeof value === 'number' || typeof value === 'boolean';
	if (isScalar && isParameter && types.length === 1 && types[0] === 'string') return String(value);
	if (typeof value !== 'string') return value;
	if (types.includes('string')) return value;
	if (types.includes('boolean') && (value === 'true' || value === 'false')) return value === 'true';
	const isNumber =
		(types.includes('integer') || types.includes('number')) && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value);
	// An id of twenty digits would become another one.
	return isNumber && (!/^-?\d+$/.test(value) || Number.isSafeInteger(Number(value))) ? Number(value) : value;
};

const problemsOf = (schema: JsonObject, value: JsonObject): readonly string[] => {
	let validate: ReturnType<typeof validatorOf>;
	try {
		validate = validatorOf(schema);
	} catch {
		// A schema of the document that no validator takes says nothing about arguments; the server will.
		return [];
	}

	if (validate(value)) return [];
	const problems = (validate.errors ?? []).map(({instancePath, keyword, params, message}) => {
		if (keyword === 'required' && instancePath === '') return `"${params.missingProperty}" is missing`;
		const where = instancePath.slice(1).replaceAll('/', '.') || 'they';
		const allowed = keyword === 'enum' ? `: ${JSON.stringify(params.allowedValues).slice(0, 200)}` : '';
		return `${where} ${message ?? 'does not fit'}${allowed}`;
	});
	return [...new Set(problems)];
};

const unknownArgument = (operation: string, name: string, known: readonly string[]) => {
	const nearest = nearestOf(name, known);
	const listed = known.length === 0 ? 'It takes no arguments.' : `It takes: ${known.slice(0, 30).join(', ')}.`;
	return argumentsInvalid(
		operation,
		`there is no argument "${name}"`,
		nearest ? `Did you mean \`${nearest}\`?` : listed,
	);
};
