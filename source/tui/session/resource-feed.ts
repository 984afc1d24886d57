import {failureOf} from '../../errors.ts';
import type {TemplateShelf} from '../../templates/shelf.ts';
import type {CockpitDaemon} from '../daemon.ts';
import {type ResourceName, resourceDefinitions, resourceNames} from '../fetched/definitions.ts';
import {loadingResource, type Resource} from '../fetched/resource.ts';
import {cockpitLimits} from '../limits.ts';
import {settle} from '../store/settle.ts';
import type {Store, Timers} from '../store/store.ts';
import {isUnreachable} from './missing-runs.ts';

/** Keeps what is shown besides the event stream fetched: when somebody looks at it, and again when it is stale. */
export const createResourceFeed = (store: Store, timers: Timers, shelf?: TemplateShelf) => {
	const inFlight = new Map<ResourceName, string>();
	let cancelLater: (() => void) | undefined;
	let isStopped = false;

	const put = (name: ResourceName, change: (before: Resource<unknown> | undefined) => Resource<unknown>): void =>
		store.change(state => settle(state, {...state, fetched: {...state.fetched, [name]: change(state.fetched[name])}}));

	const fetchOne = async (daemon: CockpitDaemon, name: ResourceName, key: string): Promise<void> => {
		inFlight.set(name, key);
		const isWanted = () => !isStopped && inFlight.get(name) === key;
		put(name, before => loadingResource(key, before));
		try {
			const value: unknown = await resourceDefinitions[name].fetch(daemon, key, store.get(), shelf);
			if (!isWanted()) return;
			inFlight.delete(name);
			put(name, before => ({
				key,
				value,
				isLoading: false,
				isStale: before?.isStale ?? false,
				fetchedAtMs: timers.nowMs(),
			}));
		} catch (error) {
			if (!isWanted()) return;
			inFlight.delete(name);
			// A daemon that is gone is asked again when it is back.
			const isStale = isUnreachable(error);
			const failure = failureOf(error);
			put(name, before => ({
				...loadingResource(key, before),
				isLoading: false,
				failure,
				isStale,
				fetchedAtMs: timers.nowMs(),
			}));
		}
	};

	return {
		stop(): void {
			isStopped = true;
			inFlight.clear();
			cancelLater?.();
		},
		/** Looks at what was published: something new to show, or something that is stale. */
		look(daemon: CockpitDaemon | undefined): void {
			if (!daemon || isStopped) return;
			let nextInMs = Number.POSITIVE_INFINITY;
			for (const name of resourceNames) {
				const state = store.get();
				const key = resourceDefinitions[name].keyOf(state);
				if (key === undefined || inFlight.get(name) === key) continue;
				const resource = state.fetched[name];
				const isKnown = resource?.key === key && !resource.isLoading;
				if (isKnown && !resource.isStale) continue;
				const waitMs = isKnown ? (resource.fetchedAtMs ?? 0) + cockpitLimits.refetchMs - timers.nowMs() : 0;
				if (waitMs <= 0) void fetchOne(daemon, name, key);
				else nextInMs = Math.min(nextInMs, waitMs);
			}

			cancelLater?.();
			cancelLater = undefined;
			if (Number.isFinite(nextInMs)) cancelLater = timers.after(nextInMs, () => this.look(daemon));
		},
		/** Of a daemon that is gone nothing comes any more. */
		forget(): void {
			inFlight.clear();
			cancelLater?.();
			cancelLater = undefined;
		},
	};
};
