import {isRunEnded} from '../../run/state.ts';
import type {CockpitState} from '../state.ts';

/**
 * When the screen changes with nothing happening: elapsed times of what runs and of a lost connection, once a second,
 * and the moment an approval takes keys. Waiting is shown as a moment of the day ("since 14:02"), so it needs no clock.
 *
 * @returns Unix milliseconds; `undefined`: nothing moves, no timer is needed.
 */
export const nextTickAtMs = (state: CockpitState): number | undefined => {
	const {dialog, nowMs, connection} = state;
	const isArming = dialog?.kind === 'approval' && dialog.armedAtMs > nowMs;
	const isTicking = connection.status !== 'live' || hasRunningStep(state);
	const moments = [...(isArming ? [dialog.armedAtMs] : []), ...(isTicking ? [nowMs + 1000 - (nowMs % 1000)] : [])];
	return moments.length > 0 ? Math.min(...moments) : undefined;
};

const hasRunningStep = ({runs, order}: CockpitState): boolean => {
	for (const id of order) {
		const run = runs.get(id)!;
		if (isRunEnded(run)) return false;
		if (run.counts.running + run.counts.retrying > 0) return true;
	}

	return false;
};
