import {appendFileSync, writeFileSync} from 'node:fs';
import process from 'node:process';
import {createInterface} from 'node:readline';

/**
 * A scripted agent that really speaks ACP v1 over its standard streams: `node scripted-agent.ts SCENE`. Each scene does
 * what one of the real command lines was seen doing (docs/agents.md). AGENT_LOG names a file that gets what it was asked.
 */
type Json = Record<string, unknown>;
interface Message extends Json {
	id?: number | string;
	method?: string;
	params?: Json;
	result?: Json;
}

const scene = process.argv[2] ?? 'text';
const sessionId = 'scripted-session';
const waiting = new Map<number, (message: Message) => void>();
let cancelTurn: (() => void) | undefined;
let nextId = 100;
let turn = 0;

const write = (message: Json) => void process.stdout.write(`${JSON.stringify({jsonrpc: '2.0', ...message})}\n`);
const update = (fields: Json) => write({method: 'session/update', params: {sessionId, update: fields}});
const say = (text: string, messageId?: string) =>
	update({sessionUpdate: 'agent_message_chunk', content: {type: 'text', text}, ...(messageId && {messageId})});
const ask = (method: string, params: Json) =>
	new Promise<Message>(resolve => {
		const id = nextId++;
		waiting.set(id, resolve);
		write({id, method, params: {sessionId, ...params}});
	});
const log = (entry: Json) => {
	if (process.env.AGENT_LOG) appendFileSync(process.env.AGENT_LOG, `${JSON.stringify(entry)}\n`);
};
const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));
const cancelled = () =>
	new Promise<void>(resolve => {
		cancelTurn = resolve;
	});

const permissionOptions = [
	{optionId: 'always', name: 'Allow for this session', kind: 'allow_always'},
	{optionId: 'once', name: 'Allow', kind: 'allow_once'},
	{optionId: 'no', name: 'Reject', kind: 'reject_once'},
];

const askLeave = async (file: string) => {
	const content = [{type: 'diff', path: file, oldText: 'old\n', newText: 'new\n'}];
	const toolCall = {
		toolCallId: 'w1',
		title: 'Writing a file',
		kind: 'edit',
		status: 'pending',
		content,
		locations: [{path: file}],
	};
	const {result} = await ask('session/request_permission', {options: permissionOptions, toolCall});
	const outcome = result?.outcome as {outcome: string; optionId?: string};
	log({permission: outcome});
	return outcome;
};

const usage = {inputTokens: 900, outputTokens: 35, thoughtTokens: 7, cachedReadTokens: 300, totalTokens: 1242};

/** @returns The answer to `session/prompt`: a result, or `{error}`. */
const scenes: Record<string, (prompt: string) => Promise<Json>> = {
	async text() {
		update({sessionUpdate: 'agent_thought_chunk', content: {type: 'text', text: 'hm'}});
		for (const word of ['Hello ', 'from ', 'the ', 'script.']) say(word);
		update({sessionUpdate: 'usage_update', used: 1200, size: 200000, cost: {amount: 0.00342, currency: 'USD'}});
		update({sessionUpdate: 'usage_update', used: 1300, size: 200000, cost: {amount: 0.00412, currency: 'USD'}});
		return {stopReason: 'end_turn', usage};
	},
	async tool() {
		say('I will edit.', 'm1');
		const file = `${process.cwd()}/src/x.ts`;
		update({
			sessionUpdate: 'tool_call',
			toolCallId: 't1',
			title: 'write',
			kind: 'edit',
			status: 'pending',
			locations: [],
		});
		const diff = {type: 'diff', path: file, oldText: 'a\n', newText: 'b\n'};
		update({
			sessionUpdate: 'tool_call_update',
			toolCallId: 't1',
			status: 'in_progress',
			title: 'write',
			kind: 'edit',
			locations: [{path: file}],
			content: [diff],
		});
		await ask('fs/write_text_file', {path: file, content: 'b\n'});
		const read = await ask('fs/read_text_file', {path: file});
		update({sessionUpdate: 'tool_call_update', toolCallId: 't1', status: 'completed'});
		say(`Wrote ${JSON.stringify((read.result as Json).content)}.`, 'm2');
		return {
			stopReason: 'end_turn',
			_meta: {
				quota: {
					token_count: {input_tokens: 2400, output_tokens: 84},
					model_usage: [{model: 'gemini-2.5-flash', token_count: {input_tokens: 2400, output_tokens: 84}}],
				},
			},
		};
	},
	async outside() {
		const wrote = await ask('fs/write_text_file', {path: `${process.cwd()}/../outside.txt`, content: 'x'});
		const read = await ask('fs/read_text_file', {path: '/etc/passwd'});
		say(`write ${wrote.error ? 'refused' : 'done'}, read ${read.error ? 'refused' : 'done'}`);
		return {stopReason: 'end_turn'};
	},
	async permission() {
		say('I need to write. ');
		const outcome = await askLeave(`${process.cwd()}/out.txt`);
		if (outcome.outcome === 'cancelled') return {stopReason: 'cancelled'};
		if (outcome.optionId !== 'no') writeFileSync('out.txt', 'new\n');
		update({
			sessionUpdate: 'tool_call_update',
			toolCallId: 'w1',
			status: outcome.optionId === 'no' ? 'failed' : 'completed',
			kind: 'edit',
			title: 'Writing a file',
		});
		say(outcome.optionId === 'no' ? 'Then not.' : 'Done.');
		return {stopReason: 'end_turn', usage};
	},
	/** It takes its question back and goes on. */
	async 'permission-back'() {
		const id = nextId;
		const asked = askLeave(`${process.cwd()}/out.txt`);
		await sleep(100);
		write({method: '$/cancel_request', params: {requestId: id}});
		await asked;
		say('Never mind.');
		return {stopReason: 'end_turn'};
	},
	/** Codex: a rejection ends the turn. */
	async 'permission-codex'() {
		await askLeave(`${process.cwd()}/out.txt`);
		return {stopReason: 'cancelled'};
	},
	async stream() {
		const stop = cancelled();
		const timer = setInterval(() => say('tick '), 20);
		await stop;
		clearInterval(timer);
		return {stopReason: 'cancelled'};
	},
	/** Neither cancel nor TERM moves it, and neither its child. */
	async stubborn() {
		process.on('SIGTERM', () => {});
		const {spawn} = await import('node:child_process');
		spawn('sh', ['-c', 'trap "" TERM; sleep 300 & wait; sleep 300'], {stdio: 'inherit'});
		say('never ');
		await new Promise(() => {});
		return {};
	},
	async hang() {
		say('One word.');
		await cancelled();
		return {stopReason: 'cancelled'};
	},
	e401: async () => ({error: {code: 401, message: '{"error":{"code":401,"message":"API key not valid."}}'}}),
	e429: async () => ({
		error: {code: -32603, message: 'Internal error: API Error (429)', data: {errorKind: 'rate_limit'}},
	}),
	async 'e529-marker'() {
		const failure = {category: 'service', severity: 'error', title: 'API Error: 529 Overloaded.'};
		return {stopReason: 'end_turn', _meta: {jetbrains: {air: {version: 1, sessionFailure: failure}}}};
	},
	/** Codex without the marker: the error as text beside `end_turn`. */
	async 'e429-codex'() {
		const error = {
			message: 'Reconnecting... 1/1',
			codexErrorInfo: {responseStreamDisconnected: {httpStatusCode: 429}},
			willRetry: true,
		};
		update({sessionUpdate: 'session_info_update', _meta: {codex: {error}}});
		update({sessionUpdate: 'session_info_update', _meta: {codex: {threadStatus: {type: 'systemError'}}}});
		say('exceeded retry limit, last status: 429 Too Many Requests');
		return {stopReason: 'end_turn', usage: null};
	},
	async 'e429-copilot'() {
		say('Error: Failed to get response from the AI model; Last error: 429 Rate limit reached');
		return {stopReason: 'end_turn'};
	},
	async 'e401-copilot'() {
		say('Info: Request failed due to a transient API error. Retrying...');
		say('Error: Authentication failed with provider (HTTP 401).');
		return {stopReason: 'end_turn'};
	},
	async crash() {
		say('half a sen');
		await sleep(50);
		process.stderr.write('FATAL: out of cheese\n');
		process.exit(3);
	},
	async junk() {
		process.stdout.write('Welcome to Agent 3000!\n{not json\n[1,2]\n{"hello":"there"}\n');
		process.stdout.write(Buffer.from([0xff, 0xfe, 0x0a]));
		const broken = JSON.stringify({
			jsonrpc: '2.0',
			method: 'session/update',
			params: {
				sessionId,
				update: {sessionUpdate: 'agent_message_chunk', content: {type: 'text', text: 'bad <X> byte'}},
			},
		});
		const [before, after] = broken.split('<X>');
		process.stdout.write(Buffer.concat([Buffer.from(before!), Buffer.from([0xc3, 0x28]), Buffer.from(`${after}\n`)]));
		update({sessionUpdate: 'something_new', payload: {a: 1}});
		update({sessionUpdate: 'agent_message_chunk', content: {type: 'image', data: ''}});
		return {stopReason: 'end_turn'};
	},
	async flood() {
		const megabytes = Number(process.env.FLOOD_MB ?? 50);
		const piece = 'x'.repeat(1023).concat('\n');
		const line = `${JSON.stringify({jsonrpc: '2.0', method: 'session/update', params: {sessionId, update: {sessionUpdate: 'agent_message_chunk', content: {type: 'text', text: piece}}}})}\n`;
		for (let index = 0; index < megabytes * 1024; index++) {
			if (!process.stdout.write(line)) await new Promise(resolve => process.stdout.once('drain', resolve));
		}

		say('The end.');
		return {stopReason: 'end_turn'};
	},
	async outputs() {
		say('It is fine.\n\n```json\n{"risk": "low", "files": ["a.ts"]}\n```\n');
		return {stopReason: 'end_turn', usage};
	},
	async 'outputs-repaired'() {
		say(turn === 1 ? 'Risky.\n\n```json\n{"risk": "maybe"}\n```' : '```json\n{"risk": "high", "files": []}\n```');
		return {stopReason: 'end_turn', usage};
	},
	async 'output.invalid'() {
		say('I will not.');
		return {stopReason: 'end_turn'};
	},
};

const answer = async ({id, method, params}: Message): Promise<void> => {
	switch (method) {
		case 'initialize':
			if (scene === 'no-protocol') process.exit(41);
			log({initialize: params});
			return write({
				id,
				result: {
					protocolVersion: 1,
					agentCapabilities: {},
					authMethods: [],
					agentInfo: {name: 'scripted', version: '1'},
				},
			});
		case 'session/new': {
			const modes = {
				currentModeId: 'default',
				availableModes: [
					{id: 'default', name: 'Default'},
					{id: 'plan', name: 'Plan'},
				],
			};
			const select = {
				id: 'model',
				name: 'Model',
				category: 'model',
				type: 'select',
				currentValue: 'small',
				options: [
					{value: 'small', name: 'Small'},
					{value: 'large', name: 'Large'},
				],
			};
			return write({id, result: {sessionId, modes, configOptions: [select]}});
		}
		case 'session/prompt': {
			turn++;
			const text = (params!.prompt as Array<{text: string}>)[0]!.text;
			log({prompt: text});
			return write({id, ...wrap(await scenes[scene]!(text))});
		}
		default:
			log({[method!]: params});
			if (method === 'session/cancel') cancelTurn?.();
			else if (id !== undefined) write({id, result: {configOptions: []}});
	}
};

const wrap = (response: Json): Json => ('error' in response ? response : {result: response});

// Like codex-acp, it may outlive its input: whoever started it has to end it.
if (scene === 'stubborn') setInterval(() => {}, 1000);
createInterface({input: process.stdin}).on('line', line => {
	const message = JSON.parse(line) as Message;
	if (message.method === undefined) waiting.get(message.id as number)?.(message);
	else void answer(message);
});
