import type {BudgetRef} from '../../run/events.ts';
import {formatUsd} from '../../units.ts';

/** `this run`, `the workflow "nightly" this day`. */
export const budgetName = ({scope, name, period}: BudgetRef): string => {
	const of = scope === 'run' ? 'this run' : scope === 'global' ? 'everything' : `${scope} "${name}"`;
	return period === undefined ? of : `${of} this ${period}`;
};

export const amountOf = ({unit}: BudgetRef, amount: number): string =>
	unit === 'usd' ? formatUsd(amount) : `${Math.round(amount * 10) / 10} ${unit}`;
