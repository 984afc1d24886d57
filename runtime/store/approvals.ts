import type {ApprovalView} from '../../source/run/views.ts';
import type {Database} from './database.ts';

/** The list of approvals, a projection. */
export const createApprovalsTable = (database: Database) => {
	const upsert = database.prepare(
		`INSERT INTO approvals (id, run, status, requested_at_ms, view) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET status = excluded.status, view = excluded.view`,
	);
	const byPrefix = database.prepare('SELECT view FROM approvals WHERE id >= ? AND id < ? ORDER BY id LIMIT 10');
	const ofRuns = 'run IN (SELECT run FROM runs WHERE id >= ? AND id < ?)';
	const byStatus = database.prepare(
		`SELECT view FROM approvals WHERE status = ? AND ${ofRuns} ORDER BY requested_at_ms LIMIT ?`,
	);
	const all = database.prepare(`SELECT view FROM approvals WHERE ${ofRuns} ORDER BY requested_at_ms DESC LIMIT ?`);
	const viewsOf = (rows: unknown[]) => (rows as {view: string}[]).map(row => JSON.parse(row.view) as ApprovalView);
	return {
		/** Call inside a commit. */
		write(view: ApprovalView, runKey: number): void {
			upsert.run(view.id, runKey, view.status, Date.parse(view.requestedAt), JSON.stringify(view));
		},
		withPrefix: (prefix: string): ApprovalView[] => viewsOf(byPrefix.all(prefix, `${prefix}\u{10FFFF}`)),
		/** Of the runs whose id begins so. Oldest first for one status; newest first for all. */
		list(status: string | undefined, runPrefix: string, limit: number): ApprovalView[] {
			const range = [runPrefix, `${runPrefix}\u{10FFFF}`] as const;
			return viewsOf(status ? byStatus.all(status, ...range, limit) : all.all(...range, limit));
		},
		countOpen: (): number =>
			(database.prepare("SELECT count(*) AS n FROM approvals WHERE status = 'open'").get() as {n: number}).n,
	};
};

export type ApprovalsTable = ReturnType<typeof createApprovalsTable>;
