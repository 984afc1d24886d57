import {setTimeout as delay} from 'node:timers/promises';
import type {RequestPermissionRequest} from '@agentclientprotocol/sdk';
import {createOpenApprovals} from '../acp/approvals.ts';
import {modeFor} from '../acp/dialect.ts';
import {recordOf} from '../acp/failures.ts';
import {describeExit, startProcess} from '../acp/process.ts';
import type {AdapterFactory, AgentRequest, ToolServer} from '../adapter.ts';
import {abortOf, within} from '../bounds.ts';
import {catalogue} from '../catalogue.ts';
import {claudeToolVariables} from '../claude/given-tools.ts';
import {isGivenTool} from '../given-tools.ts';
import type {AgentSpec} from '../spec.ts';
import {failureOfResult, failureOfSilence} from './claude/outcome.ts';
import {answerOf, optionsOfRequest, toolCallOf} from './claude/permissions.ts';
import {createClaudeReader} from './claude/reader.ts';
import {createClaudeMeter} from './claude/usage.ts';
import {type End, type EventSink, eventsOf} from './events.ts';
import {followJsonLines, type JsonLine} from './json-lines.ts';
import {headlessHealth, programOf} from './program.ts';

type Environment = Readonly<Record<string, string>>;

/** From its start to its first word about a session. */
const startMsMax = 60_000;
/** For Claude to end its turn after an interrupt, and to tell what it cost. */
const cancelGraceMs = 1500;
/** For its exit to tell why it closed its output. */
const lastWordsMs = 1000;

/** `--permission-prompt-tool stdio` is not in its help; seen with Claude Code 2.1.329. */
const fixedArgs = [
	'-p',
	'--input-format',
	'stream-json',
	'--output-format',
	'stream-json',
	'--verbose',
	'--include-partial-messages',
	'--permission-prompt-tool',
	'stdio',
];

/** In its plan mode it still runs what the user's settings allow, so it gets nothing to run it with. */
const readOnlyArgs = ['--tools', 'Read,Glob,Grep', '--strict-mcp-config'];
/** Its questions with choices have no answer here. */
const askingArgs = ['--disallowedTools', 'AskUserQuestion'];

/** Claude Code by itself, without the bridge to ACP: JSON lines both ways, and it asks all the same. */
export const createHeadlessClaudeAdapter: AdapterFactory = (spec, environment) => ({
	id: spec.id,
	capabilities: catalogue.claude.capabilities,
	health: () => headlessHealth('claude', 'claude', spec, environment),
	run: (request, signal) => eventsOf(spec.id, sink => converse(spec, environment, request, signal, sink)),
});

const argsOf = (spec: AgentSpec, request: AgentRequest, model: string | undefined): string[] => {
	const access = request.access ?? 'ask';
	const mode = modeFor(spec, access, catalogue.claude.modes);
	return [
		...fixedArgs,
		...(access === 'read-only' ? readOnlyArgs : askingArgs),
		...(request.tools ? ['--mcp-config', mcpConfigOf(request.tools)] : []),
		...(mode === undefined ? [] : ['--permission-mode', mode]),
		...(model === undefined ? [] : ['--model', model]),
		...(request.resume ? ['--resume', request.resume.sessionId] : []),
		...spec.args,
	];
};

/** Beside the servers of the user's own settings, unless it is held to reading. */
const mcpConfigOf = ({name, command, args}: ToolServer): string =>
	JSON.stringify({mcpServers: {[name]: {type: 'stdio', command, args}}});

const converse = async (
	spec: AgentSpec,
	environment: Environment,
	request: AgentRequest,
	signal: AbortSignal,
	{push, drained}: EventSink,
): Promise<End> => {
	if (signal.aborted) return {t: 'end', outcome: 'cancelled'};
	const model = request.model ?? spec.model;
	const agent = startProcess({
		command: programOf('claude', 'claude', spec, environment),
		args: argsOf(spec, request, model),
		cwd: request.cwd,
		environment: {...environment, ...catalogue.claude.set, ...claudeToolVariables(request.tools), ...spec.set},
		onError: chunk => request.onDiagnostic?.(chunk),
	});
	if (agent.pid !== undefined) request.onProcess?.(agent.pid);
	const write = (message: JsonLine) => {
		if (agent.stdin.writable) agent.stdin.write(`${JSON.stringify(message)}\n`);
	};

	const meter = createClaudeMeter(request.resume?.countedMicroUsd);
	const opened = Promise.withResolvers<void>();
	let onResult: (result: JsonLine) => void = () => {};
	const reader = createClaudeReader({
		push,
		meter,
		model,
		onOpen: opened.resolve,
		onResult: result => onResult(result),
	});
	const approvals = createOpenApprovals(push, {
		onAnswer: () => {},
		isReadOnly: request.access === 'read-only',
		complete: toolCall => toolCall,
		isGivenTool: asked => isGivenTool(asked, request.tools),
	});
	const withdrawn = new Map<string, AbortController>();
	const reply = (requestId: unknown, response: JsonLine) =>
		write({type: 'control_response', response: {subtype: 'success', request_id: requestId, response}});

	const ask = async (requestId: string, asked: JsonLine) => {
		const taken = new AbortController();
		withdrawn.set(requestId, taken);
		const question = {sessionId: '', toolCall: toolCallOf(asked), options: optionsOfRequest(asked)};
		const {outcome} = await approvals.ask(question as RequestPermissionRequest, taken.signal);
		withdrawn.delete(requestId);
		if (!taken.signal.aborted)
			reply(requestId, answerOf(asked, outcome.outcome === 'selected' ? outcome.optionId : undefined));
	};

	const onControl = (message: JsonLine) => {
		const requestId = String(message.request_id);
		if (message.type === 'control_cancel_request') return withdrawn.get(requestId)?.abort();
		const asked = recordOf(message.request) ?? {};
		if (asked.subtype === 'can_use_tool') return void ask(requestId, asked);
		const error = `${String(asked.subtype)} is not supported`;
		write({type: 'control_response', response: {subtype: 'error', request_id: requestId, error}});
	};

	const said = followJsonLines(agent.stdout, {
		onMessage(message) {
			if (message.type === 'control_request' || message.type === 'control_cancel_request') onControl(message);
			else reader.take(message);
		},
		onJunk: line => request.onDiagnostic?.(`[not a message] ${line.slice(0, 2000)}\n`),
		drained,
	});

	let turning: Promise<JsonLine | undefined> | undefined;
	/** @returns `undefined` where Claude ended without a result. */
	const turn = async (prompt: string): Promise<JsonLine | undefined> => {
		const result = Promise.withResolvers<JsonLine>();
		onResult = result.resolve;
		reader.begin();
		write({type: 'user', message: {role: 'user', content: prompt}});
		turning = Promise.race([result.promise, said.then(() => undefined)]);
		const found = await turning;
		turning = undefined;
		return found;
	};

	const talk = async (): Promise<End> => {
		let prompt: string | undefined = [request.prompt, request.instructions].filter(Boolean).join('\n\n');
		while (prompt !== undefined) {
			const answered = turn(prompt);
			await within(startMsMax, 'it did not begin a session', Promise.race([opened.promise, answered]));
			const result = await answered;
			const failure = result
				? failureOfResult(spec.id, result, reader.turn(), Date.now())
				: failureOfSilence(spec.id, reader.turn(), await lastWords(), reader.isOpen(), Date.now());
			if (failure) return {t: 'end', outcome: 'failed', failure};
			prompt = await new Promise<string | undefined>(resolve => push({t: 'answered', reply: resolve}));
		}

		return {t: 'end', outcome: 'ok'};
	};

	const lastWords = async () => {
		const exit = await Promise.race([agent.exit, delay(lastWordsMs, undefined, {ref: false})]);
		return [exit ? describeExit(exit) : 'it closed its output', agent.errorTail()].filter(Boolean).join(': ');
	};

	try {
		const talking = talk();
		const ended = await Promise.race([talking, abortOf(signal)]);
		if (ended) return ended;
		approvals.cancelAll();
		if (turning) {
			write({type: 'control_request', request_id: 'interrupt', request: {subtype: 'interrupt'}});
			await Promise.race([turning.catch(() => {}), delay(cancelGraceMs, undefined, {ref: false})]);
		}

		void talking.catch(() => {});
		return {t: 'end', outcome: 'cancelled'};
	} finally {
		approvals.cancelAll();
		for (const event of meter.left()) push(event);
		await agent.end();
	}
};
