import {type CockpitState, placeOf} from '../state.ts';
import type {Theme} from '../theme.ts';

/** @returns The state with the next theme on the screen, or the one before; the list goes round. */
export const nextTheme = (state: CockpitState, by: 1 | -1): CockpitState => {
	const {themes} = state;
	const index = themes.findIndex(({name}) => name === state.theme?.name);
	return {...state, theme: themes[(Math.max(index, 0) + by + themes.length) % themes.length]};
};

export const openedThemes = (state: CockpitState): CockpitState => ({
	...state,
	theme: state.theme ?? state.settledTheme,
	dialog: {kind: 'themes', before: state.theme},
});

export const keptTheme = (state: CockpitState): CockpitState => ({
	...state,
	dialog: undefined,
	notice: {kind: 'info', text: `The theme is ${state.theme?.name ?? 'default'} from now on.`},
});

export const leftThemes = (state: CockpitState): CockpitState =>
	state.dialog?.kind === 'themes' ? {...state, theme: state.dialog.before, dialog: undefined} : state;

/** @returns The state with these themes to choose from, and the one that was chosen on another day. */
export const withThemes = (state: CockpitState, themes: readonly Theme[]): CockpitState =>
	withRememberedTheme({...state, themes});

/** Only where nothing was chosen today, on the command line or with a key. */
export const withRememberedTheme = (state: CockpitState): CockpitState => {
	if (state.theme || placeOf(state) === 'themes') return state;
	const theme = state.themes.find(({name}) => name === state.remembered.theme);
	return theme ? {...state, theme} : state;
};
