import {isRunEnded, type RunState} from '../../source/run/state.ts';
import {type RunSummaryView, runSummaryViewOf} from '../../source/run/views.ts';
import type {Database} from './database.ts';

export interface RunsFilter {
	readonly statuses?: readonly string[];
	readonly workflow?: string;
	readonly workspace?: string;
	readonly limit: number;
	/** Key of the last run of the page before. */
	readonly beforeKey?: number;
}

/** The list of runs, a projection: one row a run, written when what a list shows of it changes for good. */
export const createRunsTable = (database: Database) => {
	const upsert = database.prepare(
		`INSERT INTO runs (run, id, number, workflow, workspace, status, is_open, created_at_ms, summary)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (run) DO UPDATE SET status = excluded.status, is_open = excluded.is_open, summary = excluded.summary`,
	);
	const keyMax = database.prepare('SELECT coalesce(max(run), 0) AS run FROM runs');
	const numberMax = database.prepare(
		'SELECT coalesce(max(number), 0) AS number FROM runs WHERE workspace = ? AND workflow = ?',
	);
	const byPrefix = database.prepare('SELECT id FROM runs WHERE id >= ? AND id < ? ORDER BY id LIMIT 10');
	const keyOf = database.prepare('SELECT run FROM runs WHERE id = ?');
	return {
		/** Call inside a commit. */
		write(run: RunState, key: number): void {
			const view = runSummaryViewOf(run);
			const isOpen = isRunEnded(run) ? 0 : 1;
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
			);
		},
		nextKey: (): number => (keyMax.get() as {run: number}).run + 1,
		nextNumber: (workspace: string, workflow: string): number =>
			(numberMax.get(workspace, workflow) as {number: number}).number + 1,
		keyOf: (id: string): number | undefined => (keyOf.get(id) as {run: number} | undefined)?.run,
		/** Ids that begin so; at most ten. */
		idsWithPrefix: (prefix: string): string[] =>
			(byPrefix.all(prefix, `${prefix}\u{10FFFF}`) as {id: string}[]).map(row => row.id),
		/** Newest first. */
		list({statuses, workflow, workspace, limit, beforeKey}: RunsFilter): {key: number; view: RunSummaryView}[] {
			const conditions = ['1 = 1'];
			const values: (string | number)[] = [];
			const where = (condition: string, ...of: (string | number)[]) => {
				conditions.push(condition);
				values.push(...of);
			};

			if (statuses?.length) where(`status IN (${statuses.map(() => '?').join(', ')})`, ...statuses);
			if (workflow) where('workflow = ?', workflow);
			if (workspace) where('workspace = ?', workspace);
			if (beforeKey !== undefined) where('run < ?', beforeKey);
			const rows = database
				.prepare(`SELECT run, summary FROM runs WHERE ${conditions.join(' AND ')} ORDER BY run DESC LIMIT ?`)
				.all(...values, limit) as {run: number; summary: string}[];
			return rows.map(row => ({key: row.run, view: JSON.parse(row.summary) as RunSummaryView}));
		},
	};
};

export type RunsTable = ReturnType<typeof createRunsTable>;
