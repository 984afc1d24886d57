import {AiworkflowError} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import {didYouMean} from '../../../source/workflow/text/nearest.ts';
import {type ApiBody, type ApiOperation, type ApiParameter, allPages} from './api-operation.ts';
import {bodyOf} from './body.ts';
import type {ApiDocument, Place} from './document.ts';
import {documentInvalid, documentTooLarge} from './failures.ts';
import {isObject, type JsonObject, listOf, objectOf, textOf} from './json.ts';
import {operationNames} from './names.ts';
import {pagingOf} from './paging.ts';
import {parametersOf} from './parameters.ts';
import {createSchemaWriter} from './schemas.ts';

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/**
 * All operations of a document in its order, or those that are asked for.
 *
 * @param wanted Names as we give them, or operation ids of the document.
 * @throws AiworkflowError `tool.answer-invalid`, `tool.operation-unknown`.
 */
export const operationsOf = (document: ApiDocument, wanted?: readonly string[]): readonly ApiOperation[] => {
	const found = foundOperations(document);
	if (found.length === 0)
		throw documentInvalid(document.name, 'it has no operations: nothing in `paths` has a method.');
	const names = operationNames(found);
	const all = found.map((each, index) => ({...each, name: names[index]!}));
	if (wanted === undefined && all.length > limits.toolOperationsMax) throw tooMany(document, all.length);
	if (wanted === undefined) return all.map(each => operationOf(each, document));
	const known = new Map(
		all.flatMap(each => [...(each.operationId ? [[each.operationId, each] as const] : []), [each.name, each] as const]),
	);
	const unknown = wanted.filter(name => !known.has(name));
	if (unknown.length > 0) throw unknownOperations(document, unknown, names);
	const chosen = new Set(wanted.map(name => known.get(name)!));
	return all.filter(each => chosen.has(each)).map(each => operationOf(each, document));
};

interface FoundOperation {
	readonly operationId?: string;
	readonly method: string;
	readonly path: string;
	readonly pathItem: Place;
	readonly operation: Place;
}

const foundOperations = (document: ApiDocument): readonly FoundOperation[] =>
	Object.entries(objectOf(document.root.paths))
		.filter(([path]) => path.startsWith('/'))
		.flatMap(([path, value]) => {
			const pathItem = document.follow({value, base: document.location.href});
			return Object.entries(objectOf(pathItem.value))
				.filter(([method, operation]) => methods.includes(method) && isObject(operation))
				.map(([method, operation]) => ({
					operationId: textOf((operation as JsonObject).operationId),
					method,
					path,
					pathItem,
					operation: {value: operation, base: pathItem.base},
				}));
		});

const operationOf = (found: FoundOperation & {readonly name: string}, document: ApiDocument): ApiOperation => {
	const {path, pathItem, operation, name} = found;
	const method = found.method.toUpperCase();
	const said = operation.value as JsonObject;
	const inputs = createSchemaWriter(document, 'readOnly');
	const parameters = parametersOf(path, pathItem, operation, document, inputs);
	const body = bodyOf(method, operation, parameters, document, inputs);
	const answer = successOf(operation, document);
	const outputs = createSchemaWriter(document, 'writeOnly');
	const answerSchema = answer && outputs.write(answer.schema);
	const paging = pagingOf(method, said, parameters, answer?.place, answerSchema?.type === 'array', document);
	const own = [said, objectOf(pathItem.value)].find(({servers}) => listOf(servers).length > 0);
	return {
		tool: {
			name,
			description: descriptionOf(said, objectOf(pathItem.value), method, path),
			inputSchema: withDefinitions(inputSchemaOf(parameters, body, paging !== undefined), inputs.definitions()),
			outputSchema: answerSchema && withDefinitions(outputSchemaOf(answerSchema), outputs.definitions()),
			isOutputUnchecked: true,
			isReadOnly: method === 'GET' || method === 'HEAD' ? true : undefined,
		},
		operationId: found.operationId,
		method,
		path,
		parameters,
		body,
		servers: listOf((own ?? document.root).servers).filter(isObject),
		security: listOf(said.security ?? document.root.security).filter(isObject),
		paging,
	};
};

const descriptionOf = (said: JsonObject, pathItem: JsonObject, method: string, path: string): string => {
	const own = [said.summary ?? pathItem.summary, said.description ?? pathItem.description];
	const texts = [...new Set(own.filter(each => typeof each === 'string' && each !== ''))];
	return [said.deprecated === true ? 'Deprecated.' : '', ...texts].filter(Boolean).join('\n\n') || `${method} ${path}`;
};

const inputSchemaOf = (parameters: readonly ApiParameter[], body: ApiBody | undefined, hasPages: boolean) => {
	const properties: Record<string, unknown> = {};
	for (const {argument, schema, description} of parameters) {
		const told = [description, schema.description].filter(each => typeof each === 'string');
		properties[argument] = told.length === 0 ? schema : {...schema, description: [...new Set(told)].join(' ')};
	}

	if (body?.argument !== undefined) properties[body.argument] = body.schema;
	else if (body) Object.assign(properties, body.schema.properties);
	if (hasPages) properties[allPages] = {type: 'boolean', description: 'Reads all pages and answers them as one.'};
	const ofBody = body?.isRequired ? (body.argument === undefined ? listOf(body.schema.required) : [body.argument]) : [];
	const required = [...parameters.filter(({isRequired}) => isRequired).map(({argument}) => argument), ...ofBody];
	return {type: 'object', properties, ...(required.length > 0 ? {required} : {}), additionalProperties: false};
};

/** What is not an object comes out as `result`. */
const outputSchemaOf = (schema: Record<string, unknown>) => {
	const isObjectSchema = schema.type === 'object' || (schema.type === undefined && isObject(schema.properties));
	if (isObjectSchema) return {...schema, type: 'object'};
	const {type} = schema;
	const isKnownOther = typeof type === 'string' || (Array.isArray(type) && !type.includes('object'));
	return isKnownOther ? {type: 'object', properties: {result: schema}, required: ['result']} : undefined;
};

const withDefinitions = <Schema extends Record<string, unknown> | undefined>(
	schema: Schema,
	definitions: Record<string, unknown> | undefined,
): Schema => (schema === undefined || definitions === undefined ? schema : {...schema, $defs: definitions});

/** The first successful answer that is JSON, or the first successful one. */
const successOf = (operation: Place, document: ApiDocument) => {
	const {responses} = objectOf(operation.value);
	const answers = Object.entries(objectOf(responses))
		.filter(([status]) => /^2/.test(status) || status === 'default')
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([, value]) => document.follow({value, base: operation.base}));
	for (const place of answers) {
		const json = Object.entries(objectOf(objectOf(place.value).content)).find(([type]) => /[/+]json\b/i.test(type));
		const {schema} = objectOf(json?.[1]);
		if (schema !== undefined) return {place, schema: {value: schema, base: place.base}};
	}

	return answers[0] && {place: answers[0], schema: {value: {}, base: operation.base}};
};

const tooMany = (document: ApiDocument, count: number) =>
	documentTooLarge(
		document.name,
		`it has ${count} operations, and a tool has ${limits.toolOperationsMax} at most`,
		'Name those you need in `operations:` of the tool.',
	);

const unknownOperations = (document: ApiDocument, unknown: readonly string[], names: readonly string[]) =>
	new AiworkflowError({
		code: 'tool.operation-unknown',
		message: `\`operations:\` names ${unknown.map(name => `"${name}"`).join(', ')}, which ${document.name} does not have.`,
		suggestion: didYouMean(
			unknown[0]!,
			names,
			`It has ${names.length} operations; without \`operations:\`, \`aiworkflow tools info\` lists them.`,
		),
	});
