import {type Candidate, unknownScore} from './candidate.ts';

/** What is known of candidates, each as 0 to 1 beside the others: the higher the better. */

/** The cheapest has 1, the dearest 0; one whose cost is unknown has 0: it may be dearer than all others. */
export const costScores = (candidates: readonly Candidate[]) =>
	scaled(candidates, ({costMicroUsd}) => (costMicroUsd === null ? undefined : -costMicroUsd), 0);

export const qualityScores = (candidates: readonly Candidate[]) =>
	byAgent(candidates, ({profile}) => profile.quality ?? unknownScore);

/** The fastest has 1, the slowest 0. */
export const latencyScores = (candidates: readonly Candidate[]) =>
	scaled(candidates, ({latencyMs}) => (latencyMs === null ? undefined : -latencyMs), unknownScore);

/** An idle one has 1; one with attempts as many as it may have has 0. */
export const loadScores = (candidates: readonly Candidate[]) => {
	const most = Math.max(1, ...candidates.map(({load}) => load + 1));
	return byAgent(candidates, ({load, profile}) => Math.max(0, 1 - load / (profile.concurrent ?? most)));
};

/** The share of the wished capabilities and tags that it has; of those without a wish, all have 1. */
export const matchScores = (candidates: readonly Candidate[], wished: readonly string[]) =>
	byAgent(candidates, ({profile}) => {
		if (wished.length === 0) return 1;
		const has = [...profile.capabilities, ...profile.tags];
		return wished.filter(wish => has.includes(wish)).length / wished.length;
	});

const byAgent = (
	candidates: readonly Candidate[],
	score: (candidate: Candidate) => number,
): ReadonlyMap<string, number> => new Map(candidates.map(candidate => [candidate.agent, score(candidate)]));

/** @param figure The higher the better; `undefined`: unknown, which gets the score `otherwise`. */
const scaled = (
	candidates: readonly Candidate[],
	figure: (candidate: Candidate) => number | undefined,
	otherwise: number,
): ReadonlyMap<string, number> => {
	const figures = candidates.flatMap(candidate => figure(candidate) ?? []);
	const [least, most] = [Math.min(...figures), Math.max(...figures)];
	return byAgent(candidates, candidate => {
		const own = figure(candidate);
		if (own === undefined) return otherwise;
		return most === least ? 1 : (own - least) / (most - least);
	});
};
