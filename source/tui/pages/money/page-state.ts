/** What spending is broken down by, in the order of the key. */
export const breakdowns = ['workflow', 'agent', 'model', 'step', 'day'] as const;
export type Breakdown = (typeof breakdowns)[number];

/** How far back, in the order of the key. */
export const ranges = ['today', '7 days', '30 days', 'all'] as const;
export type Range = (typeof ranges)[number];

export interface MoneyPageState {
	/** Id of the limit or the run under the cursor; `undefined`: the first. */
	readonly selected?: string;
	readonly by: Breakdown;
	readonly range: Range;
}

export const initialMoneyPage: MoneyPageState = {by: 'agent', range: 'today'};
