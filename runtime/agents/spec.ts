import type {AgentSpec} from '../attempts/agent-protocol.ts';

export type {AgentSpec};

/** Adapters that agents.yaml may name. */
export const adapterNames = [
	'acp',
	'claude',
	'codex',
	'gemini',
	'opencode',
	'copilot',
	'cursor',
	'aider',
	'api',
] as const satisfies ReadonlyArray<AgentSpec['adapter']>;

/** Agents retry failed calls for minutes without a word, and run long commands: less would end healthy work. */
export const idleMsDefault = 10 * 60_000;

export const replaySpec: AgentSpec = {
	id: 'replay',
	adapter: 'replay',
	args: [],
	env: [],
	set: {},
	idleMs: idleMsDefault,
};

/** @returns What to start for a model. A flag that `args` already has gets the new value: twice is an error for some. */
export const commandLineOf = (
	start: Pick<AgentSpec, 'args' | 'set' | 'modelArg' | 'modelEnv'>,
	model: string | undefined,
) => {
	const set = model !== undefined && start.modelEnv ? {...start.set, [start.modelEnv]: model} : start.set;
	if (model === undefined || !start.modelArg) return {args: start.args, set};
	const place = start.args.indexOf(start.modelArg);
	if (place === -1) return {args: [...start.args, start.modelArg, model], set};
	return {args: [...start.args.slice(0, place + 1), model, ...start.args.slice(place + 2)], set};
};

/** @returns Whether the command line or environment takes the model, so that the protocol need not. */
export const takesModelAtStart = (start: Pick<AgentSpec, 'modelArg' | 'modelEnv'>) =>
	Boolean(start.modelArg ?? start.modelEnv);
