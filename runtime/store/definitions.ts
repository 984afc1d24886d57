import type {WorkflowDefinition} from '../../source/workflow/definition.ts';
import type {Database} from './database.ts';

/** Workflows by the hash of their file's bytes: source and compiled form, each stored once, pinned by runs. */
export const createDefinitionsTable = (database: Database) => {
	const insert = database.prepare(
		'INSERT INTO definitions (hash, source, definition, at_ms) VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING',
	);
	const select = database.prepare('SELECT definition FROM definitions WHERE hash = ?');
	const selectSource = database.prepare('SELECT source FROM definitions WHERE hash = ?');
	const cache = new Map<string, WorkflowDefinition>();
	/** Hashes, short and few. */
	const written = new Set<string>();
	const remember = (hash: string, definition: WorkflowDefinition) => {
		cache.delete(hash);
		cache.set(hash, definition);
		if (cache.size > cachedMax) cache.delete(cache.keys().next().value!);
	};

	return {
		/** Known from now on, also before the commit that keeps it. */
		remember,
		/** Call inside a commit. */
		write(hash: string, source: string, definition: WorkflowDefinition, atMs: number): void {
			if (written.has(hash)) return;
			// A commit that fails is the last one, so nobody is misled.
			written.add(hash);
			insert.run(hash, source, JSON.stringify(definition), atMs);
		},
		/** @throws A plain Error where the journal lacks it: a damaged journal. */
		read(hash: string): WorkflowDefinition {
			const known = cache.get(hash);
			if (known) return known;
			const row = select.get(hash) as {definition: string} | undefined;
			if (!row) throw new Error(`The journal has no workflow ${hash}.`);
			const definition = JSON.parse(row.definition) as WorkflowDefinition;
			remember(hash, definition);
			return definition;
		},
		readSource: (hash: string): string | undefined => (selectSource.get(hash) as {source: string} | undefined)?.source,
	};
};

/** Compiled workflows held in memory. */
const cachedMax = 512;

export type DefinitionsTable = ReturnType<typeof createDefinitionsTable>;
