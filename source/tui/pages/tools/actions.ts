import {staleOnly} from '../../fetched/stale.ts';
import type {Action, Outcome} from '../../keys/actions.ts';
import type {CockpitState} from '../../state.ts';
import {selectedToolOf} from './select.ts';

const told = (state: CockpitState, text: string): CockpitState => ({...state, notice: {kind: 'info', text}});

export const toolsActions = {
	tools: (state: CockpitState): Outcome => ({
		// Files change without an event.
		state: {...state, screen: 'tools', fetched: staleOnly(state.fetched, ['tools', 'tool', 'workspace'])},
	}),
	'check-tool': (state: CockpitState): Outcome => {
		const {name} = selectedToolOf(state)!;
		return {state: told(state, `${name} is being asked.`), effect: {kind: 'check-tool', tool: name}};
	},
	'check-tools': (state: CockpitState): Outcome => ({
		state: told(state, 'All tools are being asked.'),
		effect: {kind: 'check-tools'},
	}),
	'tool-half': (state: CockpitState): Outcome => {
		const {tools} = state.pages;
		const half = tools.half === 'list' ? 'details' : 'list';
		return {state: {...state, pages: {...state.pages, tools: {...tools, half, scroll: 0}}}};
	},
} satisfies Readonly<Record<string, Action>>;
