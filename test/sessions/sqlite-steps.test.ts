import {existsSync} from 'node:fs';
import path from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {WireEvent} from '../../source/run/events.ts';
import {bodiesOf, failureIn, outputsOf} from './bodies.ts';
import {openSession, type Session, typesOf, workflowOf} from './session.ts';

let session: Session;
let database: DatabaseSync;
beforeAll(() => {
	session = openSession();
	database = new DatabaseSync(path.join(session.workspace, 'shop.db'));
	database.exec(
		"CREATE TABLE orders (id INTEGER PRIMARY KEY, tag TEXT, total REAL); INSERT INTO orders VALUES (1, 'a', 1.5), (2, 'b', 2)",
	);
});
afterAll(async () => {
	database.close();
	await session.close();
});

const run = async (name: string, sql: string, more = ''): Promise<WireEvent[]> => {
	const settings = `${more}sql:\n  database: shop.db\n  ${sql.replaceAll('\n', '\n  ')}`;
	const file = session.write(`${name}.md`, workflowOf(name, `## a\n\`\`\`yaml step\n${settings}\n\`\`\`\n`));
	return session.finish(await session.start(file));
};

test('rows, by name and by place; the text has one on each line', async () => {
	const events = await run(
		'named',
		'query: SELECT id, tag FROM orders WHERE tag <> :tag ORDER BY id\nparams: { tag: zzz }',
	);
	expect(outputsOf(events)).toEqual({
		rows: [
			{id: 1, tag: 'a'},
			{id: 2, tag: 'b'},
		],
		rowCount: 2,
		changes: 0,
	});
	expect(bodiesOf(events, 'step.completed')[0]?.text?.preview).toBe('{"id":1,"tag":"a"}\n{"id":2,"tag":"b"}\n');
	const listed = await run('listed', 'query: SELECT total FROM orders WHERE id = ? AND tag = ?\nparams: [2, b]');
	expect(outputsOf(listed)).toMatchObject({rows: [{total: 2}]});
});

test('a value never becomes SQL', async () => {
	const hostile = "x'; DROP TABLE orders; --";
	await run('hostile', `query: INSERT INTO orders (tag) VALUES (:tag)\nparams: { tag: "${hostile}" }`);
	expect(database.prepare('SELECT count(*) AS n FROM orders WHERE tag = ?').get(hostile)).toEqual({n: 1});
});

test('every value has a clear form in JSON', async () => {
	const query = `query: "SELECT 9007199254740993 AS big, x'00ff' AS bytes, NULL AS none, 9e999 AS endless, :yes AS yes, :doc AS doc, :raw AS raw, :half AS half"`;
	const params = 'params: { yes: true, doc: { a: [1] }, raw: { base64: AP8= }, half: 0.5 }';
	expect(outputsOf(await run('types', `${query}\n${params}`))?.rows).toEqual([
		{
			...{big: '9007199254740993', bytes: {base64: 'AP8='}, none: null, endless: 'Infinity'},
			...{yes: 1, doc: '{"a":[1]}', raw: {base64: 'AP8='}, half: 0.5},
		},
	]);
});

test('a transaction is done as a whole, or not at all', async () => {
	const statements =
		'transaction: true\nquery: |\n  INSERT INTO orders (id, tag) VALUES (:first, :tag);\n  INSERT INTO orders (id, tag) VALUES (:second, :tag);';
	expect(outputsOf(await run('both', `${statements}\nparams: { first: 10, second: 11, tag: t }`))).toMatchObject({
		changes: 2,
	});
	const failed = await run('neither', `${statements}\nparams: { first: 12, second: 10, tag: t }`);
	expect(failureIn(failed)).toMatchObject({
		code: 'sql.failed',
		message: expect.stringContaining('UNIQUE constraint failed'),
	});
	expect(database.prepare('SELECT count(*) AS n FROM orders WHERE id = 12').get()).toEqual({n: 0});
});

test('a failed run brings the file back that a step changed', async () => {
	const before = database.prepare('SELECT count(*) AS n FROM orders').get();
	const settings = 'undo: { files: [other.db] }\nsql: { database: other.db, query: "CREATE TABLE t (a)" }';
	const file = session.write(
		'undone.md',
		workflowOf('undone', `## a\n\`\`\`yaml step\n${settings}\n\`\`\`\n## b\n\`\`\`sh run\nfalse\n\`\`\`\n`),
	);
	const events = await session.finish(await session.start(file));
	expect(typesOf(events)).toContain('undo.completed');
	expect(existsSync(path.join(session.workspace, 'other.db'))).toBe(false);
	expect(database.prepare('SELECT count(*) AS n FROM orders').get()).toEqual(before);
});

test('too many rows and a query that never ends are ended', async () => {
	const endless = 'query: "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c';
	expect(failureIn(await run('rows', `${endless}"`))).toMatchObject({code: 'sql.answer-too-large'});
	expect(failureIn(await run('endless', `${endless} WHERE n < 0"`, 'timeout: 1s\n'))).toMatchObject({
		code: 'attempt.timed-out',
	});
});

test('what the database refuses says why', async () => {
	expect(failureIn(await run('missing', 'query: SELECT * FROM nowhere'))).toMatchObject({
		code: 'sql.failed',
		message: 'The database refuses the query: no such table: nowhere.',
		retryable: false,
	});
});

test('a file that somebody else holds is tried again where the step says so', {timeout: 60_000}, async () => {
	const locked = new DatabaseSync(path.join(session.workspace, 'shop.db'));
	locked.exec('BEGIN EXCLUSIVE');
	try {
		expect(failureIn(await run('locked', 'query: UPDATE orders SET total = 1'))).toMatchObject({
			code: 'sql.failed',
			retryable: true,
			message: expect.stringContaining('Somebody else holds the database'),
		});
	} finally {
		locked.close();
	}
});
