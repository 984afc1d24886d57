import type {Failure} from '../../errors.ts';
import type {JournalEvent} from '../../run/events.ts';
import {reduce} from '../../run/reduce.ts';
import type {RunState} from '../../run/state.ts';
import {cockpitLimits} from '../limits.ts';

/** The events of one run, oldest first, as far as they are fetched. */
export interface History {
	readonly runId: string;
	readonly events: readonly JournalEvent[];
	/** `loading` until the first answer is whole; `failed` is not tried again by itself. */
	readonly status: 'loading' | 'ready' | 'failed';
	/** Whether there are more than are kept: the later ones are left out. */
	readonly isCut: boolean;
	readonly failure?: Failure;
}

export const emptyHistoryOf = (runId: string): History => ({runId, events: [], status: 'loading', isCut: false});

/** @returns With these at its end, as far as the limit allows. */
export const withEvents = (history: History, events: readonly JournalEvent[]): History => {
	const all = [...history.events, ...events];
	const isCut = all.length > cockpitLimits.historyEventsMax;
	return {...history, events: isCut ? all.slice(0, cockpitLimits.historyEventsMax) : all, isCut};
};

/** @returns With what happened since; what does not follow its last event is left for the session to fetch. */
export const historyAfter = (history: History | undefined, events: readonly JournalEvent[]): History | undefined => {
	if (history?.status !== 'ready' || history.isCut) return history;
	let seq = history.events.at(-1)?.seq ?? 0;
	const next = events.filter(event => event.runId === history.runId && event.seq === seq + 1 && ++seq > 0);
	return next.length === 0 ? history : withEvents(history, next);
};

/** @returns Index of the last event that is not after `seq`; -1 where there is none. */
export const indexOfSeq = ({events}: Pick<History, 'events'>, seq: number): number => {
	let low = 0;
	let high = events.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (events[middle]!.seq <= seq) low = middle + 1;
		else high = middle;
	}

	return low - 1;
};

interface Folds {
	/** The run after every `historyFoldEvery`th event. */
	readonly kept: RunState[];
	last: {readonly index: number; readonly run: RunState} | undefined;
}

/** Events are only ever appended, so the first of them stands for the list. */
const foldsOf = new WeakMap<JournalEvent, Folds>();

/**
 * The run as it was right after one of its events. Folds are kept every so many events, so that any moment is a few
 * events away.
 *
 * @returns `undefined` where an event is one that this version cannot fold.
 */
export const runAt = (events: readonly JournalEvent[], index: number): RunState | undefined => {
	const first = events[0];
	if (!first || index < 0 || index >= events.length) return undefined;
	if (!foldsOf.has(first)) foldsOf.set(first, {kept: [], last: undefined});
	const folds = foldsOf.get(first)!;
	if (folds.last?.index === index) return folds.last.run;
	try {
		const run = foldedTo(events, index, folds);
		folds.last = {index, run};
		return run;
	} catch {
		return undefined;
	}
};

const foldedTo = (events: readonly JournalEvent[], index: number, folds: Folds): RunState => {
	const every = cockpitLimits.historyFoldEvery;
	const kept = Math.min(folds.kept.length - 1, Math.floor(index / every));
	const from = kept < 0 ? -1 : kept * every;
	const isNearer = folds.last !== undefined && folds.last.index <= index && folds.last.index > from;
	let run = isNearer ? folds.last!.run : folds.kept[kept];
	for (let at = (isNearer ? folds.last!.index : from) + 1; at <= index; at++) {
		run = reduce(run, events[at]!);
		if (at % every === 0 && at / every === folds.kept.length) folds.kept.push(run);
	}

	return run!;
};
