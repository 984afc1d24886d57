import type {Origin} from '../../source/run/events.ts';
import type {TriggerKind} from '../../source/workflow/triggers.ts';
import type {Firing, FiringStatus} from '../triggers/parts.ts';
import type {Database} from './database.ts';

/** What triggers fired: kept until it is pruned, so that what comes twice is known. */
export const createFiringsTable = (database: Database) => {
	const insert = database.prepare(
		`INSERT INTO firings (id, trigger_key, workspace, file, trigger_id, kind, at_ms, data, origin, taint, status, run_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
	);
	const settle = database.prepare('UPDATE firings SET status = ?, detail = ? WHERE id = ?');
	const select = database.prepare('SELECT * FROM firings WHERE id = ?');
	const byStatus = database.prepare(
		'SELECT id, trigger_key AS triggerKey, run_id AS runId FROM firings WHERE status = ? ORDER BY at_ms, rowid',
	);
	const latest = database.prepare(
		'SELECT * FROM firings WHERE trigger_key = ? ORDER BY at_ms DESC, rowid DESC LIMIT ?',
	);
	const old = "at_ms < ? AND status NOT IN ('pending', 'started')";
	const prune = database.prepare(`DELETE FROM firings WHERE ${old}`);
	const count = database.prepare(`SELECT count(*) AS n FROM firings WHERE ${old}`);
	return {
		/** Call inside a commit. */
		write({id, triggerKey, workspace, file, triggerId, kind, atMs, data, origin, taint, status, runId}: Firing): void {
			insert.run(
				...[id, triggerKey, workspace, file, triggerId, kind, atMs],
				...[JSON.stringify(data), JSON.stringify(origin), taint ?? null, status, runId],
			);
		},
		/** Call inside a commit. */
		settle(id: string, status: FiringStatus, detail?: string): void {
			settle.run(status, detail ?? null, id);
		},
		read(id: string): Firing | undefined {
			const row = select.get(id) as Row | undefined;
			return row && firingOf(row);
		},
		/** The oldest first. */
		ofStatus: (status: FiringStatus): {readonly id: string; readonly triggerKey: string; readonly runId: string}[] =>
			byStatus.all(status) as {id: string; triggerKey: string; runId: string}[],
		/** The newest first. */
		latestOf: (triggerKey: string, count: number): Firing[] =>
			(latest.all(triggerKey, count) as unknown as Row[]).map(firingOf),
		/** How many `pruneBefore` would take away. */
		countBefore: (atMs: number): number => (count.get(atMs) as {n: number}).n,
		/** Call inside a commit. @returns How many went. What is not settled stays. */
		pruneBefore: (atMs: number): number => Number(prune.run(atMs).changes),
	};
};

export type FiringsTable = ReturnType<typeof createFiringsTable>;

interface Row {
	readonly id: string;
	readonly trigger_key: string;
	readonly workspace: string;
	readonly file: string;
	readonly trigger_id: string;
	readonly kind: string;
	readonly at_ms: number;
	readonly data: string;
	readonly origin: string;
	readonly taint: string | null;
	readonly status: string;
	readonly run_id: string;
	readonly detail: string | null;
}

const firingOf = (row: Row): Firing => ({
	id: row.id,
	triggerKey: row.trigger_key,
	workspace: row.workspace,
	file: row.file,
	triggerId: row.trigger_id,
	kind: row.kind as TriggerKind,
	atMs: row.at_ms,
	data: JSON.parse(row.data) as Record<string, unknown>,
	origin: JSON.parse(row.origin) as Origin,
	...(row.taint !== null && {taint: row.taint}),
	status: row.status as FiringStatus,
	runId: row.run_id,
	...(row.detail !== null && {detail: row.detail}),
});
