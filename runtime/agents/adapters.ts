import {createAcpAdapter} from './acp.ts';
import type {AgentAdapter} from './adapter.ts';
import {createReplayAdapter} from './replay.ts';
import type {AgentSpec} from './spec.ts';

/** One line per way to run an agent. @param environment That of the run, already filtered. */
const factories: Readonly<
	Record<AgentSpec['adapter'], (spec: AgentSpec, environment: Readonly<Record<string, string>>) => AgentAdapter>
> = {acp: createAcpAdapter, replay: createReplayAdapter};

export const createAdapter = (spec: AgentSpec, environment: Readonly<Record<string, string>>): AgentAdapter =>
	factories[spec.adapter](spec, environment);
