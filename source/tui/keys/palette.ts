import {fuzzyScoreOf} from '../../list-filter.ts';
import {type CockpitState, type Place, placeOf} from '../state.ts';
import {actions, type Outcome} from './actions.ts';
import {type Binding, bindingsIn} from './bindings.ts';

/** A row of the list of commands. */
export interface PaletteEntry {
	readonly binding: Binding;
	/** Why it does nothing right now. */
	readonly reason?: string;
}

/** What the palette lies over: its actions are those of that place. */
const under = (state: CockpitState): CockpitState => ({...state, dialog: undefined});

/** @returns What works where the palette was opened and fits what is typed, the best fit first. */
export const paletteEntriesOf = (state: CockpitState): PaletteEntry[] => {
	const text = state.dialog?.kind === 'palette' ? state.dialog.text.trim().toLowerCase() : '';
	const below = under(state);
	return entriesIn(placeOf(below), state.keyTable)
		.flatMap(binding => {
			const score = text === '' ? 0 : scoreOf(binding, text);
			return score === undefined ? [] : [{binding, score}];
		})
		.toSorted((a, b) => a.score - b.score)
		.map(({binding}) => ({binding, reason: binding.disabledReason?.(below)}));
};

/** A name that fits is meant before a description that does. */
const scoreOf = ({action, description}: Binding, text: string): number | undefined => {
	const named = fuzzyScoreOf(action.replaceAll('-', ' '), text);
	const described = description.toLowerCase().includes(text) ? 100 : undefined;
	return named ?? described;
};

/** Moving about is quicker by its keys, and what is asked first asks here as well. */
const entriesIn = (place: Place, table: readonly Binding[] | undefined): Binding[] =>
	bindingsIn(place, table).filter(({isMotion}) => !isMotion);

export const paletteMoved = (state: CockpitState, rows: number): CockpitState => {
	if (state.dialog?.kind !== 'palette') return state;
	const count = paletteEntriesOf(state).length;
	const cursor = Math.max(0, Math.min(state.dialog.cursor + rows, count - 1));
	return {...state, dialog: {...state.dialog, cursor}};
};

/** Does what is under the cursor, or says why it does nothing. */
export const ranFromPalette = (state: CockpitState): Outcome => {
	const entry = state.dialog?.kind === 'palette' ? paletteEntriesOf(state)[state.dialog.cursor] : undefined;
	if (!entry) return {state: {...state, notice: {kind: 'info', text: 'No command fits.'}}};
	if (entry.reason) return {state: {...state, notice: {kind: 'info', text: entry.reason}}};
	return actions[entry.binding.action](under(state));
};
