import swagger from '@fastify/swagger';
import Fastify from 'fastify';
import {expect, test} from 'vitest';
import {schemaProblem} from '../../../../source/workflow/json-schema.ts';
import {atEnd, callTool, failureFrom, open} from './openapi-world.ts';

const signal = AbortSignal.timeout(20_000);

/** A real application that describes itself. */
const startNotes = async (openapi: '3.0.3' | '3.1.0'): Promise<string> => {
	const app = Fastify();
	await app.register(swagger, {
		openapi: {
			openapi,
			info: {title: 'Notes', version: '1.0.0'},
			components: {securitySchemes: {token: {type: 'http', scheme: 'bearer'}}},
		},
	});
	const notes = new Map<number, {id: number; title: string; tags: string[]}>();
	const note = {
		type: 'object',
		required: ['id', 'title'],
		properties: {id: {type: 'integer'}, title: {type: 'string'}, tags: {type: 'array', items: {type: 'string'}}},
	};
	app.addSchema({$id: 'Note', ...note});
	app.get('/openapi.json', {schema: {hide: true} as object}, () => app.swagger());
	const tags = {type: 'array', items: {type: 'string'}};
	app.get(
		'/notes',
		{
			schema: {
				operationId: 'listNotes',
				summary: 'Lists notes.',
				querystring: {type: 'object', properties: {tag: tags, limit: {type: 'integer', maximum: 100}}},
				response: {200: {description: 'Notes.', type: 'array', items: {$ref: 'Note#'}}},
			} as object,
		},
		request => {
			const {tag = [], limit = 100} = request.query as {tag?: string[]; limit?: number};
			return Array.from(notes.values())
				.filter(each => tag.every(one => each.tags.includes(one)))
				.slice(0, limit);
		},
	);
	app.post(
		'/notes',
		{
			schema: {
				operationId: 'addNote',
				security: [{token: []}],
				body: {type: 'object', required: ['title'], properties: {title: {type: 'string', minLength: 2}, tags}},
				response: {201: {description: 'The note.', $ref: 'Note#'}},
			} as object,
			preValidation: async (request, reply) => {
				if (request.headers.authorization !== 'Bearer s3cret') await reply.code(401).send({message: 'Who are you?'});
			},
		},
		(request, reply) => {
			const added = {id: notes.size + 1, tags: [], ...(request.body as {title: string})};
			notes.set(added.id, added);
			return reply.code(201).send(added);
		},
	);
	app.get(
		'/notes/:id',
		{schema: {params: {type: 'object', properties: {id: {type: 'integer'}}}} as object},
		(request, reply) => {
			const found = notes.get((request.params as {id: number}).id);
			return found ?? reply.code(404).type('application/problem+json').send({title: 'No such note', status: 404});
		},
	);
	app.delete('/notes/:id', {schema: {operationId: 'removeNote'} as object}, (request, reply) => {
		notes.delete(Number((request.params as {id: string}).id));
		return reply.code(204).send();
	});
	const url = await app.listen({port: 0, host: '127.0.0.1'});
	atEnd(() => app.close());
	return url;
};

test.each(['3.0.3', '3.1.0'] as const)(
	'a Fastify application is used by the %s document it makes of itself',
	async version => {
		const url = await startNotes(version);
		const tool = await open(`${url}/openapi.json`, {
			settings: {auth: {token: '${{ secrets.NOTES }}'}},
			secrets: {NOTES: 's3cret'},
		});
		const operations = await tool.operations(signal);
		expect(operations.map(({name, isReadOnly}) => [name, isReadOnly])).toEqual([
			['listNotes', true],
			['addNote', undefined],
			['get-notes-id', true],
			['removeNote', undefined],
		]);
		expect(
			operations.flatMap(({inputSchema, outputSchema = {}}) => [
				schemaProblem(inputSchema),
				schemaProblem(outputSchema),
			]),
		).toEqual(operations.flatMap(() => [undefined, undefined]));

		await callTool(tool, 'addNote', {title: 'Milk', tags: ['shop', 'today']});
		expect((await callTool(tool, 'addNote', {title: 'Tea'})).outputs).toEqual({id: 2, title: 'Tea', tags: []});
		expect((await callTool(tool, 'listNotes', {tag: ['shop', 'today'], limit: 5})).outputs).toEqual({
			result: [{id: 1, title: 'Milk', tags: ['shop', 'today']}],
		});
		expect((await callTool(tool, 'get-notes-id', {id: 2})).outputs).toMatchObject({title: 'Tea'});
		expect(await callTool(tool, 'removeNote', {id: '1'})).toEqual({outputs: {}, text: ''});
		const gone = await failureFrom(callTool(tool, 'get-notes-id', {id: 1}));
		expect(gone).toMatchObject({
			code: 'tool.failed',
			message: `"get-notes-id" at ${url} answered 404 Not Found: No such note`,
		});
		await expect(callTool(tool, 'addNote', {title: 'x'})).rejects.toMatchObject({code: 'tool.arguments-invalid'});
	},
);

test('a wrong token is refused by the application, a missing one before it is asked', async () => {
	const url = await startNotes('3.1.0');
	const wrong = await open(`${url}/openapi.json`, {settings: {auth: {token: 'guess'}}});
	const refused = await failureFrom(callTool(wrong, 'addNote', {title: 'Milk'}));
	expect(refused).toMatchObject({code: 'tool.unauthenticated', message: expect.stringContaining('Who are you?')});
	const without = await open(`${url}/openapi.json`);
	await expect(callTool(without, 'addNote', {title: 'Milk'})).rejects.toMatchObject({
		code: 'tool.unauthenticated',
		message: expect.stringContaining('Nothing was sent.'),
	});
});
