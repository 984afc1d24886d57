import type {CachedResult, Clock, ResultCache} from '../engine/parts.ts';
import type {Journal} from '../store/journal.ts';
import type {StepCacheTable} from '../store/step-cache.ts';
import {filesDigestOf} from './files-digest.ts';

/** Results of steps with `cache:`; kept in the same commit as the ending of the step that found them. */
export const createResultCache = (journal: Journal, table: StepCacheTable, clock: Clock): ResultCache => ({
	filesDigest: filesDigestOf,
	read(key, maxAgeMs) {
		const row = table.read(key, maxAgeMs === undefined ? 0 : clock.now() - maxAgeMs);
		if (!row) return undefined;
		return {...(JSON.parse(row.body) as Omit<CachedResult, 'at'>), at: new Date(row.atMs).toISOString()};
	},
	write(key, result) {
		const atMs = clock.now();
		const body = JSON.stringify(result);
		journal.project(() => table.write(key, atMs, body));
	},
});
