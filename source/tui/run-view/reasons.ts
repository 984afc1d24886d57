import {cannotDecide} from '../keys/reasons.ts';
import {keyOf} from '../keys/remap.ts';
import {layoutOf} from '../layout.ts';
import {liveRunOf, outputTargetOf, selectedRunOf, selectedStepOf} from '../select.ts';
import type {CockpitState} from '../state.ts';
import {momentOf} from './past.ts';

/** Why a key of the view of a run does nothing right now. */

export const noRun = (state: CockpitState): string | undefined =>
	liveRunOf(state) ? undefined : 'No run is selected.';

export const notInPast = ({runView}: CockpitState): string | undefined =>
	runView.past ? undefined : 'This is now already.';

export const notThen = (state: CockpitState): string =>
	`This is then, not now: nothing is decided here. ${keyOf('now', state)} returns to now.`;

export const cannotFork = (state: CockpitState): string | undefined =>
	momentOf(state) ? cannotDecide(state) : 'Its events are not here yet.';

export const cannotExport = (state: CockpitState): string | undefined =>
	noRun(state) ?? (state.connection.status === 'live' ? undefined : 'The daemon is not there to be asked.');

export const noItems = (state: CockpitState): string | undefined =>
	selectedStepOf(state)?.items?.values.length ? undefined : 'The selected step has no items.';

export const noOutputShown = (state: CockpitState): string | undefined => {
	if (!layoutOf(state).output || state.runView.lower !== 'output')
		return `The output is not on the screen: ${keyOf('show-output', state)} shows it.`;
	return outputTargetOf(state) ? undefined : 'The selected step has no output.';
};

export const nothingToEnter = (state: CockpitState): string | undefined => {
	if (!selectedRunOf(state)) return 'There is no run to open.';
	return state.pane === 'output' && state.runView.lower !== 'events' ? 'There is nothing to open here.' : undefined;
};

export const nothingSearched = (state: CockpitState): string | undefined =>
	noOutputShown(state) ??
	(state.runView.search === '' ? `Nothing is searched for: ${keyOf('search', state)} does.` : undefined);
