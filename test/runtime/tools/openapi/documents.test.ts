import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {Ajv2020} from 'ajv/dist/2020.js';
import {expect, test} from 'vitest';
import {limits} from '../../../../source/limits.ts';
import {schemaProblem} from '../../../../source/workflow/json-schema.ts';
import {
	answerJson,
	callTool,
	documentWith,
	failureFrom,
	ok,
	open,
	startServer,
	temporaryFolder,
	writeDocument,
} from './openapi-world.ts';

const signal = AbortSignal.timeout(20_000);
const get = (schema: unknown) => ({
	get: {operationId: 'op', responses: {200: {description: 'Well.', content: {'application/json': {schema}}}}},
});
const opened = async (document: unknown, name = 'api.json') => open(writeDocument(document, temporaryFolder(), name));
const outputOf = async (document: unknown) => (await (await opened(document)).operations(signal))[0]?.outputSchema;

test('YAML and JSON are read, whatever the file is called', async () => {
	const yaml =
		'openapi: 3.1.0\ninfo: {title: A, version: "1"}\npaths:\n  /a:\n    get: {responses: {"200": {description: x}}}\n';
	for (const [text, name] of [
		[yaml, 'api.txt'],
		[JSON.stringify(documentWith({'/a': {get: {responses: ok}}})), 'api.yaml'],
	] as const) {
		const tool = await opened(text, name);
		expect((await tool.operations(signal)).map(each => each.name)).toEqual(['get-a']);
	}
});

test('what is no YAML is told with line and column', async () => {
	const failure = await failureFrom(opened('openapi: 3.0.3\npaths:\n  /a: {\n', 'api.yaml'));
	expect(failure.code).toBe('tool.answer-invalid');
	expect(failure.message).toMatch(/line \d+, column \d+/);
});

test.each(['3.0.3', '3.1.0'])(
	'a document of %s that breaks the rules is told with each place and its line',
	async openapi => {
		const text = `openapi: ${openapi}
info: {title: A, version: '1'}
paths:
  /pets:
    get:
      parameters:
        - name: x
          in: somewhere
          schema: {type: string}
      responses: {'200': {description: x}}
`;
		const failure = await failureFrom(opened(text, 'api.yaml'));
		expect(failure.code).toBe('tool.answer-invalid');
		expect(failure.message).toContain('#/paths/~1pets/get/parameters/0/in (line 8) must be ');
		expect(failure.message).toContain('query');
	},
);

test('Swagger 2.0, other versions and other files are told apart', async () => {
	const swagger = await failureFrom(opened({swagger: '2.0', info: {}, paths: {}}));
	expect(swagger).toMatchObject({code: 'tool.answer-invalid'});
	expect(swagger.message).toContain('it is Swagger 2.0');
	expect(swagger.suggestion).toContain('Convert it');
	expect((await failureFrom(opened({...documentWith({}), openapi: '3.2.0'}))).message).toContain(
		'its version is 3.2.0',
	);
	expect((await failureFrom(opened('<html></html>'))).message).toContain('it has no `openapi: 3.0.x`');
});

test('a file that is not there is unreachable, one that is too large is refused', async () => {
	await expect(open('/nowhere/api.yaml')).rejects.toMatchObject({code: 'tool.unreachable'});
	await expect(opened(' '.repeat(limits.openapiDocumentBytesMax + 1))).rejects.toMatchObject({
		code: 'tool.answer-too-large',
	});
});

test('files beside the document are read, those outside of its folder are not, by no path and no link', async () => {
	const folder = temporaryFolder();
	mkdirSync(path.join(folder, 'api/parts'), {recursive: true});
	writeFileSync(
		path.join(folder, 'api/parts/pet.yaml'),
		'Pet:\n  type: object\n  properties: {id: {$ref: "id.yaml"}}\n',
	);
	writeFileSync(path.join(folder, 'api/parts/id.yaml'), 'type: integer\n');
	writeFileSync(path.join(folder, 'secret.yaml'), 'type: string\n');
	symlinkSync(path.join(folder, 'secret.yaml'), path.join(folder, 'api/parts/link.yaml'));
	const at = (reference: string) =>
		open(writeDocument(documentWith({'/a': get({$ref: reference})}), path.join(folder, 'api')));
	const tool = await at('parts/pet.yaml#/Pet');
	expect((await tool.operations(signal))[0]?.outputSchema).toEqual({
		type: 'object',
		properties: {id: {type: 'integer'}},
	});
	for (const reference of ['../secret.yaml', 'parts/link.yaml', '/etc/hostname', 'http://127.0.0.1:9/x.yaml']) {
		const failure = await failureFrom(at(reference));
		expect(failure.code).toBe('tool.answer-invalid');
		expect(failure.message).toContain('outside of its own folder');
	}
});

test('a document at an address is read once, with what is at the same origin only', async () => {
	const other = await startServer((_, response) => answerJson(response, {type: 'string'}));
	const server = await startServer(({url}, response) => {
		if (url === '/api/id.json') answerJson(response, {type: 'integer'});
		else if (url === '/api/v1/things') answerJson(response, [1]);
		else {
			const reference =
				url === '/api/openapi.json' ? 'id.json' : url === '/api/away.json' ? `${other.url}/x` : 'file:///etc/hostname';
			answerJson(
				response,
				documentWith({'/things': get({type: 'array', items: {$ref: reference}})}, {servers: [{url: 'v1'}]}),
			);
		}
	});
	const tool = await open(`${server.url}/api/openapi.json`);
	await open(`${server.url}/api/openapi.json`);
	expect((await callTool(tool, 'op')).outputs).toEqual({result: [1]});
	expect(server.received.map(({url}) => url)).toEqual(['/api/openapi.json', '/api/id.json', '/api/v1/things']);
	await expect(open(`${server.url}/api/away.json`)).rejects.toMatchObject({code: 'tool.answer-invalid'});
	await expect(open(`${server.url}/api/file.json`)).rejects.toMatchObject({code: 'tool.answer-invalid'});
	expect(other.received).toEqual([]);
});

test('a document that is for members only, or not there, says so', async () => {
	const server = await startServer(({url}, response) => response.writeHead(url === '/locked' ? 401 : 404).end());
	await expect(open(`${server.url}/locked`)).rejects.toMatchObject({code: 'tool.unauthenticated'});
	await expect(open(`${server.url}/gone`)).rejects.toMatchObject({code: 'tool.unreachable'});
});

test('a reference to nothing is told', async () => {
	const failure = await failureFrom(opened(documentWith({'/a': get({$ref: '#/components/schemas/Pte'})})));
	expect(failure).toMatchObject({code: 'tool.answer-invalid'});
	expect(failure.message).toContain('`$ref: #/components/schemas/Pte` leads to nothing');
});

test('circular schemas are written once and refer to themselves', async () => {
	const schemas = {
		Node: {type: 'object', properties: {next: {$ref: '#/components/schemas/Node'}, value: {type: 'string'}}},
	};
	const schema = await outputOf(
		documentWith({'/a': get({$ref: '#/components/schemas/Node'})}, {components: {schemas}}),
	);
	expect(schema).toEqual({
		type: 'object',
		properties: {next: {$ref: '#/$defs/Node'}, value: {type: 'string'}},
		$defs: {Node: {type: 'object', properties: {next: {$ref: '#/$defs/Node'}, value: {type: 'string'}}}},
	});
});

test('references that lead in a circle without anything between them are told', async () => {
	const parameters = {a: {$ref: '#/components/parameters/b'}, b: {$ref: '#/components/parameters/a'}};
	const operation = {parameters: [{$ref: '#/components/parameters/a'}], responses: ok};
	await expect(opened(documentWith({'/a': {get: operation}}, {components: {parameters}}))).rejects.toMatchObject({
		code: 'tool.answer-invalid',
	});
	const schemas = {A: {$ref: '#/components/schemas/A'}};
	expect(
		await outputOf(
			documentWith({'/a': get({type: 'array', items: {$ref: '#/components/schemas/A'}})}, {components: {schemas}}),
		),
	).toBeDefined();
});

test('schemas that multiply when written out stay bounded and valid', async () => {
	const ten = (name: string) =>
		Object.fromEntries(Array.from({length: 10}, (_, at) => [`p${at}`, {$ref: `#/components/schemas/${name}`}]));
	const names = Array.from({length: 12}, (_, at) => `S${at}`);
	const schemas = Object.fromEntries(
		names.map((name, at) => [name, {type: 'object', properties: at === 11 ? {} : ten(`S${at + 1}`)}]),
	);
	const schema = await outputOf(documentWith({'/a': get({$ref: '#/components/schemas/S0'})}, {components: {schemas}}));
	expect(JSON.stringify(schema).length).toBeLessThan(500_000);
	expect(schemaProblem(schema!)).toBeUndefined();
});

test('a long chain of references is written out for some of the way only', async () => {
	const count = 3 * limits.openapiSchemaReferencesMax;
	const schemas = Object.fromEntries(
		Array.from({length: count}, (_, at) => [
			`S${at}`,
			at === count - 1 ? {type: 'string'} : {type: 'array', items: {$ref: `#/components/schemas/S${at + 1}`}},
		]),
	);
	const schema = await outputOf(documentWith({'/a': get({$ref: '#/components/schemas/S0'})}, {components: {schemas}}));
	const names = [1, 2].map(times => `S${times * limits.openapiSchemaReferencesMax}`);
	expect(Object.keys(schema?.$defs as object)).toEqual(names);
	expect(schemaProblem(schema!)).toBeUndefined();
});

test('aliases that multiply and nesting without end are refused', async () => {
	const bomb = ['a: &a0 [x, x]', ...Array.from({length: 30}, (_, at) => `b${at}: &a${at + 1} [*a${at}, *a${at}]`)].join(
		'\n',
	);
	await expect(opened(bomb, 'api.yaml')).rejects.toMatchObject({code: 'tool.answer-invalid'});
	const deep = `{"openapi":"3.0.3","x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
	await expect(opened(deep)).rejects.toMatchObject({code: 'tool.answer-too-large'});
});

test('the dialect of 3.0 is translated, and no keyword is left that JSON Schema does not know', async () => {
	const schema = {
		type: 'object',
		required: ['kind', 'secret'],
		discriminator: {propertyName: 'kind'},
		'x-own': 1,
		properties: {
			kind: {type: 'string', enum: ['a', 'b'], nullable: true, example: 'a'},
			size: {type: 'number', minimum: 0, exclusiveMinimum: true, xml: {name: 's'}},
			secret: {type: 'string', writeOnly: true},
			name: {type: 'string', pattern: '['},
		},
	};
	const written = await outputOf(documentWith({'/a': get(schema)}));
	expect(written).toEqual({
		type: 'object',
		required: ['kind'],
		properties: {
			kind: {type: ['string', 'null'], enum: ['a', 'b', null]},
			size: {type: 'number', exclusiveMinimum: 0},
			name: {type: 'string'},
		},
	});
	expect(schemaProblem(written!)).toBeUndefined();
});

test('schemas of 3.1 keep what is beside a reference', async () => {
	const schemas = {Id: {type: 'string'}};
	const schema = {
		type: 'object',
		properties: {
			id: {$ref: '#/components/schemas/Id', description: 'Mine.'},
			short: {$ref: '#/components/schemas/Id', maxLength: 3},
			pair: {type: 'array', prefixItems: [{type: 'string'}, {type: ['integer', 'null']}], items: false},
		},
	};
	const written = await outputOf({...documentWith({'/a': get(schema)}, {components: {schemas}}), openapi: '3.1.0'});
	expect(written?.properties).toEqual({
		id: {type: 'string', description: 'Mine.'},
		short: {allOf: [{type: 'string'}, {maxLength: 3}]},
		pair: {type: 'array', items: {anyOf: [{type: 'string'}, {type: ['integer', 'null']}]}, maxItems: 2},
	});
	expect(schemaProblem(written!)).toBeUndefined();
	expect(new Ajv2020({strict: false}).validateSchema(written!)).toBe(true);
});

test('a path may be written elsewhere, and a document without operations says so', async () => {
	const folder = temporaryFolder();
	const path = {parameters: [{$ref: '#/own'}], get: {operationId: 'op', responses: ok}};
	writeDocument({path, own: {name: 'q', in: 'query', schema: {type: 'string'}}}, folder, 'parts.json');
	const tool = await open(writeDocument(documentWith({'/a': {$ref: 'parts.json#/path'}}), folder));
	expect(Object.keys((await tool.operations(signal))[0]?.inputSchema.properties as object)).toEqual(['q']);
	const empty = await failureFrom(opened({openapi: '3.1.0', info: {title: 'A', version: '1'}, webhooks: {}}));
	expect(empty).toMatchObject({code: 'tool.answer-invalid', message: expect.stringContaining('it has no operations')});
});
