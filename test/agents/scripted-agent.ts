import {appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
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

const askToRun = (command: string) => {
	const toolCall = {toolCallId: 'r1', title: command, kind: 'execute', status: 'pending', rawInput: {command}};
	return ask('session/request_permission', {options: permissionOptions, toolCall});
};

interface McpServer {
	readonly name: string;
	readonly command: string;
	readonly args: readonly string[];
}

let mcpServers: readonly McpServer[] = [];

/** A client of the server that it was given, as real agents are one. */
const connectTools = async () => {
	const [server] = mcpServers;
	if (!server) return undefined;
	const {Client} = await import('@modelcontextprotocol/sdk/client/index.js');
	const {StdioClientTransport} = await import('@modelcontextprotocol/sdk/client/stdio.js');
	const client = new Client({name: 'scripted', version: '1'});
	await client.connect(new StdioClientTransport({command: server.command, args: [...server.args], stderr: 'inherit'}));
	return {client, name: server.name};
};

/** Asks first, as Claude does, where `asks` says so. */
const useTools = async (prompt: string, asks: boolean): Promise<Json> => {
	const tools = await connectTools();
	if (!tools) {
		say('I was given no tools.');
		return {stopReason: 'end_turn'};
	}

	const {client, name: server} = tools;
	const listed = await client.listTools();
	log({hasKey: process.env.NOTES_KEY !== undefined});
	log({tools: listed.tools.map(({name, annotations}) => ({name, ...annotations}))});
	const answers: string[] = [];
	for (const [, name, given, timeout] of prompt.matchAll(/^CALL (\S+) (\{.*\})(?: WITHIN (\d+))?$/gm)) {
		if (asks) {
			const toolCall = {
				toolCallId: `m${answers.length}`,
				title: `mcp__${server}__${name}`,
				kind: 'other',
				rawInput: {},
			};
			const {result} = await ask('session/request_permission', {options: permissionOptions, toolCall});
			log({permission: result?.outcome});
		}

		const call = {name: name!, arguments: JSON.parse(given!) as Json};
		const answer = client.callTool(call, undefined, {timeout: Number(timeout ?? 600_000)});
		const said = await answer.then(
			({content, isError}) => `${isError ? 'ERROR ' : ''}${(content as Array<{text: string}>)[0]!.text.trim()}`,
			(error: Error) => `THROWN ${error.message}`,
		);
		log({answer: said});
		answers.push(said);
	}

	await client.close();
	say(answers.join('\n') || listed.tools.map(({name}) => name).join('\n'));
	return {stopReason: 'end_turn', usage};
};

const usage = {inputTokens: 900, outputTokens: 35, thoughtTokens: 7, cachedReadTokens: 300, totalTokens: 1242};

/** @returns The answer to `session/prompt`: a result, or `{error}`. */
const scenes: Record<string, (prompt: string) => Promise<Json>> = {
	/** What the walk-through in docs/first-steps.md shows. */
	async plan() {
		say(
			'The folder is empty: everything is still to be done.\n\n- Write down what the club wants visitors to find.\n- Make `index.html` with these headings.',
		);
		return {stopReason: 'end_turn', usage};
	},

	async text() {
		update({sessionUpdate: 'agent_thought_chunk', content: {type: 'text', text: 'hm'}});
		for (const word of ['Hello ', 'from ', 'the ', 'script.']) say(word);
		update({sessionUpdate: 'usage_update', used: 1200, size: 200000, cost: {amount: 0.00342, currency: 'USD'}});
		update({sessionUpdate: 'usage_update', used: 1300, size: 200000, cost: {amount: 0.00412, currency: 'USD'}});
		return {stopReason: 'end_turn', usage};
	},
	/** Spends a tenth of a cent every 50 ms, twenty times. */
	async spend() {
		let isOver = false;
		void cancelled().then(() => {
			isOver = true;
		});
		for (let spent = 1; spent <= 20; spent++) {
			if (isOver) return {stopReason: 'cancelled'};
			update({sessionUpdate: 'usage_update', used: spent, size: 200000, cost: {amount: spent / 1000, currency: 'USD'}});
			await sleep(50);
		}

		say('Spent.');
		return {stopReason: 'end_turn', usage};
	},
	async load() {
		say('New words.');
		update({sessionUpdate: 'usage_update', used: 1300, size: 200000, cost: {amount: 0.00712, currency: 'USD'}});
		return {stopReason: 'end_turn', usage};
	},
	resume: () => scenes.load!(''),
	/** Its cost begins at nothing where it goes on. */
	async 'resume-anew'() {
		update({sessionUpdate: 'usage_update', used: 1300, size: 200000, cost: {amount: 0.001, currency: 'USD'}});
		return {stopReason: 'end_turn', usage};
	},
	async 'e429-reset'() {
		const data = {errorKind: 'rate_limit', headers: {'retry-after': '90'}};
		return {error: {code: -32603, message: 'API Error (429)', data}};
	},
	async 'e429-reset-words'() {
		const failure = {category: 'limit', severity: 'error', title: 'Usage limit reached, try again in 2h 5m.'};
		return {stopReason: 'end_turn', _meta: {jetbrains: {air: {version: 1, sessionFailure: failure}}}};
	},
	/** Claude: the request says little of a call that was told before. */
	async 'permission-short'() {
		const file = `${process.cwd()}/out.txt`;
		const content = [{type: 'diff', path: file, oldText: 'old\n', newText: 'new\n'}];
		const call = {toolCallId: 'w2', title: 'Preparing…', kind: 'edit', rawInput: {}, content: [], locations: []};
		update({sessionUpdate: 'tool_call', status: 'pending', ...call});
		update({sessionUpdate: 'tool_call_update', toolCallId: 'w2', content, locations: [{path: file}]});
		await ask('session/request_permission', {
			options: permissionOptions,
			toolCall: {toolCallId: 'w2', title: 'Write out.txt'},
		});
		say('Done.');
		return {stopReason: 'end_turn'};
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
	/** Does what the prompt says: lines `WRITE <path> <text>`, `DELETE <path>`, `WAIT <path>`, `SAY <text>` and `ASK <command>`. */
	async obey(prompt) {
		let said = 0;
		for (const [, word, rest] of prompt.matchAll(/^(WRITE|DELETE|WAIT|SAY|ASK) (.*)$/gm)) {
			const [, file, text] = /^(\S+) ?(.*)$/.exec(rest!)!;
			if (word === 'SAY') say(`${said++ > 0 ? '\n' : ''}${rest!}`);
			if (word === 'ASK') await askToRun(rest!);
			if (word === 'DELETE') rmSync(file!);
			if (word === 'WAIT') while (!existsSync(file!)) await sleep(10);
			if (word !== 'WRITE') continue;
			mkdirSync(dirname(file!), {recursive: true});
			writeFileSync(file!, `${text}\n`);
		}

		return {stopReason: 'end_turn', usage};
	},
	/** Calls what the prompt says: lines `CALL <name> <arguments> WITHIN <ms>`; without any it says what it could call. */
	tools: prompt => useTools(prompt, false),
	'tools-asking': prompt => useTools(prompt, true),
	/** It takes no servers: it runs what it is told to, with the words of its prompt in place. */
	async commands(prompt) {
		const command = /^(.*) call <tool>\.<operation> --with/m.exec(prompt)?.[1];
		const {execFile} = await import('node:child_process');
		const said: string[] = [];
		for (const [, words] of prompt.matchAll(/^RUN (.*)$/gm)) {
			const run = new Promise<string>(resolve => {
				execFile('sh', ['-c', `${command ?? process.env.AGENT_COMMAND} ${words}`], (error, stdout, stderr) =>
					resolve(`${error ? `EXIT ${error.code} ` : ''}${stdout.trim()}${stderr.trim()}`),
				);
			});
			said.push(await run);
		}

		say(said.join('\n'));
		return {stopReason: 'end_turn', usage};
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
	/** A line longer than anybody reads, and more on standard error than is kept. */
	async 'long-line'() {
		const mebibyte = 'x'.repeat(1024 * 1024);
		for (const stream of [process.stdout, process.stderr])
			for (let index = 0; index < 33; index++)
				if (!stream.write(mebibyte)) await new Promise(resolve => stream.once('drain', resolve));
		process.stdout.write('\n');
		say('It goes on.');
		return {stopReason: 'end_turn', usage};
	},
	/** 10,000 events a second, a fiftieth of them with costs, until the file FLOOD_UNTIL is there; at least 10,000. */
	async events() {
		const [roundsMin, roundsMax, rowsPerRound] = [10, 300, 200];
		let row = 0;
		for (let round = 0; round < roundsMax; round++) {
			if (round >= roundsMin && existsSync(process.env.FLOOD_UNTIL!)) break;
			for (const end = row + rowsPerRound; row < end; row++) {
				const name = String(row).padStart(6, '0');
				say(`line ${name}\n`);
				if (row % 10 === 0)
					update({sessionUpdate: 'usage_update', cost: {amount: (row / 10 + 1) / 1_000_000, currency: 'USD'}});
				else update({sessionUpdate: 'agent_thought_chunk', content: {type: 'text', text: 'hm'}});
				update({sessionUpdate: 'tool_call', toolCallId: name, title: `t${name}`, kind: 'read', status: 'in_progress'});
				for (const status of ['in_progress', 'completed'])
					update({sessionUpdate: 'tool_call_update', toolCallId: name, status});
			}

			await sleep(100);
		}

		say(`rows: ${row}`);
		return {stopReason: 'end_turn', usage};
	},
	/** What would clear a screen, fill a clipboard and hide what it does, were it shown as it is. */
	async controls() {
		const evil =
			'\u001B[2J\u001B[H\u001B]52;c;cm0gLXJmIC8=\u0007\u001B]0;title\u001B\\\u001BP1$qm\u001B\\\u009B31m\u0008\u0007';
		say(`before${evil}after\nhidden\rover\n`);
		update({
			sessionUpdate: 'tool_call',
			toolCallId: 't',
			title: `delete${evil}all`,
			kind: 'other',
			status: 'completed',
		});
		process.stdout.write(Buffer.from([0x1b, 0x5d, 0x30, 0x3b, 0xff, 0xfe, 0x07, 0x0a]));
		return {error: {code: -32603, message: `broke${evil}down`}};
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

const capabilities: Record<string, Json> = {
	load: {loadSession: true},
	resume: {loadSession: true, sessionCapabilities: {resume: {}}},
	'resume-anew': {sessionCapabilities: {resume: {}}},
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
					agentCapabilities: capabilities[scene] ?? {},
					authMethods: [],
					agentInfo: {name: 'scripted', version: '1'},
				},
			});
		case 'session/load':
		case 'session/resume': {
			log({[method]: params});
			mcpServers = params!.mcpServers as readonly McpServer[];
			if (params!.sessionId !== sessionId)
				return write({id, error: {code: -32602, message: `No session ${String(params!.sessionId)}`}});
			if (method === 'session/load') say('What was said before.');
			write({id, result: {}});
			// Gemini goes on saying what was said after it has answered.
			if (method === 'session/load') for (const word of ['And ', 'this.']) setTimeout(() => say(word), 50);
			return;
		}
		case 'session/new': {
			mcpServers = params!.mcpServers as readonly McpServer[];
			if (mcpServers.length > 0) log({'session/new': params});
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
