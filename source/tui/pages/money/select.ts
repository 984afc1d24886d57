import type {CostForecast, CostLimitView} from '../../../api/messages.ts';
import {isRunEnded, type RunState} from '../../../run/state.ts';
import {budgetOf, isCostUnknown, knownCostOf} from '../../../run/views.ts';
import {cockpitLimits} from '../../limits.ts';
import {limitUseOf} from '../../spend.ts';
import type {CockpitState, Waiting} from '../../state.ts';
import {midnightMsOf} from '../../times.ts';
import {selectedIdOf} from '../cursor.ts';

/** A line with a meter: a limit of more than one run, or an open run. */
export type Meter =
	| {readonly kind: 'limit'; readonly id: string; readonly limit: CostLimitView}
	| {readonly kind: 'run'; readonly id: string; readonly run: RunState; readonly forecast?: CostForecast};

/** Limits, the one that is used most first, then open runs that spend, as they are listed at home. */
export const metersOf = (state: CockpitState): Meter[] => {
	const limits = (state.fetched.limits?.value ?? [])
		.map(limit => ({kind: 'limit' as const, id: idOfLimit(limit), limit, share: limitUseOf(limit).share}))
		.toSorted((a, b) => b.share - a.share);
	const forecasts = state.fetched.forecasts?.value;
	const runs = spendingRunsOf(state).map(run => ({
		...{kind: 'run' as const, id: run.id, run},
		forecast: forecasts?.[run.id],
	}));
	return [...limits, ...runs];
};

const idOfLimit = ({scope, name, period}: CostLimitView): string => `${scope} ${name} ${period}`;

/** Open runs that may spend so much, or have spent anything. */
const spendingRunsOf = ({runs, order}: CockpitState): RunState[] => {
	const found: RunState[] = [];
	for (const id of order) {
		const run = runs.get(id)!;
		// Open runs are listed first.
		if (isRunEnded(run)) break;
		if (budgetOf(run) !== undefined || knownCostOf(run) > 0 || unpricedOf(run) > 0) found.push(run);
	}

	return found;
};

/** @returns How many of its steps used something whose cost is unknown. */
export const unpricedOf = ({steps, stepOrder}: RunState): number =>
	stepOrder.filter(id => isCostUnknown(steps[id]!)).length;

/** @returns Ids of the open runs whose forecast is worth asking for. */
export const forecastRunsOf = (state: CockpitState): string[] =>
	spendingRunsOf(state)
		.slice(0, cockpitLimits.forecastsMax)
		.map(({id}) => id);

export const selectedMeterOf = (state: CockpitState): Meter | undefined => {
	const meters = metersOf(state);
	const selected = selectedIdOf(
		meters.map(({id}) => id),
		state.pages.money.selected,
	);
	return meters.find(({id}) => id === selected);
};

/** @returns The run under the cursor; `undefined` where that is a limit. */
export const selectedSpenderOf = (state: CockpitState): RunState | undefined => {
	const meter = selectedMeterOf(state);
	return meter?.kind === 'run' ? meter.run : undefined;
};

/** @returns The open question about money of the run under the cursor. */
export const budgetQuestionOf = (state: CockpitState): Waiting | undefined => {
	const run = selectedSpenderOf(state);
	return state.waiting.find(({runId, approvalId}) => runId === run?.id && run.approvals[approvalId]?.kind === 'budget');
};

/** @returns Unix milliseconds; 0: from the first entry on. */
export const rangeSinceMsOf = ({pages: {money}, nowMs}: Pick<CockpitState, 'pages' | 'nowMs'>): number => {
	const today = midnightMsOf(nowMs);
	switch (money.range) {
		case 'today':
			return today;
		case '7 days':
			return new Date(today).setDate(new Date(today).getDate() - 6);
		case '30 days':
			return new Date(today).setDate(new Date(today).getDate() - 29);
		case 'all':
			return 0;
	}
};
