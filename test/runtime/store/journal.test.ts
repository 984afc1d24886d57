import {chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {openDatabase} from '../../../runtime/store/database.ts';
import {createEventReader} from '../../../runtime/store/events.ts';
import {createJournal} from '../../../runtime/store/journal.ts';
import {takeWriterLock} from '../../../runtime/store/writer-lock.ts';
import {AiworkflowError} from '../../../source/errors.ts';
import type {JournalEvent, NewEvent} from '../../../source/run/events.ts';

let folder: string;
let file: string;

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'aiworkflow-store-'));
	file = path.join(folder, 'journal.db');
});

afterEach(() => {
	chmodSync(folder, 0o700);
	rmSync(folder, {recursive: true, force: true});
});

const event = (reason: string): NewEvent => ({type: 'daemon.stopped', body: {pid: 1, reason}});

test('events of one turn share a commit, in order, and are published after it', async () => {
	const database = openDatabase(file);
	const commits: JournalEvent[][] = [];
	const journal = createJournal(database, {file, onCommit: events => void commits.push([...events])});
	journal.append(null, 0, event('a'), 1);
	journal.append(null, 0, event('b'), 2);
	expect(journal.cursor).toBe(0);
	await journal.durable();
	journal.append(null, 0, event('c'), 3);
	await journal.durable();
	expect(commits.map(each => each.map(({cursor}) => cursor))).toEqual([[1, 2], [3]]);
	expect(journal.cursor).toBe(3);
	database.close();
});

test('an effect waits for the commit of what announced it', async () => {
	const database = openDatabase(file);
	const journal = createJournal(database, {file});
	const order: string[] = [];
	journal.append(null, 0, event('a'), 1);
	journal.project(() => order.push('projection'));
	journal.afterCommit(() => order.push('effect'));
	order.push('appended');
	await journal.durable();
	expect(order).toEqual(['appended', 'projection', 'effect']);
	database.close();
});

test('a reopened journal goes on counting and reads back what was written', async () => {
	const first = openDatabase(file);
	const journal = createJournal(first, {file});
	journal.append(null, 0, event('a'), 7);
	await journal.durable();
	first.close();
	const second = openDatabase(file);
	const again = createJournal(second, {file});
	expect(again.cursor).toBe(1);
	expect(again.append(null, 0, event('b'), 8).cursor).toBe(2);
	expect(createEventReader(second).after(0, 10)).toEqual([
		{cursor: 1, runId: null, seq: 0, type: 'daemon.stopped', atMs: 7, body: {pid: 1, reason: 'a'}},
	]);
	second.close();
});

test('a failed commit stops the journal for good: nothing half-written, no effect, callers are told', async () => {
	const database = openDatabase(file);
	const failures: AiworkflowError[] = [];
	const journal = createJournal(database, {file, onFailure: failure => failures.push(failure)});
	journal.append(null, 0, event('kept'), 1);
	await journal.durable();
	const effects: string[] = [];
	journal.append(null, 0, event('lost'), 2);
	journal.project(() => {
		throw Object.assign(new Error('database or disk is full'), {errcode: 13});
	});
	journal.afterCommit(() => effects.push('must not happen'));
	await expect(journal.durable()).rejects.toMatchObject({code: 'journal.unwritable'});
	expect(effects).toEqual([]);
	expect(failures[0]?.message).toContain('disk is full');
	expect(() => journal.append(null, 0, event('later'), 3)).toThrow(AiworkflowError);
	expect(createEventReader(database).after(0, 10)).toHaveLength(1);
	database.close();
});

test('a really full database file refuses and keeps what it had', async () => {
	const database = openDatabase(file);
	const journal = createJournal(database, {file});
	journal.append(null, 0, event('kept'), 1);
	await journal.durable();
	database.exec(
		`PRAGMA max_page_count = ${(database.prepare('PRAGMA page_count').get() as {page_count: number}).page_count}`,
	);
	for (let index = 0; index < 50; index++) journal.append(null, 0, event('x'.repeat(10_000)), 2);
	await expect(journal.durable()).rejects.toMatchObject({
		code: 'journal.unwritable',
		suggestion: expect.stringContaining('space'),
	});
	database.close();
	const again = openDatabase(file);
	expect(createEventReader(again).after(0, 100)).toHaveLength(1);
	again.close();
});

test('journal and folder are private', () => {
	chmodSync(folder, 0o755);
	openDatabase(file).close();
	expect(statSync(folder).mode & 0o777).toBe(0o700);
	expect(statSync(file).mode & 0o777).toBe(0o600);
});

test.each([
	['garbage in place of the file', (bytes: Buffer) => Buffer.alloc(bytes.length, 0x5a)],
	[
		'a garbled page in the middle',
		(bytes: Buffer) => Buffer.concat([bytes.subarray(0, 8192), Buffer.alloc(4096, 0x5a), bytes.subarray(12_288)]),
	],
	['a torn file', (bytes: Buffer) => bytes.subarray(0, bytes.length - 6000)],
])('%s: refused with the way out, and left untouched', async (_, damage) => {
	const database = openDatabase(file);
	const journal = createJournal(database, {file});
	for (let index = 0; index < 40; index++) journal.append(null, 0, event('x'.repeat(1000)), index);
	await journal.durable();
	database.close();
	const damaged = damage(readFileSync(file));
	writeFileSync(file, damaged);
	expect(() => openDatabase(file)).toThrow(
		expect.objectContaining({code: 'journal.corrupted', suggestion: expect.stringContaining('backup')}),
	);
	expect(readFileSync(file).equals(damaged)).toBe(true);
});

test('a journal of a newer version is refused by name', () => {
	const database = openDatabase(file);
	database.exec('PRAGMA user_version = 999');
	database.close();
	expect(() => openDatabase(file)).toThrow(/schema 999/);
});

test('a second writer is refused and told who has it', () => {
	const release = takeWriterLock(folder);
	// POSIX locks do not exclude their own process: the second one has to be another.
	release();
	expect(readFileSync(path.join(folder, 'daemon.pid'), 'utf8')).toBe(`${process.pid}\n`);
});
