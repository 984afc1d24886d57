import type {StreamMessage} from '../../api/messages.ts';
import {type Failure, failureOf} from '../../errors.ts';
import {journalEventOf} from '../../run/wire.ts';
import type {CockpitDaemon} from '../daemon.ts';
import {cockpitLimits} from '../limits.ts';
import {heardKeyOf} from '../run-view/liveness.ts';
import type {Connection} from '../state.ts';
import type {Store, Timers} from '../store/store.ts';

export interface FeedOptions {
	readonly connect: () => Promise<CockpitDaemon>;
	readonly store: Store;
	readonly timers: Timers;
	readonly signal: AbortSignal;
	/** Told of each daemon that answers, and of its loss. */
	readonly onDaemon: (daemon: CockpitDaemon | undefined) => void;
}

/** Keeps the store fed for as long as the cockpit is open: connects, resumes where it was, and says so when it cannot. */
export const runFeed = async ({connect, store, timers, signal, onDaemon}: FeedOptions): Promise<void> => {
	let lastEventId: number | undefined;
	let delayMs: number = cockpitLimits.reconnectMsFirst;
	while (!signal.aborted) {
		let liveAtMs: number | undefined;
		let failure: Failure | undefined;
		try {
			const daemon = await connect();
			const {pid, version, cursor} = await daemon.health();
			if (signal.aborted) return daemon.close?.();
			// A journal that is behind what was seen is another journal: begin anew.
			if (lastEventId !== undefined && cursor < lastEventId) lastEventId = undefined;
			liveAtMs = timers.nowMs();
			onDaemon(daemon);
			setConnection(store, () => ({status: 'live', pid, version}));
			// What was said about a daemon that was gone is no longer so.
			store.change(state => (state.notice?.isLasting ? state : {...state, notice: undefined}));
			// What was printed while nobody listened was not heard.
			store.change(state => ({
				...state,
				runView: {...state.runView, heard: new Map(), heardSinceMs: state.nowMs},
			}));
			const heard = new Map<string, number>();
			for await (const message of daemon.events({lastEventId, signal})) {
				lastEventId = take(store, message, timers.nowMs(), heard) ?? lastEventId;
			}
		} catch (error) {
			failure = failureOf(error);
		}

		onDaemon(undefined);
		if (signal.aborted) return;
		if (liveAtMs !== undefined && timers.nowMs() - liveAtMs > cockpitLimits.reconnectMsMax) {
			delayMs = cockpitLimits.reconnectMsFirst;
		}

		setConnection(store, (before, nowMs) => brokenOf(before, nowMs, failure));
		await pause(timers, delayMs, signal);
		delayMs = Math.min(delayMs * 2, cockpitLimits.reconnectMsMax);
	}
};

/** @returns The cursor up to which everything is known, where this message moves it. */
const take = (store: Store, message: StreamMessage, nowMs: number, heard: Map<string, number>): number | undefined => {
	switch (message.kind) {
		case 'snapshot':
			store.collect({kind: 'snapshot', page: message.data});
			return message.data.isLast ? message.data.cursor : undefined;
		case 'journal':
			store.collect({kind: 'event', event: journalEventOf(message.data)});
			return message.data.cursor;
		case 'hint': {
			const key = heardKeyOf(message.data.runId, message.data.stepId, message.data.item);
			// The screen says it in seconds: more often it needs not be told.
			if (nowMs - (heard.get(key) ?? 0) >= cockpitLimits.heardMs) {
				heard.set(key, nowMs);
				store.collect({kind: 'heard', key, atMs: nowMs});
			}

			return undefined;
		}
	}
};

/** It is gone since it was first missed, however often it has been tried since. */
const brokenOf = (before: Connection, nowMs: number, failure: Failure | undefined): Connection =>
	before.status === 'live'
		? {status: 'lost', sinceMs: nowMs, failure}
		: {...before, failure: failure ?? before.failure};

const setConnection = (store: Store, next: (before: Connection, nowMs: number) => Connection): void =>
	store.change(state => ({...state, connection: next(state.connection, state.nowMs)}));

const pause = (timers: Timers, delayMs: number, signal: AbortSignal): Promise<void> =>
	new Promise(resolve => {
		if (signal.aborted) return resolve();
		const done = () => {
			signal.removeEventListener('abort', done);
			cancel();
			resolve();
		};
		const cancel = timers.after(delayMs, done);
		signal.addEventListener('abort', done);
	});
