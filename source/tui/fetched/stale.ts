import type {JournalEvent} from '../../run/events.ts';
import {type Fetched, type ResourceName, resourceDefinitions, resourceNames} from './definitions.ts';

/** @returns The same object where none of them is changed by these events. */
export const staledBy = (fetched: Fetched, events: readonly JournalEvent[]): Fetched => {
	let changed = fetched;
	for (const name of resourceNames) {
		const resource = fetched[name];
		const {isStaledBy} = resourceDefinitions[name];
		if (!resource || resource.isStale || !isStaledBy || !events.some(isStaledBy)) continue;
		changed = {...changed, [name]: {...resource, isStale: true}};
	}

	return changed;
};

/** For a person who wants to see it now, and for a daemon that is another one than before. */
export const allStale = (fetched: Fetched): Fetched =>
	Object.fromEntries(Object.entries(fetched).map(([name, resource]) => [name, {...resource, isStale: true}]));

/** Of some, and at once: what somebody comes back to may have changed without an event. */
export const staleOnly = (fetched: Fetched, names: readonly ResourceName[]): Fetched => ({
	...fetched,
	...Object.fromEntries(
		names.flatMap(name =>
			fetched[name] ? [[name, {...fetched[name], isStale: true, fetchedAtMs: undefined}] as const] : [],
		),
	),
});
