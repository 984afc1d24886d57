import {failureOf} from '../../errors.ts';
import {originOf} from '../../origin.ts';
import type {CockpitDaemon} from '../daemon.ts';
import type {Effect} from '../keys/actions.ts';
import type {CockpitState} from '../state.ts';
import type {Store, Timers} from '../store/store.ts';
import {runFeed} from './feed.ts';
import {createMissingRuns} from './missing-runs.ts';
import {createOutputFeed} from './output-feed.ts';

export interface Session {
	/** Does what a key asked for. Never rejects: what went wrong is said on the screen. */
	perform(effect: Exclude<Effect, {kind: 'quit'}>): Promise<void>;
	/** Ends every stream. */
	stop(): void;
}

export interface SessionOptions {
	readonly connect: () => Promise<CockpitDaemon>;
	readonly store: Store;
	readonly timers: Timers;
}

/** Everything between the store and the daemon. */
export const startSession = ({connect, store, timers}: SessionOptions): Session => {
	const ending = new AbortController();
	const outputs = createOutputFeed(store, timers);
	const missing = createMissingRuns(store);
	let daemon: CockpitDaemon | undefined;

	const look = (): void => {
		missing.look(daemon);
		outputs.look(daemon);
	};

	const unsubscribe = store.subscribe(look);
	const feed = runFeed({
		connect,
		store,
		timers,
		signal: ending.signal,
		onDaemon(next) {
			daemon?.close?.();
			daemon = next;
			if (!next) outputs.stop();
		},
	});
	// The loop catches what the daemon does to it; anything else is a defect and must not vanish.
	feed.catch(error =>
		queueMicrotask(() => {
			throw error;
		}),
	);

	return {
		async perform(effect) {
			try {
				if (!daemon) throw new Error('The daemon is not there to be told.');
				await send(daemon, effect);
				const done = doneWordsOf(effect);
				if (done !== undefined) store.change(state => withNotice(state, 'info', done));
			} catch (error) {
				const {message, suggestion} = failureOf(error);
				store.change(state => withNotice(unsent(state), 'failure', [message, suggestion].filter(Boolean).join(' ')));
			}
		},
		stop() {
			unsubscribe();
			outputs.stop();
			ending.abort();
			daemon?.close?.();
		},
	};
};

const send = (daemon: CockpitDaemon, effect: Exclude<Effect, {kind: 'quit'}>): Promise<unknown> => {
	const origin = originOf('cockpit');
	const reason = 'asked for in the cockpit';
	switch (effect.kind) {
		case 'cancel':
			return daemon.cancelRun(effect.runId, {origin, reason});
		case 'pause':
			return daemon.pauseRun(effect.runId, {origin, reason});
		case 'resume':
			return daemon.resumeRun(effect.runId, {origin});
		case 'retry':
			return daemon.retryRun(effect.runId, {origin, environment: process.env as Record<string, string>});
		case 'skip':
			return daemon.skipStep(effect.runId, effect.stepId, {origin, reason});
		default: {
			const {kind, approvalId, comment, optionId} = effect;
			return daemon[kind](approvalId, {origin, comment, optionId});
		}
	}
};

/** @returns `undefined` where the screen shows it by itself. */
const doneWordsOf = (effect: Exclude<Effect, {kind: 'quit'}>): string | undefined => {
	switch (effect.kind) {
		case 'cancel':
			return 'The run was asked to stop.';
		case 'pause':
			return 'Nothing new begins in it; what runs goes on. p lets it go on.';
		case 'resume':
			return 'The run goes on.';
		case 'retry':
			return 'What failed is done again.';
		case 'skip':
			return `The run goes on without ${effect.stepId}.`;
		default:
			return undefined;
	}
};

/** The answer did not arrive: the question can be answered again. */
const unsent = (state: CockpitState): CockpitState =>
	state.dialog?.kind === 'approval' ? {...state, dialog: {...state.dialog, sent: undefined}} : state;

const withNotice = (state: CockpitState, kind: 'info' | 'failure', text: string): CockpitState => ({
	...state,
	notice: {kind, text},
});
