import {budgetKeyOf} from '../../source/run/state.ts';
import type {BudgetBook} from '../engine/parts.ts';
import type {Database} from './database.ts';

/** What persons added to budgets that hold for more than one step of one run. A projection of `budget.extended`. */
export const createBudgetExtensionsTable = (database: Database): Pick<BudgetBook, 'extend' | 'extendedSince'> => {
	const insert = database.prepare(
		'INSERT OR IGNORE INTO budget_extensions (cursor, at_ms, key, amount) VALUES (?, ?, ?, ?)',
	);
	const total = database.prepare('SELECT sum(amount) AS amount FROM budget_extensions WHERE key = ? AND at_ms >= ?');
	return {
		extend: ({cursor, atMs, budget, by}) => void insert.run(cursor, atMs, budgetKeyOf(budget), by),
		extendedSince: (budget, sinceMs) =>
			(total.get(budgetKeyOf(budget), sinceMs) as {amount: number | null}).amount ?? undefined,
	};
};
