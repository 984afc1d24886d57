import type {ApiBody, ApiParameter} from './api-operation.ts';
import {allPages} from './api-operation.ts';
import type {ApiDocument, Place} from './document.ts';
import {isObject, type JsonObject, listOf, objectOf} from './json.ts';
import type {SchemaWriter} from './schemas.ts';

/**
 * What an operation takes as its body. The properties of an object become arguments of their own where they are all that
 * it can have and none of them is called like a parameter; anything else is the argument `body`. GET and HEAD have none.
 */
export const bodyOf = (
	method: string,
	operation: Place,
	parameters: readonly ApiParameter[],
	document: ApiDocument,
	schemas: SchemaWriter,
): ApiBody | undefined => {
	const {requestBody} = objectOf(operation.value);
	if (requestBody === undefined || method === 'GET' || method === 'HEAD') return undefined;
	const place = document.follow({value: requestBody, base: operation.base});
	const {content, required} = objectOf(place.value);
	const media = preferredMedia(objectOf(content));
	if (media === undefined) return undefined;
	const [contentType, description] = media;
	const kind = kindOf(contentType);
	const raw = document.follow({value: objectOf(description).schema, base: place.base});
	const files = kind === 'multipart' ? filesOf(raw, objectOf(objectOf(description).encoding), document) : [];
	const schema =
		kind === 'file'
			? pathSchema
			: withPaths(schemas.write({value: objectOf(description).schema, base: place.base}), files);
	const taken = new Set([allPages, ...parameters.map(({argument}) => argument)]);
	const properties = Object.keys(objectOf(schema.properties));
	const isMerged =
		kind !== 'file' && kind !== 'text' && isClosedObject(schema) && !properties.some(name => taken.has(name));
	return {
		contentType: contentType.includes('*') ? 'application/json' : contentType,
		kind,
		isRequired: required === true,
		argument: isMerged ? undefined : taken.has('body') ? 'request-body' : 'body',
		properties,
		files,
		encoding: objectOf(objectOf(description).encoding),
		schema,
	};
};

/** The kind we can make best, of those the document offers. */
const preferredMedia = (content: JsonObject): readonly [string, unknown] | undefined => {
	const entries = Object.entries(content);
	for (const kind of ['json', 'form', 'multipart', 'text', 'file'] as const) {
		const found = entries.find(([contentType]) => kindOf(contentType) === kind);
		if (found) return found;
	}

	return undefined;
};

const kindOf = (contentType: string): ApiBody['kind'] => {
	const type = contentType.split(';')[0]!.trim().toLowerCase();
	if (/[/+]json$/.test(type) || type === '*/*' || type === 'application/*') return 'json';
	if (type === 'application/x-www-form-urlencoded') return 'form';
	if (type === 'multipart/form-data') return 'multipart';
	return /^text\/|[/+](xml|yaml)$|ndjson$|jsonl$|graphql$/.test(type) ? 'text' : 'file';
};

const pathDescription = 'Path of a file in the workspace.';
const pathSchema: Record<string, unknown> = {type: 'string', description: pathDescription};

/** Nothing besides its properties says what it may be. */
const isClosedObject = (schema: JsonObject) =>
	schema.type === 'object' &&
	Object.keys(objectOf(schema.properties)).length > 0 &&
	(schema.additionalProperties === undefined || schema.additionalProperties === false) &&
	['allOf', 'anyOf', 'oneOf', 'not', 'if', 'patternProperties', 'minProperties', '$ref'].every(key => !(key in schema));

/** Properties of a form that are files: by their format, or because their content is of a type that is no text. */
const filesOf = (raw: Place, encoding: JsonObject, document: ApiDocument): readonly string[] =>
	Object.entries(objectOf(objectOf(raw.value).properties))
		.filter(([name, value]) => {
			const property = document.follow({value, base: raw.base});
			const {type, items} = objectOf(property.value);
			const one = type === 'array' ? document.follow({value: items, base: property.base}).value : property.value;
			return isFile(objectOf(one), objectOf(encoding[name]).contentType);
		})
		.map(([name]) => name);

const isFile = (schema: JsonObject, contentType: unknown): boolean => {
	const {type, format, contentMediaType, contentEncoding} = schema;
	if (format === 'binary') return true;
	if (contentEncoding !== undefined || type === 'object' || type === 'array') return false;
	const media = typeof contentMediaType === 'string' ? contentMediaType : contentType;
	return typeof media === 'string' && kindOf(media.split(',')[0]!) === 'file';
};

const withPaths = (schema: Record<string, unknown>, files: readonly string[]): Record<string, unknown> => {
	if (files.length === 0 || !isObject(schema.properties)) return schema;
	const properties = Object.entries(schema.properties).map(([name, value]) => {
		if (!files.includes(name)) return [name, value];
		const {type, description} = objectOf(value);
		const said = [description, pathDescription].filter(each => typeof each === 'string').join(' ');
		const isList = listOf(type).includes('array') || type === 'array';
		return [name, isList ? {type: 'array', items: pathSchema, description: said} : {type: 'string', description: said}];
	});
	return {...schema, properties: Object.fromEntries(properties)};
};
