import {failureOf} from '../../errors.ts';
import {journalEventOf} from '../../run/wire.ts';
import type {CockpitDaemon} from '../daemon.ts';
import {emptyHistoryOf, type History, runAt, withEvents} from '../run-view/history.ts';
import {historyRunIdOf} from '../run-view/select.ts';
import type {Store} from '../store/store.ts';
import {isUnreachable} from './missing-runs.ts';

/** Keeps the events of the run fetched whose past or timeline is looked at. */
export const createHistoryFeed = (store: Store) => {
	let fetching: string | undefined;

	const put = (runId: string, change: (history: History) => History): void =>
		store.change(state => {
			const {history} = state.runView;
			return history?.runId === runId ? {...state, runView: {...state.runView, history: change(history)}} : state;
		});

	const current = (runId: string): History | undefined => {
		const {history} = store.get().runView;
		return history?.runId === runId ? history : undefined;
	};

	const fetchRest = async (daemon: CockpitDaemon, runId: string): Promise<void> => {
		fetching = runId;
		try {
			for (let history = current(runId); history && fetching === runId; history = current(runId)) {
				const page = await daemon.runEvents(runId, {after: history.events.at(-1)?.cursor});
				if (fetching !== runId) return;
				const isLast = page.next === null;
				// The stream may have brought some of them meanwhile.
				put(runId, before => {
					const known = before.events.at(-1)?.seq ?? 0;
					const after = withEvents(
						before,
						page.events.map(journalEventOf).filter(({seq}) => seq > known),
					);
					// Folded as they come: the first key of the scrubber must not wait for all of them.
					runAt(after.events, after.events.length - 1);
					return isLast || after.isCut ? {...after, status: 'ready'} : after;
				});
				if (isLast || current(runId)?.isCut) break;
			}
		} catch (error) {
			// A daemon that is gone is asked again when it is back.
			if (fetching === runId && !isUnreachable(error)) {
				put(runId, history => ({...history, status: 'failed', failure: failureOf(error)}));
			}
		}

		if (fetching === runId) fetching = undefined;
	};

	return {
		/** Looks at what was published: the past of another run, or one that lacks its newest events. */
		look(daemon: CockpitDaemon | undefined): void {
			const state = store.get();
			const runId = historyRunIdOf(state);
			if (!daemon || runId === undefined || fetching === runId) return;
			const {history} = state.runView;
			if (history?.runId !== runId) {
				fetching = undefined;
				// The change is published at once, and looked at again.
				store.change(before => ({...before, runView: {...before.runView, history: emptyHistoryOf(runId)}}));
				return;
			}

			const lacks = (state.runs.get(runId)?.seq ?? 0) > (history.events.at(-1)?.seq ?? 0) && !history.isCut;
			if (history.status === 'loading' || (history.status === 'ready' && lacks)) void fetchRest(daemon, runId);
		},
		/** Of a daemon that is gone nothing comes any more. */
		forget(): void {
			fetching = undefined;
		},
	};
};
