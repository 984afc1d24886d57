import type {RoutingStrategy, RoutingWish} from '../../../source/workflow/definition.ts';
import type {RouteCandidate, RouteRecord} from '../../engine/parts.ts';
import {type Candidate, type Weights, weightsDefault} from './candidate.ts';
import {costScores, latencyScores, loadScores, matchScores, qualityScores} from './scores.ts';

export interface RouteFacts {
	readonly strategy: RoutingStrategy;
	readonly wish: Pick<RoutingWish, 'require' | 'prefer' | 'exclude' | 'maxCostUsd' | 'maxLatencyMs'>;
	readonly weights?: Weights;
	/** How many decisions by round-robin came before this one. */
	readonly turn: number;
	/** 0 to 1. */
	readonly random: number;
}

/**
 * Puts candidates into the order in which they are to be tried, by the strategy; those that are not eligible last, with the
 * reason. Equal ones are ordered by `prefer`, then by the order of the list. Pure.
 */
export const route = (candidates: readonly Candidate[], facts: RouteFacts): RouteRecord => {
	const judged = candidates.map(candidate => ({
		candidate,
		excluded: candidate.excluded ?? unfitness(candidate, facts),
	}));
	const eligible = judged.filter(({excluded}) => excluded === undefined).map(({candidate}) => candidate);
	const scored = eligible.toSorted(byPreference(facts)).map((candidate, place, all) => {
		const parts = strategies[facts.strategy](all, facts)(candidate, place);
		return {agent: candidate.agent, score: parts.total, parts: parts.of, candidate};
	});
	const ordered = scored.toSorted((a, b) => b.score - a.score || byPreference(facts)(a.candidate, b.candidate));
	return {
		strategy: facts.strategy,
		candidates: [
			...ordered.map(
				({agent, score, parts}): RouteCandidate => ({agent, score: rounded(score), parts: roundedAll(parts)}),
			),
			...judged.flatMap(({candidate, excluded}): RouteCandidate[] =>
				excluded === undefined ? [] : [{agent: candidate.agent, score: null, parts: {}, excluded}],
			),
		],
	};
};

/** Three digits say enough, and journals stay small. */
const rounded = (score: number) => Math.round(score * 1000) / 1000;
const roundedAll = (parts: Readonly<Record<string, number>>) =>
	Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, rounded(part)]));

const unfitness = (
	{agent, profile, load, costMicroUsd, latencyMs}: Candidate,
	{strategy, wish: {require, exclude, maxCostUsd, maxLatencyMs}}: RouteFacts,
): string | undefined => {
	if (exclude.includes(agent)) return 'excluded by the step';
	const missing = require.filter(wish => ![...profile.capabilities, ...profile.tags].includes(wish));
	// `capability-match` takes the best match there is, which must match in something.
	if (missing.length === require.length && require.length > 0) return `lacks ${missing.join(', ')}`;
	if (missing.length > 0 && strategy !== 'capability-match') return `lacks ${missing.join(', ')}`;
	if (profile.concurrent !== undefined && load >= profile.concurrent) return busy;
	if (maxCostUsd !== undefined && costMicroUsd === null) return 'its cost is unknown, and `max-cost` is set';
	if (maxCostUsd !== undefined && costMicroUsd! > maxCostUsd * 1_000_000) return 'dearer than `max-cost`';
	if (maxLatencyMs !== undefined && latencyMs !== null && latencyMs > maxLatencyMs) return 'slower than `max-latency`';
	return undefined;
};

/** Has as many attempts as it may have; that passes by itself. */
export const busy = 'has as many attempts as it may have';

const byPreference =
	({wish: {prefer}}: RouteFacts) =>
	(a: Candidate, b: Candidate): number => {
		const rank = ({agent}: Candidate) => (prefer.includes(agent) ? prefer.indexOf(agent) : prefer.length);
		return rank(a) - rank(b) || a.order - b.order || a.agent.localeCompare(b.agent);
	};

interface Parts {
	readonly total: number;
	readonly of: Readonly<Record<string, number>>;
}

/** @param all The eligible ones, in order of preference; `place` is the position among them. */
type Strategy = (all: readonly Candidate[], facts: RouteFacts) => (candidate: Candidate, place: number) => Parts;

const alone =
	(name: string, scores: ReadonlyMap<string, number>) =>
	(candidate: Candidate): Parts => {
		const score = scores.get(candidate.agent)!;
		return {total: score, of: {[name]: score}};
	};

/** The place in an order as a score: the first has 1, the last more than 0. */
const inOrder = (place: number, count: number): number => 1 - place / Math.max(1, count);

const strategies: Readonly<Record<RoutingStrategy, Strategy>> = {
	'capability-match': (all, {wish}) => alone('match', matchScores(all, wish.require)),
	'lowest-cost': all => alone('cost', costScores(all)),
	'highest-quality': all => alone('quality', qualityScores(all)),
	balanced: (all, {weights = weightsDefault}) => {
		const scores = {
			cost: costScores(all),
			quality: qualityScores(all),
			latency: latencyScores(all),
			load: loadScores(all),
		};
		const names = Object.keys(scores) as (keyof typeof scores)[];
		const sum = names.reduce((total, name) => total + weights[name], 0) || 1;
		return ({agent}) => {
			const of = Object.fromEntries(names.map(name => [name, scores[name].get(agent)!]));
			return {total: names.reduce((total, name) => total + (weights[name] / sum) * of[name]!, 0), of};
		};
	},
	'round-robin':
		(all, {turn}) =>
		(_, place) => {
			const score = inOrder((place - (turn % all.length) + all.length) % all.length, all.length);
			return {total: score, of: {turn: score}};
		},
	random:
		(all, {random}) =>
		(_, place) => {
			const chosen = Math.min(all.length - 1, Math.floor(random * all.length));
			const score = inOrder((place - chosen + all.length) % all.length, all.length);
			return {total: score, of: {random: score}};
		},
	priority: all => {
		const ranks = [...new Set(all.map(({profile}) => profile.priority ?? 0))].toSorted((a, b) => b - a);
		return ({profile}) => {
			const score = inOrder(ranks.indexOf(profile.priority ?? 0), ranks.length);
			return {total: score, of: {priority: score}};
		};
	},
	'least-loaded': all => alone('load', loadScores(all)),
};
