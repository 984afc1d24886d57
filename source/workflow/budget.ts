import type {MicroUsd} from '../units.ts';

/** One `budget:`: what may be spent, and what happens when it is not enough. */
export interface BudgetSettings {
	readonly microUsd?: MicroUsd;
	/** Input and output together. */
	readonly tokens?: number;
	/** Attempts that ask a model. */
	readonly requests?: number;
	/** Other units that agents bill in, by name. */
	readonly credits?: number;
	/** Of agents at work. */
	readonly minutes?: number;
	/** Missing: of one run, or of one step of it. */
	readonly period?: BudgetPeriod;
	readonly onExceed: OnExceed;
	readonly onUnknownCost: 'ask' | 'allow' | 'stop';
	/** Shares of it, 0 to 1, at which a warning is given; ascending. */
	readonly alertAt: readonly number[];
}

export const budgetPeriods = ['hour', 'day', 'week', 'month'] as const;
export type BudgetPeriod = (typeof budgetPeriods)[number];

/** `pause`: a person is asked for more; `downgrade`: something cheaper is used where there is any, else a person is asked. */
export type OnExceed = 'pause' | 'downgrade' | 'stop';

export const alertAtDefault: readonly number[] = [0.8];

/** @returns Unix milliseconds at which a period began; days, weeks and months begin at midnight of the machine's zone. */
export const periodStartMs = (period: BudgetPeriod, nowMs: number): number => {
	const start = new Date(nowMs);
	if (period === 'hour') return start.setMinutes(0, 0, 0);
	start.setHours(0, 0, 0, 0);
	// A week begins on Monday.
	if (period === 'week') start.setDate(start.getDate() - ((start.getDay() + 6) % 7));
	if (period === 'month') start.setDate(1);
	return start.getTime();
};

/** @returns Unix milliseconds at which the next one begins. */
export const periodEndMs = (period: BudgetPeriod, nowMs: number): number => {
	const end = new Date(periodStartMs(period, nowMs));
	if (period === 'hour') end.setHours(end.getHours() + 1);
	if (period === 'day') end.setDate(end.getDate() + 1);
	if (period === 'week') end.setDate(end.getDate() + 7);
	if (period === 'month') end.setMonth(end.getMonth() + 1);
	return end.getTime();
};
