import type {Ledger, LedgerEntry, LedgerFilter, Spent} from '../engine/parts.ts';
import type {Database} from './database.ts';

/** The ledger, a projection of `usage.recorded`: one row an event. It outlives the runs, for budgets and estimates do. */
export const createCostsTable = (database: Database) => {
	const insert = database.prepare(
		`INSERT OR IGNORE INTO costs (cursor, at_ms, run_id, workflow, workspace, step_id, item, attempt, agent, model,
			input, cached_input, cached_write, output, reasoning, micro_usd, source, units)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
	);
	const statements = new Map<string, ReturnType<Database['prepare']>>();
	const prepared = (sql: string) => {
		const known = statements.get(sql) ?? database.prepare(sql);
		statements.set(sql, known);
		return known;
	};

	const table: Ledger & {
		list(filter: CostsFilter): CostRow[];
		summary(query: CostSummaryFilter): CostGroup[];
		namesSince(column: 'agent' | 'model' | 'workflow', sinceMs: number): string[];
	} = {
		write({tokens, units, ...entry}) {
			insert.run(
				...[entry.cursor, entry.atMs, entry.runId, entry.workflow, entry.workspace, entry.stepId, entry.item ?? null],
				...[entry.attempt, entry.agent, entry.model ?? null, tokens?.input ?? null, tokens?.cachedInput ?? null],
				...[tokens?.cachedWrite ?? null, tokens?.output ?? null, tokens?.reasoning ?? null, entry.costMicroUsd],
				...[entry.costSource, units ? JSON.stringify(units) : null],
			);
		},
		spentSince(filter, sinceMs) {
			const {where, values} = conditionsOf(filter);
			const row = prepared(
				`SELECT coalesce(sum(micro_usd), 0) AS microUsd, count(*) - count(micro_usd) AS unknown,
					coalesce(sum(input), 0) AS inputTokens, coalesce(sum(output), 0) AS outputTokens,
					count(DISTINCT run_id || ' ' || step_id || ' ' || coalesce(item, '') || ' ' || attempt) AS requests,
					total(units ->> 'credits') AS credits, total(units ->> 'requests') AS billed, count(units) AS inUnits
				FROM costs WHERE at_ms >= ?${where}`,
			).get(sinceMs, ...values) as unknown as SpentRow;
			return {
				...{microUsd: row.microUsd, unknown: row.unknown, inputTokens: row.inputTokens, outputTokens: row.outputTokens},
				requests: Math.max(row.requests, row.billed),
				units: (row.inUnits > 0 ? {credits: row.credits, requests: row.billed} : {}) as Readonly<
					Record<string, number>
				>,
			};
		},
		history({workflow, stepId, agent, model}) {
			const wishes = [
				...(agent !== undefined && model !== undefined ? [{agent, model}] : []),
				// Another agent says nothing about what this one costs.
				...(agent === undefined ? [{}] : model === undefined ? [{agent}] : []),
			];
			for (const wish of wishes) {
				const {where, values} = conditionsOf({workflow, stepId, ...wish});
				const row = prepared(
					`SELECT count(*) AS attempts, avg(cost) AS mean, max(cost) AS most FROM (
						SELECT sum(micro_usd) AS cost, count(*) - count(micro_usd) AS unknown FROM costs
						WHERE at_ms >= ?${where} GROUP BY run_id, item, attempt ORDER BY max(cursor) DESC LIMIT ${historyAttemptsMax}
					) WHERE unknown = 0 AND cost > 0`,
				).get(0, ...values) as {attempts: number; mean: number | null; most: number | null};
				if (row.attempts > 0)
					return {attempts: row.attempts, meanMicroUsd: Math.round(row.mean!), maxMicroUsd: row.most!};
			}

			return undefined;
		},
		list({limit, beforeCursor, ...filter}) {
			const {where, values} = conditionsOf(filter);
			const rows = prepared(
				`SELECT cursor, at_ms AS atMs, run_id AS runId, workflow, workspace, step_id AS stepId, item, attempt, agent, model,
					input, cached_input AS cachedInput, cached_write AS cachedWrite, output, reasoning, micro_usd AS costMicroUsd,
					source AS costSource, units
				FROM costs WHERE at_ms >= ? AND at_ms < ? AND cursor < ?${where} ORDER BY cursor DESC LIMIT ?`,
			).all(
				...[filter.sinceMs ?? 0, filter.untilMs ?? Number.MAX_SAFE_INTEGER, beforeCursor ?? Number.MAX_SAFE_INTEGER],
				...[...values, limit],
			);
			return rows as unknown as CostRow[];
		},
		summary({by, sinceMs, untilMs, ...filter}) {
			const {where, values} = conditionsOf(filter);
			const rows = prepared(
				`SELECT ${groups[by]} AS name, coalesce(sum(micro_usd), 0) AS microUsd, count(*) - count(micro_usd) AS unknown,
					coalesce(sum(input), 0) AS inputTokens, coalesce(sum(output), 0) AS outputTokens,
					count(DISTINCT run_id || ' ' || step_id || ' ' || coalesce(item, '') || ' ' || attempt) AS requests
				FROM costs WHERE at_ms >= ? AND at_ms < ?${where} GROUP BY 1
				ORDER BY ${isOfTime[by] ? '1' : 'microUsd DESC, 1'} LIMIT ${groupsMax}`,
			).all(sinceMs, untilMs ?? Number.MAX_SAFE_INTEGER, ...values);
			return rows as unknown as CostGroup[];
		},
		namesSince(column, sinceMs) {
			const rows = prepared(
				`SELECT DISTINCT ${column} AS name FROM costs WHERE at_ms >= ? AND ${column} IS NOT NULL ORDER BY 1 LIMIT ${groupsMax}`,
			).all(sinceMs);
			return (rows as {name: string}[]).map(({name}) => name);
		},
	};
	return table;
};

/** By the clock of this machine. */
const groups = {
	workflow: 'workflow',
	agent: 'agent',
	model: 'model',
	step: "workflow || ' / ' || step_id",
	day: "date(at_ms / 1000, 'unixepoch', 'localtime')",
	hour: "strftime('%Y-%m-%dT%H', at_ms / 1000, 'unixepoch', 'localtime')",
	minute: "strftime('%Y-%m-%dT%H:%M', at_ms / 1000, 'unixepoch', 'localtime')",
} as const;

const isOfTime: Partial<Record<keyof typeof groups, true>> = {day: true, hour: true, minute: true};

/** Rows of one answer. */
const groupsMax = 1000;

export interface CostSummaryFilter extends LedgerFilter {
	readonly by: keyof typeof groups;
	readonly sinceMs: number;
	readonly untilMs?: number;
}

export interface CostGroup {
	readonly name: string | null;
	readonly microUsd: number;
	readonly unknown: number;
	readonly inputTokens: number;
	readonly outputTokens: number;
	readonly requests: number;
}

interface SpentRow extends Omit<Spent, 'units'> {
	readonly credits: number;
	readonly billed: number;
	readonly inUnits: number;
}

/** The newest that count for an estimate. */
const historyAttemptsMax = 50;

export interface CostsFilter extends LedgerFilter {
	readonly sinceMs?: number;
	readonly untilMs?: number;
	readonly limit: number;
	readonly beforeCursor?: number;
}

/** A line of the ledger; null is unknown, or not there. */
export type CostRow = {
	readonly [K in keyof Omit<LedgerEntry, 'tokens' | 'units'>]-?: Exclude<LedgerEntry[K], undefined> | null;
} & {
	readonly input: number | null;
	readonly cachedInput: number | null;
	readonly cachedWrite: number | null;
	readonly output: number | null;
	readonly reasoning: number | null;
	/** JSON. */
	readonly units: string | null;
};

const columns = {
	runId: 'run_id',
	stepId: 'step_id',
	workflow: 'workflow',
	workspace: 'workspace',
	agent: 'agent',
	model: 'model',
} as const;

const conditionsOf = (filter: LedgerFilter) => {
	const given = (Object.keys(columns) as (keyof typeof columns)[]).filter(key => filter[key] !== undefined);
	return {
		where: given.map(key => ` AND ${columns[key]} = ?`).join(''),
		values: given.map(key => filter[key]!),
	};
};
