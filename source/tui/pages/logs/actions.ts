import type {Action, Outcome} from '../../keys/actions.ts';
import {layoutOf} from '../../layout.ts';
import type {CockpitState} from '../../state.ts';
import {withLogFollow} from './view.ts';

export const logsActions = {
	logs: (state: CockpitState): Outcome => ({state: {...state, screen: 'logs'}}),
	'follow-log': (state: CockpitState): Outcome => {
		const size = layoutOf(state).page;
		return {state: size ? withLogFollow(state, size) : state};
	},
} satisfies Readonly<Record<string, Action>>;
