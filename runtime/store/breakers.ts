import type {Database} from './database.ts';

export type BreakerKind = 'agent' | 'tool';

/** As it is kept: `half-open` is not, for whoever tried then may be gone. */
export interface BreakerRow {
	readonly state: 'closed' | 'open';
	/** In a row. */
	readonly failures: number;
	readonly untilMs: number | null;
}

export interface BreakersTable {
	read(kind: BreakerKind, name: string): BreakerRow | undefined;
	/** Names of those that are open, by name. */
	open(kind: BreakerKind): string[];
	/** Call inside a commit. */
	write(kind: BreakerKind, name: string, row: BreakerRow, atMs: number): void;
}

/** Which agents and tools are given no attempts for a while. */
export const createBreakersTable = (database: Database): BreakersTable => {
	const select = database.prepare(
		'SELECT state, failures, until_ms AS untilMs FROM breakers WHERE kind = ? AND name = ?',
	);
	const selectOpen = database.prepare("SELECT name FROM breakers WHERE kind = ? AND state = 'open' ORDER BY name");
	const upsert = database.prepare(
		`INSERT INTO breakers (kind, name, state, failures, until_ms, at_ms) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (kind, name) DO UPDATE SET
			state = excluded.state, failures = excluded.failures, until_ms = excluded.until_ms, at_ms = excluded.at_ms`,
	);
	return {
		read: (kind, name) => select.get(kind, name) as BreakerRow | undefined,
		open: kind => (selectOpen.all(kind) as {name: string}[]).map(({name}) => name),
		write(kind, name, {state, failures, untilMs}, atMs) {
			upsert.run(kind, name, state, failures, untilMs, atMs);
		},
	};
};
