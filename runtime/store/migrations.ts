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
	`
	CREATE TABLE costs (
		cursor INTEGER PRIMARY KEY,
		at_ms INTEGER NOT NULL,
		run_id TEXT NOT NULL,
		workflow TEXT NOT NULL,
		workspace TEXT NOT NULL,
		step_id TEXT NOT NULL,
		item INTEGER,
		attempt INTEGER NOT NULL,
		agent TEXT NOT NULL,
		model TEXT,
		input INTEGER,
		cached_input INTEGER,
		cached_write INTEGER,
		output INTEGER,
		reasoning INTEGER,
		micro_usd INTEGER,
		source TEXT NOT NULL,
		units TEXT
	) STRICT;
	CREATE INDEX costs_by_run ON costs (run_id, step_id);
	CREATE INDEX costs_by_step ON costs (workflow, step_id, at_ms);
	CREATE INDEX costs_by_time ON costs (at_ms);
	INSERT INTO costs
		SELECT e.cursor, e.at_ms, r.id, r.workflow, r.workspace, e.body ->> 'stepId', e.body ->> 'item', e.body ->> 'attempt',
			e.body ->> 'agent', e.body ->> 'model', e.body ->> '$.tokens.input', e.body ->> '$.tokens.cachedInput', NULL,
			e.body ->> '$.tokens.output', e.body ->> '$.tokens.reasoning', e.body ->> 'costMicroUsd', e.body ->> 'costSource', NULL
		FROM events e JOIN runs r ON r.run = e.run WHERE e.type = 'usage.recorded';

	CREATE TABLE budget_extensions (
		cursor INTEGER PRIMARY KEY,
		at_ms INTEGER NOT NULL,
		key TEXT NOT NULL,
		amount REAL NOT NULL
	) STRICT;
	CREATE INDEX budget_extensions_by_key ON budget_extensions (key, at_ms);
	`,
	`
	CREATE TABLE disabled_agents (
		name TEXT PRIMARY KEY,
		at_ms INTEGER NOT NULL,
		origin TEXT NOT NULL,
		reason TEXT
	) STRICT;
	`,
	`
	CREATE TABLE firings (
		id TEXT PRIMARY KEY,
		trigger_key TEXT NOT NULL,
		workspace TEXT NOT NULL,
		file TEXT NOT NULL,
		trigger_id TEXT NOT NULL,
		kind TEXT NOT NULL,
		at_ms INTEGER NOT NULL,
		data TEXT NOT NULL,
		origin TEXT NOT NULL,
		taint TEXT,
		status TEXT NOT NULL,
		run_id TEXT NOT NULL,
		detail TEXT
	) STRICT;
	CREATE INDEX firings_by_status ON firings (status, at_ms);
	CREATE INDEX firings_by_trigger ON firings (trigger_key, at_ms);
	CREATE TABLE armed_workspaces (
		workspace TEXT PRIMARY KEY,
		at_ms INTEGER NOT NULL
	) STRICT;
	`,
	`
	CREATE TABLE run_endings_seen (
		one INTEGER PRIMARY KEY CHECK (one = 1),
		cursor INTEGER NOT NULL
	) STRICT;
	`,
	`
	CREATE TABLE schedules (
		trigger_key TEXT PRIMARY KEY,
		cron TEXT NOT NULL,
		timezone TEXT NOT NULL,
		next_at_ms INTEGER,
		last_at_ms INTEGER,
		seen_at_ms INTEGER NOT NULL,
		missed INTEGER NOT NULL,
		paused TEXT
	) STRICT;
	`,
	`
	CREATE TABLE webhook_listener (
		id INTEGER PRIMARY KEY CHECK (id = 1),
		host TEXT NOT NULL,
		port INTEGER NOT NULL,
		at_ms INTEGER NOT NULL
	) STRICT;
	CREATE TABLE webhook_paths (
		path TEXT PRIMARY KEY,
		trigger_key TEXT NOT NULL
	) STRICT;
	`,
	`
	CREATE TABLE file_triggers (
		trigger_key TEXT PRIMARY KEY,
		globs TEXT NOT NULL
	) STRICT;
	CREATE TABLE watched_files (
		trigger_key TEXT NOT NULL,
		path TEXT NOT NULL,
		size_bytes INTEGER NOT NULL,
		mtime_ns TEXT NOT NULL,
		ctime_ns TEXT NOT NULL,
		inode TEXT NOT NULL,
		PRIMARY KEY (trigger_key, path)
	) STRICT, WITHOUT ROWID;
	`,
	`
	CREATE TABLE queue_messages (
		position INTEGER PRIMARY KEY,
		queue TEXT NOT NULL,
		id TEXT NOT NULL,
		body TEXT NOT NULL,
		priority INTEGER NOT NULL,
		attempt INTEGER NOT NULL,
		replays INTEGER NOT NULL,
		status TEXT NOT NULL,
		available_at_ms INTEGER NOT NULL,
		published_at_ms INTEGER NOT NULL,
		expires_at_ms INTEGER,
		taken_at_ms INTEGER,
		settled_at_ms INTEGER,
		reason TEXT,
		UNIQUE (queue, id)
	) STRICT;
	CREATE INDEX queue_messages_by_turn ON queue_messages (queue, status, taken_at_ms IS NULL, priority DESC, position);
	CREATE INDEX queue_messages_by_moment ON queue_messages (queue, status, available_at_ms);
	CREATE TABLE queue_claims (
		queue TEXT NOT NULL,
		message TEXT NOT NULL,
		trigger_key TEXT NOT NULL,
		at_ms INTEGER NOT NULL,
		PRIMARY KEY (queue, message)
	) STRICT, WITHOUT ROWID;
	CREATE TABLE paused_queues (
		queue TEXT PRIMARY KEY,
		at_ms INTEGER NOT NULL,
		origin TEXT NOT NULL
	) STRICT;
	`,
	`
	CREATE TABLE preferred_agent (
		one INTEGER PRIMARY KEY CHECK (one = 1),
		name TEXT NOT NULL
	) STRICT;
	`,
	`
	CREATE TABLE deliveries (
		position INTEGER PRIMARY KEY,
		id TEXT NOT NULL UNIQUE,
		run_id TEXT NOT NULL,
		workflow TEXT NOT NULL,
		workspace TEXT NOT NULL,
		step_id TEXT,
		item INTEGER,
		cause TEXT,
		destination TEXT NOT NULL,
		request TEXT,
		status TEXT NOT NULL,
		queued_at_ms INTEGER NOT NULL,
		next_at_ms INTEGER NOT NULL,
		expires_at_ms INTEGER NOT NULL,
		expires_ms INTEGER NOT NULL,
		tries INTEGER NOT NULL,
		tries_max INTEGER NOT NULL,
		replays INTEGER NOT NULL,
		settled_at_ms INTEGER,
		http_status INTEGER,
		failure TEXT
	) STRICT;
	CREATE INDEX deliveries_by_turn ON deliveries (destination, next_at_ms) WHERE status = 'queued';
	CREATE INDEX deliveries_by_status ON deliveries (status, settled_at_ms);
	CREATE INDEX deliveries_by_run ON deliveries (run_id);
	CREATE TABLE notifications_seen (
		one INTEGER PRIMARY KEY CHECK (one = 1),
		cursor INTEGER NOT NULL
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
