import type {AgentProfile} from '../../attempts/agent-protocol.ts';

/** An agent as the router sees it. */
export interface Candidate {
	readonly agent: string;
	readonly profile: AgentProfile;
	/** Position in the list of the step, from 0. */
	readonly order: number;
	/** Attempts it has running. */
	readonly load: number;
	/** Of one attempt, in micro-dollars; null: unknown, which is never taken for nothing. */
	readonly costMicroUsd: number | null;
	/** Until it answers, as measured, else as its profile says; null: unknown. */
	readonly latencyMs: number | null;
	/** Why it cannot be chosen. */
	readonly excluded?: string;
}

export interface Weights {
	readonly cost: number;
	readonly quality: number;
	readonly latency: number;
	readonly load: number;
}

export const weightsDefault: Weights = {cost: 0.35, quality: 0.4, latency: 0.1, load: 0.15};

/** Where a profile says nothing of it: neither good nor bad. */
export const unknownScore = 0.5;
