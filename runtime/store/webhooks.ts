import type {Database} from './database.ts';

/** Where the listener is to listen. */
export interface ListenAddress {
	readonly host: string;
	readonly port: number;
}

/** Whether webhooks are listened for, and which trigger has which path: both outlive the daemon. */
export const createWebhooksTable = (database: Database) => {
	const select = database.prepare('SELECT host, port FROM webhook_listener');
	const upsert = database.prepare(
		`INSERT INTO webhook_listener (id, host, port, at_ms) VALUES (1, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET host = excluded.host, port = excluded.port, at_ms = excluded.at_ms`,
	);
	const drop = database.prepare('DELETE FROM webhook_listener');
	const paths = database.prepare('SELECT path, trigger_key AS triggerKey FROM webhook_paths');
	const clearPaths = database.prepare('DELETE FROM webhook_paths');
	const insertPath = database.prepare('INSERT INTO webhook_paths (path, trigger_key) VALUES (?, ?)');
	return {
		/** @returns `undefined`: nobody wants it to listen. */
		address: (): ListenAddress | undefined => select.get() as ListenAddress | undefined,
		/** Call inside a commit. */
		writeAddress({host, port}: ListenAddress, atMs: number): void {
			upsert.run(host, port, atMs);
		},
		/** Call inside a commit. */
		removeAddress(): void {
			drop.run();
		},
		/** Keys of triggers by path. */
		holders: (): Map<string, string> =>
			new Map((paths.all() as {path: string; triggerKey: string}[]).map(({path, triggerKey}) => [path, triggerKey])),
		/** Call inside a commit. */
		writeHolders(holders: ReadonlyMap<string, string>): void {
			clearPaths.run();
			for (const [path, triggerKey] of holders) insertPath.run(path, triggerKey);
		},
	};
};

export type WebhooksTable = ReturnType<typeof createWebhooksTable>;
