import {isRunEnded, isRunSettled, type RunState} from '../../source/run/state.ts';
import {type RunStatus, type RunSummaryView, runCostOf, runSummaryViewOf} from '../../source/run/views.ts';
import type {Database} from './database.ts';

export interface RunsFilter {
	readonly statuses?: readonly string[];
	readonly workflow?: string;
	readonly workspace?: string;
	/** Unix milliseconds of the creation. */
	readonly sinceMs?: number;
	readonly untilMs?: number;
	/** Whether runs of sub-workflows are listed as well. Default: only those that a person or a trigger started. */
	readonly includesChildren?: boolean;
	readonly limit: number;
	/** Key of the last run of the page before. */
	readonly beforeKey?: number;
}

/** What only the engine knows of an open run. */
export interface RunRowFacts {
	/** Nothing of it is held in memory. */
	readonly isParked?: boolean;
	/** When time alone makes the next difference. */
	readonly wakeAtMs?: number;
}

/** The list of runs, a projection: one row a run, written when what a list shows of it changes for good. */
export const createRunsTable = (database: Database) => {
	const upsert = database.prepare(
		`INSERT INTO runs (run, id, number, workflow, workspace, status, is_open, created_at_ms, summary,
			started_at_ms, ended_at_ms, cost_micro_usd, parent, wake_at_ms, is_parked, concurrency_group)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (run) DO UPDATE SET status = excluded.status, is_open = excluded.is_open, summary = excluded.summary,
			started_at_ms = excluded.started_at_ms, ended_at_ms = excluded.ended_at_ms,
			cost_micro_usd = excluded.cost_micro_usd, wake_at_ms = excluded.wake_at_ms, is_parked = excluded.is_parked`,
	);
	const keyMax = database.prepare('SELECT coalesce(max(run), 0) AS run FROM runs');
	const numberMax = database.prepare(
		`SELECT max(coalesce((SELECT max(number) FROM runs WHERE workspace = ?1 AND workflow = ?2), 0),
			coalesce((SELECT number FROM run_numbers WHERE workspace = ?1 AND workflow = ?2), 0)) AS number`,
	);
	const byPrefix = database.prepare('SELECT id FROM runs WHERE id >= ? AND id < ? ORDER BY id LIMIT 10');
	const keyOf = database.prepare('SELECT run FROM runs WHERE id = ?');
	const unparked = database.prepare('SELECT id FROM runs WHERE is_open = 1 AND is_parked = 0 ORDER BY run');
	const openKeys = database.prepare('SELECT run AS key, id FROM runs WHERE is_open = 1 ORDER BY run DESC');
	const due = database.prepare(
		'SELECT id FROM runs WHERE is_open = 1 AND is_parked = 1 AND wake_at_ms <= ? ORDER BY wake_at_ms LIMIT ?',
	);
	const nextWake = database.prepare(
		`SELECT wake_at_ms AS wakeAtMs FROM runs
		WHERE is_open = 1 AND is_parked = 1 AND wake_at_ms > ? ORDER BY wake_at_ms LIMIT 1`,
	);
	const inGroups = database.prepare(
		`SELECT id, workspace, concurrency_group AS concurrencyGroup, status FROM runs
		WHERE is_open = 1 AND concurrency_group IS NOT NULL ORDER BY run`,
	);
	const children = database.prepare('SELECT id FROM runs WHERE parent = ? ORDER BY run');
	const counts = database.prepare('SELECT status, count(*) AS n FROM runs WHERE is_open = 1 GROUP BY status');
	const failedSince = database.prepare(
		"SELECT count(*) AS n FROM runs WHERE is_open = 0 AND ended_at_ms >= ? AND status = 'failed' AND parent IS NULL",
	);
	const idsOf = (rows: unknown[]) => (rows as {id: string}[]).map(({id}) => id);
	return {
		/** Call inside a commit. */
		write(run: RunState, key: number, {isParked = false, wakeAtMs}: RunRowFacts = {}): void {
			const view = runSummaryViewOf(run);
			const isOpen = isRunSettled(run) ? 0 : 1;
			upsert.run(
				key,
				run.id,
				run.number,
				view.workflow,
				run.workspace,
				view.status,
				isOpen,
				run.createdAtMs,
				JSON.stringify(view),
				run.startedAtMs ?? null,
				isRunEnded(run) ? (run.endedAtMs ?? null) : null,
				runCostOf(run),
				run.parent?.runId ?? null,
				isOpen === 1 ? (wakeAtMs ?? null) : null,
				isOpen === 1 && isParked ? 1 : 0,
				run.concurrency?.group ?? null,
			);
		},
		nextKey: (): number => (keyMax.get() as {run: number}).run + 1,
		nextNumber: (workspace: string, workflow: string): number =>
			(numberMax.get(workspace, workflow) as {number: number}).number + 1,
		keyOf: (id: string): number | undefined => (keyOf.get(id) as {run: number} | undefined)?.run,
		/** Ids of the open runs that have something to do, oldest first. */
		openUnparked: (): string[] => idsOf(unparked.all()),
		/** Of the open runs, newest first. */
		openKeys: () => openKeys.all() as unknown as {key: number; id: string}[],
		/** Ids of the runs that only wait and whose moment has come. */
		parkedDue: (nowMs: number, limit: number): string[] => idsOf(due.all(nowMs, limit)),
		/** When the first of the others wakes. */
		nextWakeAtMs: (nowMs: number): number | undefined =>
			(nextWake.get(nowMs) as {wakeAtMs: number} | undefined)?.wakeAtMs,
		/** The open runs that belong to a concurrency group, oldest first. */
		openInGroups: () =>
			inGroups.all() as unknown as {id: string; workspace: string; concurrencyGroup: string; status: string}[],
		/** Ids of the runs that the steps of a run started. */
		childrenOf: (id: string): string[] => idsOf(children.all(id)),
		/** How many open runs are in each status. */
		openCounts: (): Partial<Record<RunStatus, number>> =>
			Object.fromEntries((counts.all() as {status: string; n: number}[]).map(({status, n}) => [status, n])),
		/** Runs of people and triggers that failed and ended since. */
		countFailedSince: (sinceMs: number): number => (failedSince.get(sinceMs) as {n: number}).n,
		idsWithPrefix: (prefix: string): string[] => idsOf(byPrefix.all(prefix, `${prefix}\u{10FFFF}`)),
		/** Newest first. */
		list(filter: RunsFilter): {readonly key: number; readonly view: RunSummaryView}[] {
			const {where, values} = conditionsOf(filter);
			const rows = database
				.prepare(`SELECT run, summary FROM runs ${where} ORDER BY run DESC LIMIT ?`)
				.all(...values, filter.limit) as {run: number; summary: string}[];
			return rows.map(({run, summary}) => ({key: run, view: JSON.parse(summary) as RunSummaryView}));
		},
	};
};

export type RunsTable = ReturnType<typeof createRunsTable>;

const conditionsOf = ({statuses, workflow, workspace, beforeKey, ...filter}: RunsFilter) => {
	const conditions: string[] = [];
	const values: (string | number)[] = [];
	const add = (condition: string, ...more: (string | number)[]) => {
		conditions.push(condition);
		values.push(...more);
	};

	if (statuses && statuses.length > 0) add(`status IN (${statuses.map(() => '?').join(', ')})`, ...statuses);
	if (workflow !== undefined) add('workflow = ?', workflow);
	if (workspace !== undefined) add('workspace = ?', workspace);
	if (filter.sinceMs !== undefined) add('created_at_ms >= ?', filter.sinceMs);
	if (filter.untilMs !== undefined) add('created_at_ms < ?', filter.untilMs);
	if (!filter.includesChildren) add('parent IS NULL');
	if (beforeKey !== undefined) add('run < ?', beforeKey);
	return {where: conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '', values};
};
