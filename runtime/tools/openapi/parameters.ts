import type {ApiParameter, ParameterPlace} from './api-operation.ts';
import {allPages} from './api-operation.ts';
import type {ApiDocument, Place} from './document.ts';
import {documentInvalid} from './failures.ts';
import {isObject, listOf, objectOf, textOf} from './json.ts';
import type {SchemaWriter} from './schemas.ts';

/**
 * The parameters of an operation and of its path; where both have one, that of the operation holds. What stands in the
 * path and is described nowhere is a required text.
 */
export const parametersOf = (
	path: string,
	pathItem: Place,
	operation: Place,
	document: ApiDocument,
	schemas: SchemaWriter,
): readonly ApiParameter[] => {
	const found = new Map<string, Place>();
	for (const owner of [pathItem, operation]) {
		for (const value of listOf(objectOf(owner.value).parameters)) {
			const place = document.follow({value, base: owner.base});
			const {name, in: where} = objectOf(place.value);
			if (typeof name !== 'string' || !places.includes(where as ParameterPlace)) {
				throw documentInvalid(document.name, `a parameter of ${path} has no \`name\`, or no known \`in\`.`);
			}

			found.set(`${where} ${name}`, place);
		}
	}

	const inPath = Array.from(path.matchAll(/\{([^{}]+)\}/g), ([, name]) => name!);
	for (const name of inPath) {
		const key = `path ${name}`;
		if (!found.has(key)) found.set(key, {value: {name, in: 'path', schema: {type: 'string'}}, base: operation.base});
	}

	const taken = new Set([allPages]);
	return Array.from(found.values(), place => parameterOf(place, schemas))
		.filter(parameter => isSendable(parameter, inPath))
		.map(parameter => {
			const argument = taken.has(parameter.name) ? `${parameter.in}-${parameter.name}` : parameter.name;
			taken.add(argument);
			return {...parameter, argument};
		});
};

const places: readonly ParameterPlace[] = ['path', 'query', 'header', 'cookie'];

/** OpenAPI says that these headers are set by other means. */
const ignoredHeaders = new Set(['accept', 'content-type', 'authorization']);

const isSendable = (
	{name, in: where}: {readonly name: string; readonly in: ParameterPlace},
	inPath: readonly string[],
) => (where === 'path' ? inPath.includes(name) : where !== 'header' || !ignoredHeaders.has(name.toLowerCase()));

const parameterOf = (place: Place, schemas: SchemaWriter): Omit<ApiParameter, 'argument'> => {
	const value = objectOf(place.value);
	const where = value.in as ParameterPlace;
	const style = textOf(value.style) ?? (where === 'query' || where === 'cookie' ? 'form' : 'simple');
	const content = isObject(value.content) ? Object.entries(value.content)[0] : undefined;
	const name = value.name as string;
	return {
		name,
		in: where,
		style,
		isExploded: typeof value.explode === 'boolean' ? value.explode : style === 'form',
		isReservedAllowed: value.allowReserved === true,
		isJson: content !== undefined && /json/i.test(content[0]),
		// A step has a key of its own for it.
		isRequired: where === 'path' || (value.required === true && !isIdempotencyKey(where, name)),
		schema: schemas.write({value: content ? objectOf(content[1]).schema : value.schema, base: place.base}),
		description: textOf(value.description),
	};
};

export const isIdempotencyKey = (where: ParameterPlace, name: string) =>
	where === 'header' && name.toLowerCase() === 'idempotency-key';
