import type {Database} from './database.ts';

/** Which workspaces a person armed, and the digest of what they agreed to. */
export const createTrustTable = (database: Database) => {
	const upsert = database.prepare(
		`INSERT INTO trusted_workspaces (workspace, digest, at_ms) VALUES (?, ?, ?)
		ON CONFLICT (workspace) DO UPDATE SET digest = excluded.digest, at_ms = excluded.at_ms`,
	);
	const select = database.prepare('SELECT digest FROM trusted_workspaces WHERE workspace = ?');
	const drop = database.prepare('DELETE FROM trusted_workspaces WHERE workspace = ?');
	return {
		/** Call inside a commit. */
		write: (workspace: string, digest: string, atMs: number): void => {
			upsert.run(workspace, digest, atMs);
		},
		/** Call inside a commit. */
		remove: (workspace: string): void => {
			drop.run(workspace);
		},
		digestOf: (workspace: string): string | undefined =>
			(select.get(workspace) as {digest: string} | undefined)?.digest,
	};
};
