import {agentFailure, codeOfText} from '../acp/failures.ts';
import {withResetMoment} from '../acp/reset-moment.ts';
import type {AdapterFactory, AgentCapabilities, AgentRequest, ToolServer} from '../adapter.ts';
import {catalogue} from '../catalogue.ts';
import {withFewRetries} from '../codex.ts';
import type {AgentSpec} from '../spec.ts';
import {sessionLost} from '../unavailable.ts';
import {configArgsOf, settingOf, tomlOf} from './codex/config.ts';
import {createCodexReader} from './codex/reader.ts';
import {type End, type EventSink, eventsOf} from './events.ts';
import {headlessHealth, programOf} from './program.ts';
import {turnByTurn} from './turns.ts';

type Environment = Readonly<Record<string, string>>;

/** Its sandbox decides beforehand; its text comes in whole messages. */
const capabilities: AgentCapabilities = {...catalogue.codex.capabilities, approvals: 'preset', deltas: false};

const cannotAsk =
	'Codex cannot ask for leave this way: its sandbox lets it write in the workspace and nowhere else. To be asked, install ' +
	`its bridge: \`${catalogue.codex.install}\`.`;

/** `codex exec --json`: a process for each turn, and nobody is asked. */
export const createHeadlessCodexAdapter: AdapterFactory = (spec, environment) => ({
	id: spec.id,
	capabilities,
	async health() {
		const health = await headlessHealth('codex', 'codex', spec, environment);
		return health.isHealthy ? {...health, detail: [health.detail, cannotAsk].join(' ')} : health;
	},
	run: (request, signal) => eventsOf(spec.id, sink => converse(spec, environment, request, signal, sink)),
});

/** @param turn `sessionId`: of the session to go on with. */
const argsOf = (
	spec: AgentSpec,
	environment: Environment,
	sandbox: string,
	turn: {readonly model?: string; readonly sessionId?: string; readonly tools?: ToolServer},
): string[] => {
	const {model, sessionId, tools} = turn;
	const given = spec.set.CODEX_CONFIG ?? environment.CODEX_CONFIG;
	const named = spec.set.MODEL_PROVIDER ?? environment.MODEL_PROVIDER;
	return [
		'exec',
		...(sessionId === undefined ? [] : ['resume']),
		'--json',
		'--skip-git-repo-check',
		...configArgsOf(given === undefined ? undefined : (withFewRetries(given) ?? given)),
		...(named ? ['-c', `model_provider=${tomlOf(named)}`] : []),
		...(model === undefined ? [] : ['-m', model]),
		...spec.args,
		...(tools ? ['-c', `mcp_servers.${tools.name}=${tomlOf(serverOf(tools))}`] : []),
		// The last word: also where `args` or a configuration allow more.
		'-c',
		`sandbox_mode=${tomlOf(sandbox)}`,
		...(sessionId === undefined ? [] : [sessionId]),
		'-',
	];
};

/** The bridge asks for leave, so that Codex need not be able to; a person who is asked takes their time. */
const serverOf = ({command, args}: ToolServer) => ({
	command,
	args,
	default_tools_approval_mode: 'approve',
	tool_timeout_sec: 24 * 3600,
});

/** @returns The one that the variables name; a file of its own may name another. */
const providerOf = (spec: AgentSpec, environment: Environment): string => {
	const named = spec.set.MODEL_PROVIDER ?? environment.MODEL_PROVIDER;
	const configured = settingOf(spec.set.CODEX_CONFIG ?? environment.CODEX_CONFIG, 'model_provider');
	return named ?? (typeof configured === 'string' ? configured : 'openai');
};

const converse = async (
	spec: AgentSpec,
	environment: Environment,
	request: AgentRequest,
	signal: AbortSignal,
	sink: EventSink,
): Promise<End> => {
	const command = programOf('codex', 'codex', spec, environment);
	const isReadOnly = request.access === 'read-only';
	const sandbox = isReadOnly ? 'read-only' : (spec.mode ?? 'workspace-write');
	const model = request.model ?? spec.model;
	const provider = providerOf(spec, environment);
	const reader = createCodexReader({
		push: sink.push,
		model,
		...(provider === 'openai' && {provider}),
		countedTokens: request.resume?.countedTokens,
	});
	let isTold = isReadOnly;
	return turnByTurn(request, signal, sink, {
		start() {
			reader.begin();
			const sessionId = reader.sessionId() ?? request.resume?.sessionId;
			return {
				command,
				args: argsOf(spec, environment, sandbox, {model, sessionId, tools: request.tools}),
				environment: {...environment, ...catalogue.codex.set, ...spec.set},
			};
		},
		take(message) {
			reader.take(message);
			if (isTold || reader.sessionId() === undefined) return;
			isTold = true;
			sink.push({t: 'warning', message: cannotAsk});
		},
		async end(exit, lastWords) {
			const ended = reader.ended();
			if (ended?.isOk && exit?.code === 0) return undefined;
			const isOpen = reader.sessionId() !== undefined;
			if (!isOpen && /no rollout found|session .*not found|no .*session/i.test(lastWords))
				throw sessionLost(spec.id, lastWords);
			const words = ended?.error || reader.lastError() || lastWords;
			const fallback = isOpen ? 'agent.crashed' : 'agent.unreachable';
			const failure = agentFailure(spec.id, codeOfText(words) ?? fallback, words);
			return withResetMoment(failure, [words], Date.now());
		},
	});
};
