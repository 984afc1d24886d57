import {
	type ClientConnection,
	type ClientContext,
	type NewSessionResponse,
	PROTOCOL_VERSION,
	type SessionConfigOption,
} from '@agentclientprotocol/sdk';
import {version} from '../../../source/version.ts';

export interface OpenSession {
	readonly id: string;
	/** The model it says it uses. */
	readonly model?: string;
	readonly warnings: readonly string[];
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
 * Opens a session in a mode and with a model.
 *
 * @param wish.model Only where the command line did not take it.
 * @throws RequestError The agent's own; a plain Error where it has no such mode: a mode is a promise about what the agent
 * may do, so another one is no substitute.
 */
export const openSession = async (
	{agent}: ClientConnection,
	wish: {readonly cwd: string; readonly mode?: string; readonly model?: string},
): Promise<OpenSession> => {
	const session = await agent.request('session/new', {cwd: wish.cwd, mcpServers: []});
	const warnings: string[] = [];
	if (wish.mode !== undefined) await setMode(agent, session, wish.mode);
	if (wish.model !== undefined && !(await setModel(agent, session, wish.model)))
		warnings.push(
			`The agent offers no choice of models over its protocol, so it works with its own instead of "${wish.model}". ` +
				'Give it `model-arg:` or `model-env:` in .aiworkflow/agents.yaml.',
		);
	return {id: session.sessionId, model: wish.model ?? currentModelOf(session), warnings};
};

const setMode = async (agent: ClientContext, session: NewSessionResponse, mode: string) => {
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
const setModel = async (agent: ClientContext, session: NewSessionResponse, model: string): Promise<boolean> => {
	const option = selectOf(session, 'model');
	if (!option) return false;
	// Not checked against the listed values: some agents take more than they list, and say so where they do not.
	await agent.request('session/set_config_option', {sessionId: session.sessionId, configId: option.id, value: model});
	return true;
};

/** The stable `configOptions`, else the older `models` that Gemini still sends. */
const currentModelOf = (session: NewSessionResponse): string | undefined => {
	const option = selectOf(session, 'model');
	const legacy = (session as {models?: {currentModelId?: unknown}}).models?.currentModelId;
	return option?.currentValue ?? (typeof legacy === 'string' ? legacy : undefined);
};

type Select = Extract<SessionConfigOption, {type: 'select'}>;

const selectOf = ({configOptions}: NewSessionResponse, category: string): Select | undefined =>
	configOptions?.find((option): option is Select => option.type === 'select' && option.category === category);

const valuesOf = ({options}: Select): string[] =>
	options.flatMap(option => ('value' in option ? option.value : option.options.map(({value}) => value)));
