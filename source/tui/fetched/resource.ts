import type {Failure} from '../../errors.ts';

/** Something of the daemon that is no part of the event stream: asked for when it is shown, and again when it is stale. */
export interface Resource<Value> {
	/** What it was asked for: a path, an id. Another key is another thing. */
	readonly key: string;
	readonly isLoading: boolean;
	/** The last one there was, also while a newer one is on its way. */
	readonly value?: Value;
	/** Why the last attempt to get it failed. */
	readonly failure?: Failure;
	/** Unix milliseconds of the last answer. */
	readonly fetchedAtMs?: number;
	/** Something happened since that may have changed it. */
	readonly isStale: boolean;
}

export const loadingResource = <Value>(key: string, before?: Resource<Value>): Resource<Value> => ({
	key,
	isLoading: true,
	isStale: false,
	...(before?.key === key
		? {value: before.value, fetchedAtMs: before.fetchedAtMs, failure: before.failure}
		: undefined),
});
