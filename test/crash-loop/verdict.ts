import {readFileSync} from 'node:fs';
import path from 'node:path';
import {openDatabase} from '../../runtime/store/database.ts';
import {createEventReader} from '../../runtime/store/events.ts';
import {createRunsTable} from '../../runtime/store/runs.ts';
import {reduce} from '../../source/run/reduce.ts';
import type {RunState} from '../../source/run/state.ts';
import {checkJournal, checkRun} from '../simulation/invariants.ts';
import {scriptsPerRun} from './workflow.ts';

export interface Verdict {
	readonly acknowledgedRuns: number;
	readonly journalledRuns: number;
	readonly events: number;
	readonly scripts: number;
	/** Attempts that were announced and never begun: another one followed. */
	readonly neverClaimed: number;
	readonly violations: readonly string[];
}

/** Reads the journal and what the scripts wrote themselves, and compares them. */
export const verdictOf = (stateFolder: string, log: string, acknowledged: ReadonlySet<string>): Verdict => {
	const database = openDatabase(path.join(stateFolder, 'journal.db'));
	const reader = createEventReader(database);
	const violations: string[] = [];
	let [events, neverClaimed] = [0, 0];
	const ids = createRunsTable(database)
		.list({limit: 1_000_000})
		.map(({view}) => view.id);
	for (const id of acknowledged) if (!ids.includes(id)) violations.push(`run ${id} was acknowledged and is lost`);
	for (const id of ids) {
		const all = reader.ofRun(id);
		events += all.length;
		const run = all.reduce<RunState | undefined>(reduce, undefined)!;
		if (run.phase !== 'completed') violations.push(`run ${id} is ${run.phase}: ${run.failure?.message}`);
		try {
			checkJournal(all);
			checkRun(run, reader && definitionOf(database, run.workflow.hash));
		} catch (error) {
			violations.push(`run ${id}: ${(error as Error).message}`);
		}

		for (const event of all) {
			if (event.type !== 'attempt.interrupted') continue;
			if (event.body.reason === 'never-claimed') neverClaimed++;
			else violations.push(`run ${id}: an attempt of ${event.body.stepId} vanished`);
		}
	}

	const lines = readFileSync(log, 'utf8').split('\n').filter(Boolean);
	violations.push(...violationsOfLog(lines, ids.length));
	database.close();
	return {
		acknowledgedRuns: acknowledged.size,
		journalledRuns: ids.length,
		events,
		scripts: lines.filter(line => line.startsWith('begin')).length,
		neverClaimed,
		violations,
	};
};

const definitionOf = (database: ReturnType<typeof openDatabase>, hash: string) =>
	JSON.parse(
		(database.prepare('SELECT definition FROM definitions WHERE hash = ?').get(hash) as {definition: string})
			.definition,
	);

/** Each script of each run began once and ended once, and no two of one step ran at once. */
const violationsOfLog = (lines: readonly string[], runs: number): string[] => {
	const counts = new Map<string, number>();
	const violations = lines.filter(line => line.startsWith('twice')).map(line => `two at once: ${line}`);
	for (const line of lines) {
		const [what, key] = line.split(' ') as [string, string];
		counts.set(`${what} ${key}`, (counts.get(`${what} ${key}`) ?? 0) + 1);
	}

	for (const [key, count] of counts) if (count !== 1) violations.push(`${key}: ${count} times`);
	const begun = [...counts.keys()].filter(key => key.startsWith('begin')).length;
	if (begun !== runs * scriptsPerRun) violations.push(`${begun} scripts began; ${runs * scriptsPerRun} were to`);
	return violations;
};
