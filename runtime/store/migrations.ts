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
	`
	ALTER TABLE runs ADD COLUMN started_at_ms INTEGER;
	ALTER TABLE runs ADD COLUMN ended_at_ms INTEGER;
	ALTER TABLE runs ADD COLUMN cost_micro_usd INTEGER;
	ALTER TABLE runs ADD COLUMN parent TEXT;
	ALTER TABLE runs ADD COLUMN wake_at_ms INTEGER;
	ALTER TABLE runs ADD COLUMN is_parked INTEGER NOT NULL DEFAULT 0;
	ALTER TABLE runs ADD COLUMN concurrency_group TEXT;
	UPDATE runs SET
		started_at_ms = CAST(round((julianday(summary ->> 'startedAt') - 2440587.5) * 86400000) AS INTEGER),
		ended_at_ms = CAST(round((julianday(summary ->> 'endedAt') - 2440587.5) * 86400000) AS INTEGER),
		cost_micro_usd = CAST(round((summary ->> 'costUsd') * 1000000) AS INTEGER);
	DROP INDEX runs_open;
	CREATE INDEX runs_open ON runs (is_parked, wake_at_ms, run) WHERE is_open = 1;
	CREATE INDEX runs_in_group ON runs (concurrency_group) WHERE is_open = 1 AND concurrency_group IS NOT NULL;
	CREATE INDEX runs_by_parent ON runs (parent) WHERE parent IS NOT NULL;
	CREATE INDEX runs_by_end ON runs (ended_at_ms) WHERE is_open = 0;

	CREATE TABLE run_numbers (
		workspace TEXT NOT NULL,
		workflow TEXT NOT NULL,
		number INTEGER NOT NULL,
		PRIMARY KEY (workspace, workflow)
	) STRICT;

	CREATE TABLE run_archives (
		run INTEGER PRIMARY KEY,
		last_cursor INTEGER NOT NULL,
		events BLOB NOT NULL
	) STRICT;

	CREATE TABLE breakers (
		kind TEXT NOT NULL,
		name TEXT NOT NULL,
		state TEXT NOT NULL,
		failures INTEGER NOT NULL,
		until_ms INTEGER,
		at_ms INTEGER NOT NULL,
		PRIMARY KEY (kind, name)
	) STRICT;

	CREATE TABLE step_cache (
		key TEXT PRIMARY KEY,
		at_ms INTEGER NOT NULL,
		body TEXT NOT NULL
	) STRICT;
	CREATE INDEX step_cache_by_age ON step_cache (at_ms);
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
