import type {Database} from './database.ts';

/** Results of steps by the key of all that they depend on. */
export const createStepCacheTable = (database: Database) => {
	const select = database.prepare('SELECT at_ms AS atMs, body FROM step_cache WHERE key = ? AND at_ms >= ?');
	const upsert = database.prepare(
		`INSERT INTO step_cache (key, at_ms, body) VALUES (?, ?, ?)
		ON CONFLICT (key) DO UPDATE SET at_ms = excluded.at_ms, body = excluded.body`,
	);
	const prune = database.prepare('DELETE FROM step_cache WHERE at_ms < ?');
	return {
		/** @param sinceMs Older ones do not count. */
		read: (key: string, sinceMs: number): {readonly atMs: number; readonly body: string} | undefined =>
			select.get(key, sinceMs) as {atMs: number; body: string} | undefined,
		/** Call inside a commit. */
		write(key: string, atMs: number, body: string): void {
			upsert.run(key, atMs, body);
		},
		/** Call inside a commit. @returns How many went. */
		pruneBefore: (atMs: number): number => Number(prune.run(atMs).changes),
	};
};

export type StepCacheTable = ReturnType<typeof createStepCacheTable>;
