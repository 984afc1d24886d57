import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {WireEvent} from '../../source/run/events.ts';
import {bodiesOf, failureIn, outputsOf} from './bodies.ts';
import {isPostgresMissing, type PostgresServer, startPostgres} from './postgres-server.ts';
import {openSession, type Session, typesOf, until, workflowOf} from './session.ts';

describe.skipIf(isPostgresMissing())('sql steps of PostgreSQL', () => {
	let session: Session;
	let server: PostgresServer;

	beforeAll(async () => {
		session = openSession();
		server = await startPostgres();
		session.environment.DB_PASSWORD = server.password;
		await server.query('CREATE TABLE notes (id serial PRIMARY KEY, text text UNIQUE)');
	}, 120_000);
	afterAll(async () => {
		await session.close();
		await server.close();
	});

	const settingsOf = (sql: string) =>
		`sql:\n  database: "${server.url.replace(server.password, '${{ secrets.DB_PASSWORD }}')}"\n  ${sql.replaceAll('\n', '\n  ')}`;
	const start = (name: string, sql: string, more = '') => {
		const body = `## a\n\`\`\`yaml step\n${more}${settingsOf(sql)}\n\`\`\`\n`;
		return session.start(session.write(`${name}.md`, workflowOf(name, body)));
	};
	const run = async (name: string, sql: string, more = ''): Promise<WireEvent[]> =>
		session.finish(await start(name, sql, more));

	test('parameters by name and by number; a value never becomes SQL', async () => {
		const hostile = "x'); DROP TABLE notes; --";
		const named = await run(
			'named',
			`query: INSERT INTO notes (text) VALUES (:text) RETURNING text, :text::text AS again\nparams: { text: "${hostile}" }`,
		);
		expect(outputsOf(named)).toEqual({rows: [{text: hostile, again: hostile}], rowCount: 1, changes: 1});
		const numbered = await run(
			'numbered',
			`query: SELECT count(*) AS n FROM notes WHERE text = $1\nparams: ["${hostile}"]`,
		);
		expect(outputsOf(numbered)).toMatchObject({rows: [{n: 1}], changes: 0});
		expect(JSON.stringify([...named, ...numbered])).not.toContain(server.password);
		expect(bodiesOf(named, 'attempt.started')[0]?.target).toMatch(/ in 127\.0\.0\.1:\d+\/postgres$/);
	});

	test('values of every type become clear JSON', async () => {
		const query = [
			"SELECT 9007199254740993::bigint AS big, 5::bigint AS small, 1.50::numeric AS exact, 'NaN'::float8 AS nan, true AS yes,",
			"  '2026-01-31 09:00:00+02'::timestamptz AS moment, '2026-01-31 09:00:00'::timestamp AS plain, '2026-01-31'::date AS day,",
			`  '\\x00ff'::bytea AS bytes, '{"a":[1]}'::jsonb AS doc, ARRAY[1,2]::int[] AS ints, ARRAY['a','b'] AS texts, NULL AS nothing`,
		].join('\n    ');
		expect(outputsOf(await run('types', `query: |\n    ${query}`))?.rows).toEqual([
			{
				...{big: '9007199254740993', small: 5, exact: '1.50', nan: 'NaN', yes: true},
				...{moment: '2026-01-31T07:00:00.000Z', plain: '2026-01-31T09:00:00', day: '2026-01-31'},
				...{bytes: {base64: 'AP8='}, doc: {a: [1]}, ints: [1, 2], texts: ['a', 'b'], nothing: null},
			},
		]);
	});

	test('a transaction is done as a whole, or not at all', async () => {
		const good =
			'transaction: true\nquery: |\n  INSERT INTO notes (text) VALUES (:a);\n  INSERT INTO notes (text) VALUES (:b);\nparams: { a: one, b: two }';
		expect(outputsOf(await run('both', good))).toMatchObject({changes: 2});
		const bad = good.replace('a: one, b: two', 'a: three, b: one');
		expect(failureIn(await run('neither', bad))).toMatchObject({
			code: 'sql.failed',
			message: expect.stringContaining('duplicate key value'),
			retryable: false,
		});
		expect((await server.query("SELECT * FROM notes WHERE text = 'three'")).rows).toEqual([]);
	});

	test('more rows than the limit are a failure, told at once', async () => {
		expect(failureIn(await run('rows', 'query: SELECT * FROM generate_series(1, 100000000)'))).toMatchObject({
			code: 'sql.answer-too-large',
			message: 'The query finds more than 10000 rows, the limit of a step.',
		});
	});

	test('a wrong password and a missing database are refusals, and nothing of the URL is told', async () => {
		session.environment.DB_PASSWORD = 'wrong-4712';
		const events = await run('password', 'query: SELECT 1');
		session.environment.DB_PASSWORD = server.password;
		expect(failureIn(events)).toMatchObject({code: 'sql.failed', retryable: false});
		expect(JSON.stringify(events)).not.toContain('wrong-4712');
	});

	test('a timeout ends the query on the server', {timeout: 90_000}, async () => {
		const events = await run('slow', 'query: SELECT pg_sleep(600)', 'timeout: 1s\n');
		expect(failureIn(events)).toMatchObject({code: 'attempt.timed-out'});
		await until(
			'the server to notice',
			async () => {
				const {rows} = await server.query("SELECT 1 FROM pg_stat_activity WHERE application_name = 'aiworkflow'");
				return rows.length === 0;
			},
			60_000,
		);
	});

	test('a server that goes away in the middle: reading is tried again, writing is not', async () => {
		const reading = await start('reading', 'query: SELECT pg_sleep(600)', 'retry: { max: 1, delay: 10ms }\n');
		const writing = await start(
			'writing',
			"query: WITH w AS (SELECT pg_sleep(600)) INSERT INTO notes (text) SELECT 'w' FROM w",
			'retry: { max: 1, delay: 10ms }\n',
		);
		await until('both queries', async () => {
			const {rows} = await server.query(
				"SELECT 1 FROM pg_stat_activity WHERE application_name = 'aiworkflow' AND state = 'active'",
			);
			return rows.length === 2;
		});
		await server.kill();
		const events = await session.finish(reading);
		expect(typesOf(events)).toContain('attempt.failed');
		expect(failureIn(events)).toMatchObject({code: 'sql.unreachable', retryable: true});
		expect(typesOf(await session.finish(writing))).not.toContain('attempt.failed');
		await server.start();
	});
});
