import type {Binding} from '../../keys/bindings.ts';
import * as why from '../../keys/reasons.ts';
import type {CockpitState} from '../../state.ts';
import {budgetQuestionOf, selectedSpenderOf} from './select.ts';

const notARun = (state: CockpitState): string | undefined =>
	selectedSpenderOf(state) ? undefined : 'No run is under the cursor.';

export const moneyBindings: readonly Binding[] = [
	{
		keys: ['E'],
		action: 'answer-budget',
		description: 'open the question of money of the run: extend its budget, or stop',
		hint: 'extend',
		where: ['money'],
		disabledReason: state =>
			notARun(state) ?? (budgetQuestionOf(state) ? undefined : 'The run does not ask for money.'),
	},
	{
		keys: ['enter', 'l', 'right'],
		action: 'open-spender',
		description: 'show the run',
		hint: 'open run',
		where: ['money'],
		isMotion: true,
		disabledReason: notARun,
	},
	{
		keys: ['p'],
		action: 'pause-spender',
		description: 'pause the run under the cursor, or let it go on',
		hint: 'pause',
		where: ['money'],
		disabledReason: state => notARun(state) ?? why.cannotPause({...state, runId: selectedSpenderOf(state)?.id}),
	},
	{
		keys: ['b'],
		action: 'next-breakdown',
		description: 'break down by the next: workflow, agent, model, step, day',
		hint: 'by',
		where: ['money'],
	},
	{
		keys: ['r'],
		action: 'next-range',
		description: 'the next range: today, 7 days, 30 days, all',
		hint: 'range',
		where: ['money'],
	},
];
