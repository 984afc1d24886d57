import {failureOf} from '../../errors.ts';
import type {CockpitDaemon} from '../daemon.ts';
import {cockpitLimits} from '../limits.ts';
import type {LogState} from '../pages/logs/buffer.ts';
import {withLogChunk} from '../pages/logs/buffer.ts';
import type {Store} from '../store/store.ts';

/** Follows the daemon's log for as long as somebody looks at it; later it goes on where it was. */
export const createLogFeed = (store: Store) => {
	let following: AbortController | undefined;

	const put = (change: (log: LogState) => LogState): void =>
		store.change(state => {
			const {logs} = state.pages;
			return {...state, pages: {...state.pages, logs: {...logs, log: change(logs.log)}}};
		});

	const follow = async (daemon: CockpitDaemon, mine: AbortController): Promise<void> => {
		const {nextOffset} = store.get().pages.logs.log;
		const query = nextOffset === undefined ? {tail: cockpitLimits.logTailBytes} : {offset: nextOffset};
		try {
			for await (const chunk of daemon.followDaemonLogs(query, mine.signal)) {
				if (mine.signal.aborted) return;
				put(log => withLogChunk(log, chunk));
			}
		} catch (error) {
			if (!mine.signal.aborted) put(log => ({...log, status: 'none', failure: failureOf(error)}));
		}
	};

	const stop = (): void => {
		following?.abort();
		following = undefined;
	};

	return {
		stop,
		look(daemon: CockpitDaemon | undefined): void {
			const isWanted = daemon !== undefined && store.get().screen === 'logs';
			if (!isWanted) return stop();
			if (following) return;
			following = new AbortController();
			void follow(daemon, following);
		},
	};
};
