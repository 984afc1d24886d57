import type {DatabaseSync} from 'node:sqlite';

/**
 * Each entry takes the schema from version n to n + 1 (`PRAGMA user_version`). Released entries never change.
 *
 * `events` is the truth; the other tables are projections written in the same transaction, so that lists need no fold,
 * and `definitions`, which holds each workflow once by content hash.
 */
const migrations: readonly string[] = [
	`
	CREATE TABLE events (
		cursor INTEGER PRIMARY KEY,
		run INTEGER,
		seq INTEGER NOT NULL,
		type TEXT NOT NULL,
		at_ms INTEGER NOT NULL,
		body TEXT NOT NULL
	) STRICT;
	CREATE INDEX events_by_run ON events (run) WHERE run IS NOT NULL;

	CREATE TABLE definitions (
		hash TEXT PRIMARY KEY,
		source TEXT NOT NULL,
		definition TEXT NOT NULL,
		at_ms INTEGER NOT NULL
	) STRICT;

	CREATE TABLE runs (
		run INTEGER PRIMARY KEY,
		id TEXT NOT NULL UNIQUE,
		number INTEGER NOT NULL,
		workflow TEXT NOT NULL,
		workspace TEXT NOT NULL,
		status TEXT NOT NULL,
		is_open INTEGER NOT NULL,
		created_at_ms INTEGER NOT NULL,
		summary TEXT NOT NULL
	) STRICT;
	CREATE INDEX runs_open ON runs (run) WHERE is_open = 1;
	CREATE INDEX runs_by_workflow ON runs (workspace, workflow, number);

	CREATE TABLE approvals (
		id TEXT PRIMARY KEY,
		run INTEGER NOT NULL,
		status TEXT NOT NULL,
		requested_at_ms INTEGER NOT NULL,
		view TEXT NOT NULL
	) STRICT;
	CREATE INDEX approvals_by_status ON approvals (status, requested_at_ms);

	CREATE TABLE trusted_workspaces (
		workspace TEXT PRIMARY KEY,
		digest TEXT NOT NULL,
		at_ms INTEGER NOT NULL
	) STRICT;
	`,
];

/** Brings the schema up to date. @throws A plain Error for a journal written by a newer version. */
export const migrate = (database: DatabaseSync): void => {
	const {user_version: version} = database.prepare('PRAGMA user_version').get() as {user_version: number};
	if (version > migrations.length) {
		throw new Error(
			`The journal has schema ${version}; this version of aiworkflow knows ${migrations.length}. Use a newer one.`,
		);
	}

	for (let next = version; next < migrations.length; next++) {
		database.exec(`BEGIN IMMEDIATE; ${migrations[next]} PRAGMA user_version = ${next + 1}; COMMIT;`);
	}
};
