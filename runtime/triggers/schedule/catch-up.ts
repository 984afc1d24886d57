import {limits} from '../../../source/limits.ts';
import type {ScheduleTrigger} from '../../../source/workflow/triggers.ts';
import type {Moments} from './moments.ts';

/** Moments that are due: one, where all is well. */
export interface Due {
	/** The latest ones, ascending: all of them, or at least `limits.scheduleCatchUpMax`. */
	readonly moments: readonly number[];
	/** All of them, where `isExact`; else there are more. */
	readonly count: number;
	readonly isExact: boolean;
}

/** @param firstMs The first that is due. */
export const dueMoments = (moments: Moments, firstMs: number, nowMs: number): Due => {
	const found: number[] = [];
	for (let at: number | undefined = firstMs; at !== undefined && at <= nowMs; at = moments.next(at)) {
		found.push(at);
		if (found.length === limits.scheduleMissedCountMax)
			return {moments: latestMoments(moments, firstMs, nowMs), count: found.length, isExact: false};
	}

	return {moments: found, count: found.length, isExact: true};
};

/** Looks back from now, further each time: in three days there are 259,200 seconds. */
const latestMoments = (moments: Moments, firstMs: number, nowMs: number): number[] => {
	for (let backMs = 1000; ; backMs *= 2) {
		const fromMs = Math.max(firstMs - 1, nowMs - backMs);
		const found: number[] = [];
		for (let at = moments.next(fromMs); at !== undefined && at <= nowMs; at = moments.next(at)) found.push(at);
		if (found.length >= limits.scheduleCatchUpMax || fromMs < firstMs) return found;
	}
};

/** What becomes of moments that are due. */
export interface CatchUp {
	readonly fire: readonly {
		readonly atMs: number;
		/** Moments before it that get no run of their own. */
		readonly missed: number;
		/** It is fired because it was missed, not because its time has come. */
		readonly isLate: boolean;
	}[];
	/** Moments that get no run. */
	readonly missed: number;
	readonly detail?: string;
}

/** The latest moment that is due is on time, unless it is too long ago; all the others were missed. */
export const catchUpOf = (policy: ScheduleTrigger['catchUp'], due: Due, nowMs: number): CatchUp => {
	const latest = due.moments.at(-1)!;
	const isLate = nowMs - latest > limits.scheduleLateMsMax;
	const fired = firedMoments(policy, due, isLate);
	const missed = due.count - fired.length;
	return {
		fire: fired.map((atMs, index) => ({
			atMs,
			missed: index === 0 ? missed : 0,
			isLate: atMs === latest ? isLate : true,
		})),
		missed,
		...(missed > 0 && {detail: detailOf(policy, due, {missed, fired: fired.length})}),
	};
};

const firedMoments = (policy: ScheduleTrigger['catchUp'], {moments}: Due, isLate: boolean): readonly number[] => {
	if (policy === 'all') return moments.slice(-limits.scheduleCatchUpMax);
	return policy === 'one' || !isLate ? moments.slice(-1) : [];
};

const detailOf = (
	policy: ScheduleTrigger['catchUp'],
	{isExact}: Due,
	{missed, fired}: {readonly missed: number; readonly fired: number},
): string => {
	const count = `${missed}${isExact ? '' : ' or more'} ${missed === 1 && isExact ? 'moment was' : 'moments were'} missed`;
	if (policy === 'skip') return `${count}; \`catch-up: skip\` lets them go.`;
	if (policy === 'one') return `${count}; \`catch-up: one\` has one run for all of them.`;
	return `${count} beyond the ${fired} that \`catch-up: all\` makes up for.`;
};
