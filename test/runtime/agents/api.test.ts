import {readFileSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import path from 'node:path';
import process from 'node:process';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {AgentEvent, AgentRequest} from '../../../runtime/agents/adapter.ts';
import {createApiAdapter} from '../../../runtime/agents/api.ts';
import {parseAgentsFile} from '../../../runtime/agents/registry/agents-file.ts';
import type {AgentSpec} from '../../../runtime/agents/spec.ts';
import {bridgeEntry} from '../../../source/install.ts';
import {type ModelServer, startModelServer} from '../../agents/model-server.ts';
import {written} from '../../agents/models/scenes.ts';
import {notesIn} from '../tools/given.ts';
import {requestIn, temporaryFolder} from './run-agent.ts';

const spec = (provider: string, baseUrl: string | undefined, more: Partial<AgentSpec> = {}): AgentSpec => ({
	id: 'direct',
	adapter: 'api',
	args: [],
	env: [],
	set: {},
	idleMs: 60_000,
	provider,
	baseUrl,
	model: models[provider],
	...more,
});
const models: Readonly<Record<string, string>> = {
	anthropic: 'claude-sonnet-4-5',
	openai: 'gpt-5.1',
	google: 'gemini-2.5-flash',
	'openai-compatible': 'some-model',
	ollama: 'llama3.2',
};
const keys = {
	PATH: process.env.PATH ?? '',
	ANTHROPIC_API_KEY: 'made-up',
	OPENAI_API_KEY: 'made-up',
	GEMINI_API_KEY: 'made-up',
};

let server: ModelServer;
beforeAll(async () => {
	server = await startModelServer();
});
afterAll(() => server.close());

/** Each provider at the scene of the stand-in; they put their version into the path differently. */
const addressOf = (provider: string, scene: string) =>
	`${server.urlOf(scene)}${provider === 'google' ? '/v1beta' : '/v1'}`;
const providers = ['anthropic', 'openai', 'google', 'openai-compatible', 'ollama'];

const ask = async (
	described: AgentSpec,
	more: {
		readonly request?: Partial<AgentRequest>;
		readonly environment?: Record<string, string>;
		readonly onEvent?: (event: AgentEvent, abort: () => void) => void;
		readonly reply?: (turn: number) => string | undefined;
	} = {},
) => {
	const abort = new AbortController();
	const events: AgentEvent[] = [];
	let turn = 0;
	const adapter = createApiAdapter(described, more.environment ?? keys);
	for await (const event of adapter.run(requestIn(temporaryFolder(), more.request), abort.signal)) {
		events.push(event);
		more.onEvent?.(event, () => abort.abort());
		if (event.t === 'answered') event.reply(more.reply?.(++turn));
	}

	const of = <T extends AgentEvent['t']>(t: T) =>
		events.filter((event): event is Extract<AgentEvent, {t: T}> => event.t === t);
	return {
		end: of('end'),
		text: of('text')
			.map(({delta}) => delta)
			.join(''),
		usage: of('usage'),
		events,
	};
};

describe.each(providers)('a model of %s that is given tools', provider => {
	test('calls a function, and answers with what came out', async () => {
		const workspace = temporaryFolder();
		const file = path.join(workspace, 'tools.json');
		writeFileSync(file, JSON.stringify(notesIn(workspace)));
		const callsBefore = server.calls().length;
		const {end, text, usage, events} = await ask(spec(provider, addressOf(provider, 'tool')), {
			request: {
				prompt: 'Please TOOL:notes_add now.',
				tools: {name: 'workflow', command: process.execPath, args: [bridgeEntry, file, '-'], tools: ['notes']},
			},
		});
		expect(end).toEqual([{t: 'end', outcome: 'ok'}]);
		expect(text).toBe('I will call it. I am done.');
		expect(readFileSync(path.join(workspace, 'notes.txt'), 'utf8')).toBe(`${written}\n`);
		expect(usage).toHaveLength(2);
		expect(events.filter(({t}) => t === 'tool')).toMatchObject([
			{title: 'notes_add', status: 'in_progress'},
			{title: 'notes_add', status: 'completed'},
		]);
		const calls = server.calls().slice(callsBefore);
		expect(calls).toHaveLength(2);
		expect(calls[1]!.body).toContain('added');
	});
});

describe.each(providers)('%s', provider => {
	test('answers piece by piece, and its tokens are those the provider counted', async () => {
		const {end, text, usage, events} = await ask(spec(provider, addressOf(provider, 'text')));
		expect(end).toEqual([{t: 'end', outcome: 'ok'}]);
		expect(text).toBe('Hello from the stand-in model.');
		expect(events.filter(({t}) => t === 'text').length).toBeGreaterThan(1);
		expect(usage).toHaveLength(1);
		expect(usage[0]).toMatchObject({
			tokens: {input: 1200, cachedInput: 300, output: 42},
			costMicroUsd: null,
			costSource: 'none',
		});
	});

	test.each([
		['e401', 'agent.unauthenticated'],
		['e429', 'agent.rate-limited'],
		['e503', 'agent.overloaded'],
	])('%s is %s, asked once', async (scene, code) => {
		const before = server.calls().length;
		const {end} = await ask(spec(provider, addressOf(provider, scene)));
		expect(end).toMatchObject([{outcome: 'failed', failure: {code}}]);
		expect(server.calls().length - before).toBe(1);
		if (code === 'agent.rate-limited') {
			const {resetAtMs = 0} = (end[0] as {failure: {resetAtMs?: number}}).failure;
			expect(resetAtMs).toBeGreaterThan(Date.now());
		}
	});

	test('a cancel ends it at once, also where nothing ever comes', async () => {
		const slow = await ask(spec(provider, addressOf(provider, 'slow')), {
			onEvent: ({t}, abort) => t === 'text' && abort(),
		});
		expect(slow.end).toEqual([{t: 'end', outcome: 'cancelled'}]);
		const hanging = await ask(spec(provider, addressOf(provider, 'hang')), {
			onEvent: ({t}, abort) => t === 'session' && setTimeout(abort, 50),
		});
		expect(hanging.end).toEqual([{t: 'end', outcome: 'cancelled'}]);
	});
});

test('a second turn knows the first: outputs can be repaired', async () => {
	const {end, text} = await ask(spec('anthropic', addressOf('anthropic', 'json')), {
		reply: turn => (turn === 1 ? 'The outputs do not fit.' : undefined),
	});
	expect(end).toEqual([{t: 'end', outcome: 'ok'}]);
	expect(text).toContain('"perhaps"');
	expect(text).toContain('"low"');
	expect(JSON.parse(server.calls().at(-1)!.body).messages).toHaveLength(3);
});

test('an answer that is cut off is no answer', async () => {
	const cut = createServer((_, response) => {
		response.writeHead(200, {'content-type': 'text/event-stream'});
		response.write(`data: ${JSON.stringify({id: 'x', choices: [{index: 0, delta: {content: 'half a sen'}}]})}\n\n`);
		setTimeout(() => response.destroy(), 20);
	});
	await new Promise<void>(resolve => cut.listen(0, '127.0.0.1', resolve));
	try {
		const {port} = cut.address() as AddressInfo;
		const {end} = await ask(spec('openai-compatible', `http://127.0.0.1:${port}/v1`));
		expect(end).toMatchObject([
			{outcome: 'failed', failure: {code: expect.stringMatching(/^agent\.(crashed|unreachable)$/)}},
		]);
	} finally {
		cut.close();
	}
});

test('nobody there is unreachable', async () => {
	const {end} = await ask(spec('ollama', 'http://127.0.0.1:9'));
	expect(end).toMatchObject([{outcome: 'failed', failure: {code: 'agent.unreachable'}}]);
});

describe('what is missing is said, with what to do', () => {
	test.each([
		['a key', spec('anthropic', undefined), {PATH: ''}, 'ANTHROPIC_API_KEY is not set.'],
		['a provider', spec('acme', undefined), keys, 'its provider "acme" is not known'],
	])('%s, in health', async (_, described, environment, detail) => {
		const health = await createApiAdapter(described, environment).health('quick');
		expect(health).toMatchObject({isHealthy: false, detail: expect.stringContaining(detail)});
	});

	test('a model, when it is asked', async () => {
		const {end} = await ask(spec('anthropic', undefined, {model: undefined}));
		expect(end).toMatchObject([{outcome: 'failed', failure: {message: expect.stringContaining('names no model')}}]);
	});

	test('nothing: it is healthy', async () => {
		expect(await createApiAdapter(spec('ollama', undefined), {PATH: ''}).health('quick')).toMatchObject({
			isHealthy: true,
		});
	});
});

test('agents.yaml describes one', () => {
	const {specs, diagnostics} = parseAgentsFile(
		'agents.yaml',
		'agents: {sonnet: {adapter: api, provider: anthropic, model: claude-sonnet-4-5, base-url: "http://127.0.0.1:1/v1"}}',
	);
	expect(diagnostics).toEqual([]);
	expect(specs).toMatchObject([
		{id: 'sonnet', adapter: 'api', provider: 'anthropic', baseUrl: 'http://127.0.0.1:1/v1'},
	]);
});
