import {
	type AgentCapabilities,
	type ClientContext,
	type McpServer,
	type NewSessionResponse,
	PROTOCOL_VERSION,
	RequestError,
	type SessionConfigOption,
} from '@agentclientprotocol/sdk';
import {version} from '../../../source/version.ts';
import {sessionLost} from '../unavailable.ts';
import {codeOfError, detailOf} from './failures.ts';

export interface OpenSession {
	readonly id: string;
	/** The model it says it uses. */
	readonly model?: string;
	/** Whether the agent can go on with it when its process is gone. */
	readonly canResume: boolean;
	readonly warnings: readonly string[];
}

export interface SessionWish {
	readonly agent: string;
	readonly cwd: string;
	readonly mode?: string;
	/** Only where the command line did not take it. */
	readonly model?: string;
	/** The session to go on with; missing: a new one. */
	readonly resumeId?: string;
	readonly authMethod?: string;
	/** Servers of tools, which the agent starts. */
	readonly mcpServers: McpServer[];
	/** Resolves when the agent has said nothing for a moment. */
	readonly onSilence: () => Promise<void>;
}

/** `initialize`, as both a run and a deep health check begin. */
export const initialize = (agent: ClientContext) =>
	agent.request('initialize', {
		protocolVersion: PROTOCOL_VERSION,
		clientInfo: {name: 'aiworkflow', version},
		clientCapabilities: {
			// Not offered, though answered: Gemini 0.61 with them on cannot make a new file, because it does not understand that
			// reading it finds nothing; OpenCode writes through us either way.
			fs: {readTextFile: false, writeTextFile: false},
			terminal: false,
			// Best effort: claude-agent-acp and codex-acp then report failures apart from the text.
			_meta: {jetbrains: {air: {version: 1, capabilities: ['sessionFailure']}}},
		},
	});

/**
 * Opens a session in a mode and with a model, or goes on with one.
 *
 * @throws RequestError The agent's own; AiworkflowError `agent.session-lost` where the session cannot be gone on with; a
 * plain Error where it has no such mode: a mode is a promise about what the agent may do, so another one is no substitute.
 */
export const openSession = async (agent: ClientContext, wish: SessionWish): Promise<OpenSession> => {
	const {agentCapabilities, authMethods} = await initialize(agent);
	if (wish.authMethod !== undefined && authMethods?.some(({id}) => id === wish.authMethod))
		await agent.request('authenticate', {methodId: wish.authMethod});
	const way = wayToResume(agentCapabilities);
	const session =
		wish.resumeId === undefined
			? await agent.request('session/new', {cwd: wish.cwd, mcpServers: wish.mcpServers})
			: await resumeSession(agent, wish, wish.resumeId, way);
	const warnings: string[] = [];
	if (wish.mode !== undefined) await setMode(agent, session, wish.mode);
	if (wish.model !== undefined && !(await setModel(agent, session, wish.model)))
		warnings.push(
			`The agent offers no choice of models over its protocol, so it works with its own instead of "${wish.model}". ` +
				'Give it `model-arg:` or `model-env:` in .aiworkflow/agents.yaml.',
		);
	const model = wish.model ?? currentModelOf(session);
	return {id: session.sessionId, model, canResume: way !== undefined, warnings};
};

type WayToResume = 'session/resume' | 'session/load';

/** Resuming comes first: loading says everything again that was said. */
const wayToResume = (capabilities: AgentCapabilities | undefined): WayToResume | undefined => {
	if (capabilities?.sessionCapabilities?.resume) return 'session/resume';
	return capabilities?.loadSession ? 'session/load' : undefined;
};

const resumeSession = async (
	agent: ClientContext,
	wish: SessionWish,
	sessionId: string,
	way: WayToResume | undefined,
): Promise<Session> => {
	if (way === undefined) throw sessionLost(wish.agent, 'it cannot go on with sessions.');
	try {
		const session = await agent.request(way, {sessionId, cwd: wish.cwd, mcpServers: wish.mcpServers});
		// Gemini goes on saying what was said after it has answered that it is done.
		if (way === 'session/load') await wish.onSilence();
		return {...session, sessionId};
	} catch (error) {
		if (error instanceof RequestError && codeOfError(error) === undefined)
			throw sessionLost(wish.agent, detailOf(error));
		throw error;
	}
};

type Session = Pick<NewSessionResponse, 'sessionId' | 'modes' | 'configOptions'>;

const setMode = async (agent: ClientContext, session: Session, mode: string) => {
	const {sessionId, modes} = session;
	if (modes?.availableModes.some(known => known.id === mode)) {
		if (modes.currentModeId !== mode) await agent.request('session/set_mode', {sessionId, modeId: mode});
		return;
	}

	const option = selectOf(session, 'mode');
	if (option && valuesOf(option).includes(mode)) {
		await agent.request('session/set_config_option', {sessionId, configId: option.id, value: mode});
		return;
	}

	const known = modes?.availableModes.map(({id}) => id) ?? (option ? valuesOf(option) : []);
	throw new Error(`it has no mode "${mode}"; its modes are: ${known.join(', ') || 'none'}.`);
};

/** @returns Whether the agent lets its model be chosen. */
const setModel = async (agent: ClientContext, session: Session, model: string): Promise<boolean> => {
	const option = selectOf(session, 'model');
	if (!option) return false;
	// Not checked against the listed values: some agents take more than they list, and say so where they do not.
	await agent.request('session/set_config_option', {sessionId: session.sessionId, configId: option.id, value: model});
	return true;
};

/** The stable `configOptions`, else the older `models` that Gemini still sends. */
const currentModelOf = (session: Session): string | undefined => {
	const option = selectOf(session, 'model');
	const legacy = (session as {models?: {currentModelId?: unknown}}).models?.currentModelId;
	return option?.currentValue ?? (typeof legacy === 'string' ? legacy : undefined);
};

type Select = Extract<SessionConfigOption, {type: 'select'}>;

const selectOf = ({configOptions}: Session, category: string): Select | undefined =>
	configOptions?.find((option): option is Select => option.type === 'select' && option.category === category);

const valuesOf = ({options}: Select): string[] =>
	options.flatMap(option => ('value' in option ? option.value : option.options.map(({value}) => value)));
