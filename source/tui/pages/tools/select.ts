import type {ToolDetails, ToolView} from '../../../api/messages.ts';
import type {CockpitState} from '../../state.ts';
import {selectedIdOf} from '../cursor.ts';

export const toolsOf = ({fetched}: CockpitState): readonly ToolView[] => fetched.tools?.value ?? [];

export const toolNamesOf = (state: CockpitState): string[] => toolsOf(state).map(({name}) => name);

export const selectedToolOf = (state: CockpitState): ToolView | undefined => {
	const selected = selectedIdOf(toolNamesOf(state), state.pages.tools.selected);
	return toolsOf(state).find(({name}) => name === selected);
};

/** @returns What is known of the tool under the cursor besides its row. */
export const shownToolOf = (state: CockpitState): ToolDetails | undefined => {
	const {tool} = state.fetched;
	return tool?.key === selectedToolOf(state)?.name ? tool?.value : undefined;
};
