import type {AgentAccess, AgentCapabilities, ToolServer} from '../adapter.ts';
import {findCommand} from '../find-command.ts';
import type {AgentSpec} from '../spec.ts';
import {commandMissing, readOnlyUnknown} from '../unavailable.ts';

type Environment = Readonly<Record<string, string>>;

/** What one agent needs besides the protocol. */
export interface AcpDialect {
	readonly capabilities: AgentCapabilities;
	/**
	 * What to start and how, on this machine. Starts nothing.
	 *
	 * @param tools What it is given, where it has to be told at its start that it may call those.
	 * @throws AiworkflowError `agent.unreachable` where something is not installed, or it has no mode for that access.
	 */
	readonly launch: (access: AgentAccess, tools?: ToolServer) => AcpLaunch;
	/** Who serves a model; `undefined` where that is not known. */
	readonly providerOf?: (model: string | undefined) => string | undefined;
	/** Asked for after `initialize`, where the agent offers it. */
	readonly authMethod?: string;
	/** Whether the title of a permission to run something is the whole command, which it says nowhere else. */
	readonly titleIsCommand?: boolean;
	/** Added to what health says; null for nothing. */
	readonly remark?: string | null;
}

export interface AcpLaunch {
	/** Absolute. */
	readonly command: string;
	readonly args: readonly string[];
	readonly set: Readonly<Record<string, string>>;
	/** Session mode; missing: the agent's own. */
	readonly mode?: string;
	readonly modelArg?: string;
	readonly modelEnv?: string;
}

/** An agent that is known by its description only. */
export const plainDialect = (spec: AgentSpec, environment: Environment): AcpDialect => ({
	capabilities: {
		approvals: 'ask',
		// What it can, it says itself when a session begins.
		resume: 'load',
		readOnly: spec.readOnlyMode !== undefined,
		deltas: true,
		turns: true,
		cost: 'reported',
		tools: spec.tools ?? 'mcp',
		isReplay: false,
	},
	launch(access) {
		const name = spec.command ?? spec.id;
		const command = findCommand(name, environment, spec.searchFolders);
		if (!command) throw commandMissing(spec.id, name);
		const {args, set, modelArg, modelEnv} = spec;
		return {command, args, set, modelArg, modelEnv, mode: modeFor(spec, access, {ask: spec.mode})};
	},
	remark: unsetRemark(spec, environment),
});

/** @throws AiworkflowError `agent.unreachable` where it has no mode that can only read. */
export const modeFor = (
	spec: AgentSpec,
	access: AgentAccess,
	known: {readonly ask?: string; readonly readOnly?: string},
): string | undefined => {
	if (access === 'ask') return spec.mode ?? known.ask;
	const mode = spec.readOnlyMode ?? known.readOnly;
	if (mode === undefined) throw readOnlyUnknown(spec.id);
	return mode;
};

const unsetRemark = (spec: AgentSpec, environment: Environment) => {
	const unset = spec.env.filter(name => !environment[name]);
	return unset.length > 0 ? `Not set: ${unset.join(', ')}.` : null;
};
