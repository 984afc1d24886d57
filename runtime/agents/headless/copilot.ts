import {randomUUID} from 'node:crypto';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {agentFailure, recordOf} from '../acp/failures.ts';
import {describeExit} from '../acp/process.ts';
import type {AdapterFactory, AgentCapabilities, AgentRequest, ToolServer} from '../adapter.ts';
import {catalogue} from '../catalogue.ts';
import {mcpServerOf, readOnlyToolsWith} from '../copilot/given-tools.ts';
import {failureOfCopilot, wordsOf} from '../copilot/outcome.ts';
import {createCopilotReader} from '../copilot/reader.ts';
import {createUsageFileMeter} from '../copilot/usage.ts';
import type {AgentSpec} from '../spec.ts';
import {sessionLost} from '../unavailable.ts';
import {type End, type EventSink, eventsOf} from './events.ts';
import type {JsonLine} from './json-lines.ts';
import {headlessHealth, programOf} from './program.ts';
import {turnByTurn} from './turns.ts';

type Environment = Readonly<Record<string, string>>;

const capabilities: AgentCapabilities = {...catalogue.copilot.capabilities, approvals: 'preset'};

const cannotAsk =
	'Copilot cannot ask for leave this way: what needs it is refused, but for what `args:` in .aiworkflow/agents.yaml allows ' +
	'(`--allow-tool`). To be asked, install its SDK: `npm install -g @github/copilot-sdk`.';

/** GitHub Copilot as a program that prints JSON lines: a process for each turn, and nobody is asked. */
export const createHeadlessCopilotAdapter: AdapterFactory = (spec, environment) => ({
	id: spec.id,
	capabilities,
	async health() {
		const health = await headlessHealth('copilot', 'copilot', spec, environment);
		return health.isHealthy ? {...health, detail: [health.detail, cannotAsk].join(' ')} : health;
	},
	run: (request, signal) => eventsOf(spec.id, sink => runOnce(spec, environment, request, signal, sink)),
});

const runOnce = async (
	spec: AgentSpec,
	environment: Environment,
	request: AgentRequest,
	signal: AbortSignal,
	sink: EventSink,
): Promise<End> => {
	const command = programOf('copilot', 'copilot', spec, environment);
	const folder = await mkdtemp(path.join(tmpdir(), 'aiworkflow-copilot-'));
	try {
		return await converse(spec, environment, request, signal, sink, command, path.join(folder, 'usage.json'));
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
};

const converse = (
	spec: AgentSpec,
	environment: Environment,
	request: AgentRequest,
	signal: AbortSignal,
	sink: EventSink,
	command: string,
	usageFile: string,
): Promise<End> => {
	const {push} = sink;
	const isReadOnly = request.access === 'read-only';
	const model = request.model ?? spec.model;
	const reader = createCopilotReader(push);
	const meter = createUsageFileMeter(request.resume?.countedTokens);
	// It tells the id of its session only in its last line, so it is given one.
	const sessionId = request.resume?.sessionId ?? randomUUID();
	let isOpen = false;
	let isBegun = request.resume !== undefined;
	let hasResult = false;

	const handOnUsage = async () => {
		const text = await readFile(usageFile, 'utf8').catch(() => undefined);
		for (const event of text === undefined ? [] : meter(parsed(text))) push(event);
		await rm(usageFile, {force: true});
	};

	return turnByTurn(request, signal, sink, {
		start() {
			reader.begin();
			hasResult = false;
			return {
				command,
				args: [
					...['--output-format', 'json', '--no-auto-update', '--no-ask-user', '--usage-output-file', usageFile],
					isBegun ? `--resume=${sessionId}` : `--session-id=${sessionId}`,
					...(model === undefined ? [] : ['--model', model]),
					...(request.tools ? toolArgsOf(request.tools) : []),
					...spec.args,
					// The last word: also where `args` allow more.
					...(isReadOnly ? ['--available-tools', readOnlyToolsWith(request.tools).join(',')] : []),
				],
				environment: {...environment, ...catalogue.copilot.set, ...spec.set},
			};
		},
		take(message) {
			if (!isOpen) {
				isOpen = true;
				push({t: 'session', id: sessionId, model, canResume: true});
				if (!isReadOnly) push({t: 'warning', message: cannotAsk});
			}

			isBegun = true;
			if (message.type === 'result') hasResult = true;
			else reader.take(message);
			if (isDenied(message)) push({t: 'warning', message: 'A tool was refused, for nobody could be asked.'});
		},
		async end(exit, lastWords) {
			await handOnUsage();
			const error = reader.error();
			if (error) return failureOfCopilot(spec.id, error, Date.now());
			if (hasResult && exit?.code === 0) return undefined;
			if (!isOpen && /\bNo session, task, or name matched\b/.test(lastWords)) throw sessionLost(spec.id, lastWords);
			const fallback = isOpen ? 'agent.crashed' : 'agent.unreachable';
			const words = lastWords || (exit ? describeExit(exit) : '');
			return agentFailure(spec.id, wordsOf(words) ?? fallback, words);
		},
	});
};

/** Its bridge asks for leave, so that Copilot need not be able to. */
const toolArgsOf = (tools: ToolServer): string[] => {
	const servers = {mcpServers: {[tools.name]: mcpServerOf(tools)}};
	return ['--additional-mcp-config', JSON.stringify(servers), '--allow-tool', tools.name];
};

const isDenied = ({type, data}: JsonLine): boolean =>
	type === 'tool.execution_complete' && recordOf(recordOf(data)?.error)?.code === 'denied';

const parsed = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};
