import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {openDatabase} from '../../runtime/store/database.ts';
import {createEventReader} from '../../runtime/store/events.ts';
import {createRetention} from '../../runtime/store/retention.ts';
import {createRunsTable} from '../../runtime/store/runs.ts';
import {statisticsOf} from '../../runtime/store/statistics.ts';
import {packageFolder} from '../../source/install.ts';
import type {JournalEvent} from '../../source/run/events.ts';
import {reduce} from '../../source/run/reduce.ts';
import type {RunState} from '../../source/run/state.ts';
import {openApprovalsOf, type RunView, runViewOf} from '../../source/run/views.ts';
import {openEngine} from '../bench/engine-under-test.ts';

const corpus = path.join(packageFolder, 'test/replay-corpus');
const versions = readdirSync(corpus).filter(name => /^\d/.test(name));

/** Makes the journal again as that version wrote it: its schema, its rows. */
const restore = (version: string, file: string) => {
	const database = new DatabaseSync(file);
	for (const line of readFileSync(path.join(corpus, version, 'journal.ndjson'), 'utf8')
		.trim()
		.split('\n')) {
		const {sql, table, row, user_version: schema} = JSON.parse(line);
		if (schema !== undefined) database.exec(`PRAGMA user_version = ${schema}`);
		else if (sql) database.exec(sql);
		else {
			const names = Object.keys(row);
			const places = names.map(() => '?').join(', ');
			database
				.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${places})`)
				.run(...(Object.values(row) as string[]));
		}
	}

	database.close();
};

test('there is a recorded journal to replay', () => {
	expect(versions).toContain('0.1.0');
});

describe.each(versions)('the journal of %s', version => {
	let folder: string;
	const views = JSON.parse(readFileSync(path.join(corpus, version, 'views.json'), 'utf8')) as RunView[];
	beforeAll(() => {
		folder = mkdtempSync(path.join(tmpdir(), 'aiworkflow-corpus-'));
		restore(version, path.join(folder, 'journal.db'));
	});
	afterAll(() => rmSync(folder, {recursive: true, force: true}));

	const foldOf = (events: readonly JournalEvent[]) => events.reduce<RunState | undefined>(reduce, undefined)!;

	test('is opened, and every run is what it was', () => {
		const database = openDatabase(path.join(folder, 'journal.db'));
		const events = createEventReader(database);
		for (const view of views) expect(runViewOf(foldOf(events.ofRun(view.id)))).toMatchObject(view);
		expect(
			createRunsTable(database)
				.list({limit: 100})
				.map(({view}) => view.id),
		).toEqual(views.map(({id}) => id));
		const {total} = statisticsOf(database, {});
		expect(total.runs).toBe(views.filter(({endedAt}) => endedAt !== null).length);
		expect(total.p95Ms).toBeGreaterThan(0);
		database.close();
	});

	test('its runs may be put together, and are read as before', () => {
		const database = openDatabase(path.join(folder, 'journal.db'));
		const {runs} = createRetention(database).compact(Number.MAX_SAFE_INTEGER, 100);
		expect(runs).toBe(views.filter(({endedAt}) => endedAt !== null).length);
		const events = createEventReader(database);
		for (const view of views) expect(runViewOf(foldOf(events.ofRun(view.id)))).toMatchObject(view);
		database.close();
	});

	test('its open runs go on', async () => {
		const {engine, close} = openEngine(folder);
		engine.recover();
		const waiting = views.filter(({status}) => status === 'waiting');
		expect(waiting.length).toBeGreaterThan(0);
		for (const {id} of waiting) {
			const [approval] = openApprovalsOf(engine.find(id)!);
			const origin = {by: 'tester', via: 'api'};
			if (approval) expect(await engine.answerApproval(id, approval.id, {isApproved: true, origin})).toBe(true);
			else expect(await engine.cancelRun(id, origin, 'enough')).toBe(true);
			await expect.poll(() => engine.find(id)?.phase).toMatch(/completed|cancelled/);
		}

		close();
	});
});
