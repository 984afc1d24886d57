import {expect, test} from 'vitest';
import {limits} from '../../../../source/limits.ts';
import {documentWith, failureFrom, ok, open, writeDocument} from './openapi-world.ts';

const signal = AbortSignal.timeout(20_000);
const operationsOf = async (paths: object, operations?: readonly string[]) =>
	(await open(writeDocument(documentWith(paths)), {settings: {operations}})).operations(signal);

const body = (schema: unknown, contentType = 'application/json') => ({
	required: true,
	content: {[contentType]: {schema}},
});

test('operations are named by their id, made safe, or by method and path', async () => {
	const found = await operationsOf({
		'/repos/{owner}/issues': {
			get: {operationId: 'issues/list.all', responses: ok},
			post: {responses: ok},
		},
		'/': {get: {responses: ok}},
	});
	expect(found.map(({name}) => name)).toEqual(['issues-list-all', 'post-repos-owner-issues', 'get']);
});

test('of operations with the same name the first keeps it', async () => {
	const found = await operationsOf({
		'/a': {get: {operationId: 'list', responses: ok}},
		'/b': {get: {operationId: 'list', responses: ok}},
		'/c-d': {get: {responses: ok}},
		'/c/d': {get: {responses: ok}},
	});
	expect(found.map(({name}) => name)).toEqual(['list', 'get-b', 'get-c-d', 'get-c-d-2']);
});

test('an operation says what it takes, what comes out, and whether it only reads', async () => {
	const [list, create] = await operationsOf({
		'/pets/{kind}': {
			parameters: [
				{name: 'kind', in: 'path', required: true, schema: {type: 'string'}, description: 'Of pet.'},
				{name: 'limit', in: 'query', schema: {type: 'string'}},
			],
			get: {
				summary: 'Lists pets.',
				parameters: [{name: 'limit', in: 'query', schema: {type: 'integer', maximum: 9}}],
				responses: {
					200: {description: 'x', content: {'application/json': {schema: {type: 'array', items: {type: 'string'}}}}},
				},
			},
			post: {
				operationId: 'create',
				requestBody: body({
					type: 'object',
					required: ['name', 'id'],
					properties: {name: {type: 'string'}, id: {type: 'integer', readOnly: true}},
				}),
				responses: {
					201: {description: 'x', content: {'application/json': {schema: {type: 'object', properties: {id: {}}}}}},
				},
			},
		},
	});
	expect(list).toEqual({
		name: 'get-pets-kind',
		description: 'Lists pets.',
		isReadOnly: true,
		isOutputUnchecked: true,
		inputSchema: {
			type: 'object',
			properties: {
				kind: {type: 'string', description: 'Of pet.'},
				limit: {type: 'integer', maximum: 9},
				'all-pages': {type: 'boolean', description: 'Reads all pages and answers them as one.'},
			},
			required: ['kind'],
			additionalProperties: false,
		},
		outputSchema: {
			type: 'object',
			properties: {result: {type: 'array', items: {type: 'string'}}},
			required: ['result'],
		},
	});
	expect(create?.isReadOnly).toBeUndefined();
	expect(Object.keys(create?.inputSchema.properties as object)).toEqual(['kind', 'limit', 'name']);
	expect(create?.inputSchema.required).toEqual(['kind', 'name']);
	expect(create?.outputSchema).toEqual({type: 'object', properties: {id: {}}});
});

test('a body is one argument where it is more than its properties, or one is called like a parameter', async () => {
	const schemas = {
		open: {type: 'object', properties: {a: {}}, additionalProperties: true},
		either: {oneOf: [{type: 'string'}, {type: 'integer'}]},
		list: {type: 'array', items: {}},
		collides: {type: 'object', properties: {id: {}}},
	};
	const paths = Object.entries(schemas).map(([name, schema]) => [
		`/${name}`,
		{post: {parameters: [{name: 'id', in: 'query', schema: {}}], requestBody: body(schema), responses: ok}},
	]);
	for (const {inputSchema} of await operationsOf(Object.fromEntries(paths))) {
		expect(Object.keys(inputSchema.properties as object)).toEqual(['id', 'body']);
		expect(inputSchema.required).toEqual(['body']);
	}
});

test('parameters of the same name are told apart by their place', async () => {
	const parameters = ['query', 'header'].map(where => ({name: 'id', in: where, schema: {}}));
	const [found] = await operationsOf({'/{id}': {get: {parameters, responses: ok}}});
	expect(Object.keys(found?.inputSchema.properties as object)).toEqual(['id', 'header-id', 'path-id']);
});

test('`operations:` takes names or operation ids, and tells those that are not there', async () => {
	const paths = {
		'/a': {get: {operationId: 'issues/list', responses: ok}, post: {operationId: 'issues/create', responses: ok}},
		'/b': {get: {responses: ok}},
	};
	expect((await operationsOf(paths, ['get-b', 'issues/list'])).map(({name}) => name)).toEqual(['issues-list', 'get-b']);
	const failure = await failureFrom(operationsOf(paths, ['issues-lst']));
	expect(failure).toMatchObject({code: 'tool.operation-unknown', suggestion: 'Did you mean `issues-list`?'});
});

test('a default is told and never filled in: what a call leaves out, it leaves to the server', async () => {
	const schema = {type: 'object', properties: {state: {type: 'string', default: 'open', description: 'Of the issue.'}}};
	const parameters = [{name: 'limit', in: 'query', description: 'How many.', schema: {type: 'integer', default: 30}}];
	const [found] = await operationsOf({'/': {patch: {parameters, requestBody: body(schema), responses: ok}}});
	expect(found?.inputSchema.properties).toEqual({
		limit: {type: 'integer', description: 'How many. Default: 30.'},
		state: {type: 'string', description: 'Of the issue. Default: "open".'},
	});
});

test('a document with too many operations asks for a choice', async () => {
	const paths = Object.fromEntries(
		Array.from({length: limits.toolOperationsMax + 1}, (_, at) => [`/${at}`, {get: {responses: ok}}]),
	);
	await expect(operationsOf(paths)).rejects.toMatchObject({
		code: 'tool.answer-too-large',
		suggestion: 'Name those you need in `operations:` of the tool.',
	});
	expect(await operationsOf(paths, ['get-7'])).toHaveLength(1);
});
