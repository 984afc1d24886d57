import type {Origin} from '../../source/run/events.ts';
import type {DisabledAgent} from '../engine/parts.ts';
import type {Database} from './database.ts';

export interface AgentSwitchesTable {
	/** By name. */
	all(): DisabledAgent[];
	/** Call inside a commit. */
	write(agent: DisabledAgent): void;
	/** Call inside a commit. */
	remove(name: string): void;
	/** The one that a person prefers. */
	preferred(): string | undefined;
	/** Call inside a commit. @param name `undefined`: none any more. */
	prefer(name: string | undefined): void;
}

/** The agents that a person disabled, until somebody enables them again. */
export const createAgentSwitchesTable = (database: Database): AgentSwitchesTable => {
	const select = database.prepare('SELECT name, at_ms AS atMs, origin, reason FROM disabled_agents ORDER BY name');
	const upsert = database.prepare(
		`INSERT INTO disabled_agents (name, at_ms, origin, reason) VALUES (?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET at_ms = excluded.at_ms, origin = excluded.origin, reason = excluded.reason`,
	);
	const drop = database.prepare('DELETE FROM disabled_agents WHERE name = ?');
	const selectPreferred = database.prepare('SELECT name FROM preferred_agent');
	const upsertPreferred = database.prepare(
		'INSERT INTO preferred_agent (one, name) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET name = excluded.name',
	);
	const dropPreferred = database.prepare('DELETE FROM preferred_agent');
	return {
		preferred: () => (selectPreferred.get() as {name: string} | undefined)?.name,
		prefer(name) {
			if (name === undefined) dropPreferred.run();
			else upsertPreferred.run(name);
		},
		all: () =>
			(select.all() as {name: string; atMs: number; origin: string; reason: string | null}[]).map(row => ({
				...row,
				origin: JSON.parse(row.origin) as Origin,
			})),
		write({name, atMs, origin, reason}) {
			upsert.run(name, atMs, JSON.stringify(origin), reason);
		},
		remove(name) {
			drop.run(name);
		},
	};
};
