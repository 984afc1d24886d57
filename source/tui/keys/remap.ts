import type {CockpitState, Place} from '../state.ts';
import type {ActionName} from './actions.ts';
import {type Binding, bindings} from './bindings.ts';
import {typesText} from './key-names.ts';

/** The keys of this cockpit: the table, with what its person has changed in it. */
export const keyTableOf = ({keyTable}: Pick<CockpitState, 'keyTable'>): readonly Binding[] => keyTable ?? bindings;

/** @returns The key that is shown for an action. */
export const keyOf = (action: ActionName, state: Pick<CockpitState, 'keyTable'>): string =>
	keyTableOf(state).find(binding => binding.action === action)!.keys[0]!;

/** @returns The table with other keys for these actions. */
export const remappedKeys = (
	table: readonly Binding[],
	keys: ReadonlyMap<ActionName, readonly string[]>,
): readonly Binding[] =>
	keys.size === 0
		? table
		: table.map(binding => {
				const own = keys.get(binding.action);
				return own ? {...binding, keys: own} : binding;
			});

export interface KeyClash {
	readonly key: string;
	readonly place: Place;
	/** Two or more, in the order of the table: only the first would ever act. */
	readonly actions: readonly ActionName[];
}

/** @returns Keys that several actions have in one place; each key with its actions once. */
export const keyClashesOf = (table: readonly Binding[]): KeyClash[] => {
	const clashes = new Map<string, KeyClash>();
	for (const place of new Set(table.flatMap(({where}) => where))) {
		const here = table.filter(({where}) => where.includes(place));
		for (const key of new Set(here.flatMap(({keys}) => keys))) {
			const actions = here.filter(({keys}) => keys.includes(key)).map(({action}) => action);
			const id = `${key} ${actions}`;
			if (actions.length > 1 && !clashes.has(id)) clashes.set(id, {key, place, actions});
		}
	}

	return [...clashes.values()];
};

/** Places where text is typed: no key of theirs is a character. */
export const typingPlacesOf = (table: readonly Binding[] = bindings): Place[] =>
	[...new Set(table.flatMap(({where}) => where))].filter(place =>
		table.every(({where, keys}) => !where.includes(place) || !keys.some(typesText)),
	);
