import type {Origin} from '../../source/run/events.ts';
import type {Database} from './database.ts';

/** What is kept of a schedule over restarts. */
export interface ScheduleState {
	/** As it was when its next moment was computed. */
	readonly cron: string;
	readonly timezone: string;
	/** Unix milliseconds; null: it fires no more, is paused, or is not armed. */
	readonly nextAtMs: number | null;
	/** The latest of its moments that came, whatever became of it. */
	readonly lastAtMs: number | null;
	/** What the clock showed when this was written. */
	readonly seenAtMs: number;
	/** Moments that got no run because nobody was there to fire them. */
	readonly missed: number;
	readonly paused: Pause | null;
}

export interface Pause {
	readonly atMs: number;
	readonly origin: Origin;
	readonly reason: string | null;
}

export const createSchedulesTable = (database: Database) => {
	const upsert = database.prepare(
		`INSERT INTO schedules (trigger_key, cron, timezone, next_at_ms, last_at_ms, seen_at_ms, missed, paused)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (trigger_key) DO UPDATE SET cron = excluded.cron, timezone = excluded.timezone,
			next_at_ms = excluded.next_at_ms, last_at_ms = excluded.last_at_ms, seen_at_ms = excluded.seen_at_ms,
			missed = excluded.missed, paused = excluded.paused`,
	);
	const select = database.prepare(
		`SELECT cron, timezone, next_at_ms AS nextAtMs, last_at_ms AS lastAtMs, seen_at_ms AS seenAtMs, missed, paused
		FROM schedules WHERE trigger_key = ?`,
	);
	const selectKeys = database.prepare('SELECT trigger_key AS key FROM schedules WHERE next_at_ms IS NOT NULL');
	return {
		/** Call inside a commit. */
		write(triggerKey: string, state: ScheduleState): void {
			const {cron, timezone, nextAtMs, lastAtMs, seenAtMs, missed, paused} = state;
			upsert.run(triggerKey, cron, timezone, nextAtMs, lastAtMs, seenAtMs, missed, paused && JSON.stringify(paused));
		},
		read(triggerKey: string): ScheduleState | undefined {
			const row = select.get(triggerKey) as (Omit<ScheduleState, 'paused'> & {paused: string | null}) | undefined;
			return row && {...row, paused: row.paused === null ? null : (JSON.parse(row.paused) as Pause)};
		},
		/** Those that have a next moment. */
		waitingKeys: (): string[] => (selectKeys.all() as {key: string}[]).map(({key}) => key),
	};
};

export type SchedulesTable = ReturnType<typeof createSchedulesTable>;
