import type {RunStatistics, StatisticsView} from '../../source/api/messages.ts';
import type {Database} from './database.ts';

export interface StatisticsFilter {
	readonly workflow?: string;
	readonly workspace?: string;
	/** Unix milliseconds of the creation. */
	readonly sinceMs?: number;
	readonly untilMs?: number;
}

/** What became of the runs of people and triggers, by workflow. Made from the rows of the list, not from events. */
export const statisticsOf = (database: Database, filter: StatisticsFilter): StatisticsView => {
	const {where, values} = conditionsOf(filter);
	const rows = database
		.prepare(
			`SELECT workflow, status, ended_at_ms - started_at_ms AS lengthMs, cost_micro_usd AS costMicroUsd
			FROM runs ${where} ORDER BY workflow`,
		)
		.iterate(...values) as unknown as Iterable<Row>;
	const total = tallyOf();
	const workflows = new Map<string, Tally>();
	for (const row of rows) {
		const tally = workflows.get(row.workflow) ?? tallyOf();
		workflows.set(row.workflow, tally);
		for (const each of [tally, total]) note(each, row);
	}

	return {
		total: summaryOf(total),
		workflows: [...workflows].map(([workflow, tally]) => ({workflow, ...summaryOf(tally)})),
	};
};

interface Row {
	readonly workflow: string;
	readonly status: 'completed' | 'failed' | 'cancelled';
	readonly lengthMs: number | null;
	readonly costMicroUsd: number | null;
}

interface Tally {
	readonly counts: {completed: number; failed: number; cancelled: number};
	readonly lengthsMs: number[];
	costMicroUsd: number;
	unknown: number;
}

const tallyOf = (): Tally => ({
	counts: {completed: 0, failed: 0, cancelled: 0},
	lengthsMs: [],
	costMicroUsd: 0,
	unknown: 0,
});

const note = (tally: Tally, {status, lengthMs, costMicroUsd}: Row) => {
	tally.counts[status]++;
	if (lengthMs !== null) tally.lengthsMs.push(lengthMs);
	if (costMicroUsd === null) tally.unknown++;
	else tally.costMicroUsd += costMicroUsd;
};

const summaryOf = ({counts, lengthsMs, costMicroUsd, unknown}: Tally): RunStatistics => {
	const {completed, failed, cancelled} = counts;
	const judged = completed + failed;
	const sorted = Float64Array.from(lengthsMs).sort();
	return {
		runs: judged + cancelled,
		...counts,
		successRate: judged === 0 ? null : completed / judged,
		p50Ms: percentileOf(sorted, 0.5),
		p95Ms: percentileOf(sorted, 0.95),
		costUsd: costMicroUsd / 1_000_000,
		runsOfUnknownCost: unknown,
	};
};

/** The nearest rank. */
const percentileOf = (sorted: Float64Array, part: number): number | null =>
	sorted.length === 0 ? null : sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)]!;

const conditionsOf = ({workflow, workspace, sinceMs, untilMs}: StatisticsFilter) => {
	const conditions = ['parent IS NULL', "status IN ('completed', 'failed', 'cancelled')"];
	const values: (string | number)[] = [];
	for (const [condition, value] of [
		['workflow = ?', workflow],
		['workspace = ?', workspace],
		['created_at_ms >= ?', sinceMs],
		['created_at_ms < ?', untilMs],
	] as const) {
		if (value === undefined) continue;
		conditions.push(condition);
		values.push(value);
	}

	return {where: `WHERE ${conditions.join(' AND ')}`, values};
};
