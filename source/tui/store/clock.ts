import {isRunEnded} from '../../run/state.ts';
import {burnOf} from '../spend.ts';
import type {CockpitState} from '../state.ts';
import {troublesOf} from '../troubles.ts';

/**
 * When the screen changes with nothing happening: elapsed times of what runs and of a lost connection, once a second,
 * the moment an approval takes keys, and the one in which the header has to forget something: what was spent minutes ago,
 * an agent's rest. Waiting is shown as a moment of the day ("since 14:02"), so it needs no clock.
 *
 * @returns Unix milliseconds; `undefined`: nothing moves, no timer is needed.
 */
export const nextTickAtMs = (state: CockpitState): number | undefined => {
	const {dialog, nowMs, connection} = state;
	const armedAtMs = dialog && 'armedAtMs' in dialog ? dialog.armedAtMs : 0;
	const isArming = armedAtMs > nowMs;
	const isTicking = connection.status !== 'live' || hasRunningStep(state);
	const moments = [
		...fadingMsOf(state),
		...(isArming ? [armedAtMs] : []),
		...(isTicking ? [nowMs + 1000 - (nowMs % 1000)] : []),
	];
	return moments.length > 0 ? Math.min(...moments) : undefined;
};

/** Each is over for good: an idle cockpit comes to rest. */
const fadingMsOf = (state: CockpitState): number[] => {
	const moments = [burnOf(state)?.changesAtMs, ...troublesOf(state).map(({untilMs}) => untilMs)];
	return moments.filter(atMs => atMs !== undefined && atMs > state.nowMs) as number[];
};

const hasRunningStep = ({runs, order}: CockpitState): boolean => {
	for (const id of order) {
		const run = runs.get(id)!;
		if (isRunEnded(run)) return false;
		if (run.counts.running + run.counts.retrying > 0) return true;
	}

	return false;
};
