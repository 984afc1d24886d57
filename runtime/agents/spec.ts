import type {AgentSpec} from '../attempts/agent-protocol.ts';

export type {AgentSpec};

/** Adapters that agents.yaml may name. */
export const adapterNames = ['acp'] as const;

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
export const commandLineOf = (spec: AgentSpec, model: string | undefined) => {
	const set = model !== undefined && spec.modelEnv ? {...spec.set, [spec.modelEnv]: model} : spec.set;
	if (model === undefined || !spec.modelArg) return {args: spec.args, set};
	const place = spec.args.indexOf(spec.modelArg);
	if (place === -1) return {args: [...spec.args, spec.modelArg, model], set};
	return {args: [...spec.args.slice(0, place + 1), model, ...spec.args.slice(place + 2)], set};
};

/** @returns Whether the command line or environment takes the model, so that the protocol need not. */
export const takesModelAtStart = (spec: AgentSpec) => Boolean(spec.modelArg ?? spec.modelEnv);
