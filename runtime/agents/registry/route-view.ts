import type {RouteView} from '../../../source/api/messages.ts';
import {usdOf} from '../../../source/units.ts';
import type {RouteRecord} from '../../engine/parts.ts';
import {profileViewOf} from '../profiles.ts';
import type {Candidate} from '../routing/candidate.ts';

export interface RouteFacts {
	/** False: the first that can, in the order of the list. */
	readonly isWeighed: boolean;
	readonly candidates: readonly Candidate[];
	readonly modelOf: (agent: string) => string | null;
	/** Those that the workspace does not have. */
	readonly unknown: readonly {readonly agent: string; readonly detail: string}[];
}

/** @returns A decision with all that was looked at, for a person. */
export const routeViewOf = (
	{strategy, candidates: ordered}: RouteRecord,
	{isWeighed, candidates, modelOf, unknown}: RouteFacts,
): RouteView => ({
	strategy: isWeighed ? strategy : null,
	chosen: ordered.find(({score}) => score !== null)?.agent ?? null,
	candidates: [
		...ordered.map(({agent, score, parts, excluded = null}) => {
			const {profile, load, costMicroUsd, latencyMs} = candidates.find(candidate => candidate.agent === agent)!;
			return {
				...{agent, score, parts: isWeighed ? parts : {}, excluded, model: modelOf(agent)},
				...{costUsd: usdOf(costMicroUsd), latencyMs, load, profile: profileViewOf(profile)},
			};
		}),
		...unknown.map(({agent, detail}) => ({
			...{agent, score: null, parts: {}, excluded: detail, model: null},
			...{costUsd: null, latencyMs: null, load: 0, profile: null},
		})),
	],
});
