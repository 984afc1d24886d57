import type {Action, Outcome} from '../../keys/actions.ts';
import {opened} from '../../keys/open-question.ts';
import type {CockpitState} from '../../state.ts';
import {breakdowns, type MoneyPageState, ranges} from './page-state.ts';
import {budgetQuestionOf, selectedSpenderOf} from './select.ts';

const withPage = (state: CockpitState, change: Partial<MoneyPageState>): Outcome => ({
	state: {...state, pages: {...state.pages, money: {...state.pages.money, ...change}}},
});

const after = <Value>(values: readonly Value[], value: Value): Value =>
	values[(values.indexOf(value) + 1) % values.length]!;

export const moneyActions = {
	'next-breakdown': (state: CockpitState): Outcome => withPage(state, {by: after(breakdowns, state.pages.money.by)}),
	'next-range': (state: CockpitState): Outcome => withPage(state, {range: after(ranges, state.pages.money.range)}),
	'answer-budget': (state: CockpitState): Outcome => ({state: opened(state, budgetQuestionOf(state))}),
	'open-spender': (state: CockpitState): Outcome => ({
		state: {...state, screen: 'home', runId: selectedSpenderOf(state)!.id, pane: 'steps'},
	}),
	'pause-spender': (state: CockpitState): Outcome => {
		const run = selectedSpenderOf(state)!;
		return {state, effect: {kind: run.paused ? 'resume' : 'pause', runId: run.id}};
	},
} satisfies Readonly<Record<string, Action>>;
