import type {OutputChunk, SnapshotPage} from '../../api/messages.ts';
import type {JournalEvent} from '../../run/events.ts';
import {reduce} from '../../run/reduce.ts';
import {isRunEnded, type RunState} from '../../run/state.ts';
import type {Fetched} from '../fetched/definitions.ts';
import {allStale, staledBy} from '../fetched/stale.ts';
import {cockpitLimits} from '../limits.ts';
import {isSameTarget, type OutputTarget, withChunks} from '../output/buffer.ts';
import {historyAfter} from '../run-view/history.ts';
import type {RunViewState} from '../run-view/state.ts';
import {orderOf} from '../select.ts';
import type {CockpitState} from '../state.ts';
import {settle} from './settle.ts';

/** What comes from the daemon. */
export type Inflow =
	| {readonly kind: 'event'; readonly event: JournalEvent}
	| {readonly kind: 'snapshot'; readonly page: SnapshotPage}
	/** A fetched state, and the fact that there is none. */
	| {readonly kind: 'run'; readonly run: RunState}
	| {readonly kind: 'run-gone'; readonly runId: string}
	| {readonly kind: 'chunk'; readonly target: OutputTarget; readonly chunk: OutputChunk}
	/** A unit printed something. */
	| {readonly kind: 'heard'; readonly key: string; readonly atMs: number};

/** Folds a batch in; maps and lists are copied once a batch, not once an event. */
export const absorb = (state: CockpitState, inflows: readonly Inflow[]): CockpitState => {
	if (inflows.length === 0) return state;
	const draft: Draft = {
		runs: new Map(state.runs),
		orphans: new Map(state.orphans),
		arriving: state.arriving && new Map(state.arriving),
		areRunsChanged: false,
		isOrderStale: false,
		snapshots: state.snapshots,
	};
	const chunks: OutputChunk[] = [];
	for (const inflow of inflows) {
		if (inflow.kind === 'chunk') {
			if (isSameTarget(inflow.target, state.output.target)) chunks.push(inflow.chunk);
		} else if (inflow.kind !== 'heard') take(draft, inflow);
	}

	const order = draft.isOrderStale ? keepBounded(draft.runs, orderOf(draft.runs)) : state.order;
	return settle(state, {
		...state,
		arriving: draft.arriving,
		orphans: draft.orphans,
		snapshots: draft.snapshots,
		...(draft.areRunsChanged ? {runs: draft.runs, order} : undefined),
		fetched: fetchedAfter(state, inflows),
		runView: runViewAfter(state.runView, inflows),
		...(chunks.length > 0 ? {output: withChunks(state.output, chunks)} : undefined),
	});
};

const runViewAfter = (runView: RunViewState, inflows: readonly Inflow[]): RunViewState => {
	const history = historyAfter(runView.history, eventsOf(inflows));
	const heard = inflows.flatMap(inflow => (inflow.kind === 'heard' ? [[inflow.key, inflow.atMs] as const] : []));
	if (history === runView.history && heard.length === 0) return runView;
	if (heard.length === 0) return {...runView, history};
	const all = [...new Map([...runView.heard, ...heard])].slice(-cockpitLimits.heardUnitsMax);
	return {...runView, history, heard: new Map(all)};
};

const eventsOf = (inflows: readonly Inflow[]): JournalEvent[] =>
	inflows.flatMap(inflow => (inflow.kind === 'event' ? [inflow.event] : []));

const fetchedAfter = ({fetched}: CockpitState, inflows: readonly Inflow[]): Fetched =>
	// A snapshot may leave out any number of events.
	inflows.some(({kind}) => kind === 'snapshot') ? allStale(fetched) : staledBy(fetched, eventsOf(inflows));

interface Draft {
	runs: Map<string, RunState>;
	readonly orphans: Map<string, readonly JournalEvent[]>;
	arriving: Map<string, RunState> | undefined;
	areRunsChanged: boolean;
	isOrderStale: boolean;
	snapshots: number;
}

const take = (draft: Draft, inflow: Exclude<Inflow, {kind: 'chunk' | 'heard'}>): void => {
	switch (inflow.kind) {
		case 'event':
			return foldEvent(draft, inflow.event);
		case 'snapshot':
			return takePage(draft, inflow.page);
		case 'run': {
			const waiting = draft.orphans.get(inflow.run.id) ?? [];
			draft.orphans.delete(inflow.run.id);
			putRun(draft, inflow.run);
			for (const event of waiting) foldEvent(draft, event);
			return;
		}

		case 'run-gone':
			draft.orphans.delete(inflow.runId);
			return;
	}
};

/** Folded where it is the next one of its run, dropped where it is known, kept as an orphan where something is missing. */
const foldEvent = (draft: Draft, event: JournalEvent): void => {
	const {runId} = event;
	if (runId === null) return;
	const known = draft.runs.get(runId);
	if (known && event.seq <= known.seq) return;
	const isNext = known ? event.seq === known.seq + 1 : event.type === 'run.created';
	const orphans = draft.orphans.get(runId);
	if (!isNext || orphans) {
		draft.orphans.set(runId, [...(orphans ?? []), event].slice(-cockpitLimits.orphanEventsMax));
		return;
	}

	try {
		putRun(draft, reduce(known, event));
	} catch {
		// An event this version does not know: the daemon's own fold of it is as good.
		draft.orphans.set(runId, [event]);
	}
};

const putRun = (draft: Draft, run: RunState): void => {
	const before = draft.runs.get(run.id);
	if (before && before.seq > run.seq) return;
	draft.runs.set(run.id, run);
	draft.areRunsChanged = true;
	if (!before || isRunEnded(before) !== isRunEnded(run)) draft.isOrderStale = true;
};

/** A snapshot is the truth of its moment. Its pages are shown as they come; runs on none of them are gone at its end. */
const takePage = (draft: Draft, page: SnapshotPage): void => {
	draft.arriving ??= new Map();
	for (const run of page.runs) {
		draft.arriving.set(run.id, run);
		draft.runs.set(run.id, run);
	}

	draft.areRunsChanged = true;
	draft.isOrderStale = true;
	if (!page.isLast) return;
	draft.runs = draft.arriving;
	draft.arriving = undefined;
	draft.orphans.clear();
	draft.snapshots++;
};

/** Forgets the oldest ended runs over the limit. */
const keepBounded = (runs: Map<string, RunState>, order: readonly string[]): string[] => {
	const openCount = order.findIndex(id => isRunEnded(runs.get(id)!));
	if (openCount < 0) return [...order];
	const kept = order.slice(0, openCount + cockpitLimits.endedRunsMax);
	for (const id of order.slice(kept.length)) runs.delete(id);
	return kept;
};
