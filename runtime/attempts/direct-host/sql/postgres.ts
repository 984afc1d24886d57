import pg from 'pg';
import {AiworkflowError} from '../../../../source/errors.ts';
import {limits} from '../../../../source/limits.ts';
import type {SqlWork} from '../../../../source/workflow/direct-work.ts';
import {sqlParametersOf} from '../../../../source/workflow/sql-statements.ts';
import type {SqlResult} from '../sql.ts';
import {bytesOf, bytesValue, integerValue, isReading, plannedStatements, sqlFailed, tooManyRows} from './plan.ts';

/** A query of a server, over a connection of its own. */
export const queryPostgres = async (work: SqlWork): Promise<SqlResult> => {
	const {statements, isTransaction} = plannedStatements(work, 'postgres');
	const client = await connected(work.database);
	// Until it commits, a transaction that breaks off did nothing.
	let isUndone = isTransaction || statements.every(isReading);
	try {
		if (isTransaction) await client.query('BEGIN');
		let rows: SqlResult['rows'] = [];
		let changes = 0;
		for (const statement of statements) {
			const result = await queried(client, statement, work.params);
			rows = result.rows;
			changes += result.changes;
		}

		if (isTransaction) {
			isUndone = statements.every(isReading);
			await client.query('COMMIT');
		}

		return {rows, changes};
	} catch (error) {
		throw failedWith(error, isUndone);
	} finally {
		// A transaction that was not committed is undone.
		void client.end().catch(() => {});
	}
};

const connected = async (url: string): Promise<pg.Client> => {
	const client = clientOf(url);
	// Told to whoever waits for the query as well.
	client.on('error', () => {});
	try {
		await client.connect();
	} catch (error) {
		throw unreachable(error, true);
	}

	// A query whose step was ended must not go on for hours. Servers before 14 do not know how.
	await client.query(`SET client_connection_check_interval = ${limits.sqlWatchMs}`).catch(() => {});
	return client;
};

const clientOf = (url: string): pg.Client => {
	try {
		return new pg.Client({
			connectionString: url,
			connectionTimeoutMillis: limits.sqlConnectMs,
			application_name: 'aiworkflow',
			types: {getTypeParser: parserOf as never},
		});
	} catch {
		// What it says may repeat the URL, and its password with it.
		throw sqlFailed('The URL under `database:` cannot be read', 'Write `postgres://user:password@host:5432/name`.');
	}
};

const queried = async (client: pg.Client, statement: string, params: SqlWork['params']): Promise<SqlResult> => {
	const {text, values} = boundTo(statement, params);
	// Several statements in one are refused by the server as well.
	const query = new pg.Query({text, values, queryMode: 'extended'} as pg.QueryConfig);
	const rows: Record<string, unknown>[] = [];
	const {promise, resolve, reject} = Promise.withResolvers<pg.QueryResult>();
	query.on('row', row => {
		if (rows.length < limits.sqlRowsMax) rows.push(row as Record<string, unknown>);
		else reject(tooManyRows());
	});
	query.on('end', resolve);
	query.on('error', reject);
	client.query(query);
	client.once('end', () => reject(new Error('the server closed the connection')));
	const {command, rowCount} = await promise;
	return {rows, changes: isReading(command ?? '') ? 0 : (rowCount ?? 0)};
};

/** `:name` becomes `$1`: the server only knows numbers. */
const boundTo = (statement: string, params: SqlWork['params']): {text: string; values: unknown[]} => {
	if (Array.isArray(params)) return {text: statement, values: params.map(value => inputOf(value))};
	const given = params as Readonly<Record<string, unknown>>;
	const names: string[] = [];
	let text = '';
	let at = 0;
	for (const {name, start, end} of sqlParametersOf(statement, 'postgres')) {
		if (!Object.hasOwn(given, name)) {
			throw sqlFailed(`The query has a parameter \`${name}\`, and \`params\` has no value for it`, `Add \`${name}\`.`);
		}

		if (!names.includes(name)) names.push(name);
		text += `${statement.slice(at, start)}$${names.indexOf(name) + 1}`;
		at = end;
	}

	return {text: text + statement.slice(at), values: names.map(name => inputOf(given[name]))};
};

const inputOf = (value: unknown): unknown => bytesOf(value) ?? value ?? null;

/** How values become JSON; what is not here is the text that the server sends. */
const parserOf = (oid: number): ((text: string) => unknown) => parsers.get(oid) ?? (text => text);

const numberOf = (text: string) => (Number.isFinite(Number(text)) ? Number(text) : text);
const jsonOf = (text: string): unknown => JSON.parse(text);
/** Its types say it were a function. */
const lists = pg.types.arrayParser as unknown as {
	create(source: string, item: (text: string) => unknown): {parse(): unknown[]};
};
const listOf = (item: (text: string) => unknown) => (text: string) => lists.create(text, item).parse();

const parsers: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
	[16, text => text === 't'],
	[17, text => bytesValue(Buffer.from(text.slice(2), 'hex'))],
	[20, text => integerValue(BigInt(text))],
	[21, Number],
	[23, Number],
	[26, Number],
	[114, jsonOf],
	[3802, jsonOf],
	[700, numberOf],
	[701, numberOf],
	// A moment in UTC; one without a zone stays without.
	[1184, text => momentOf(text)],
	[1114, text => text.replace(' ', 'T')],
	[1000, listOf(text => text === 't')],
	[1005, listOf(Number)],
	[1007, listOf(Number)],
	[1016, listOf(text => integerValue(BigInt(text)))],
	[1009, listOf(text => text)],
	[1015, listOf(text => text)],
	[1021, listOf(numberOf)],
	[1022, listOf(numberOf)],
]);

/** `infinity` and what JavaScript cannot read stay as they are. */
const momentOf = (text: string): string => {
	const date = new Date(text.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00'));
	return Number.isNaN(date.getTime()) ? text : date.toISOString();
};

interface PostgresError {
	/** SQLSTATE, or a code of the system. */
	readonly code?: string;
	readonly message: string;
	readonly detail?: string;
	readonly hint?: string;
}

/** Another one was faster; nothing of this one was done. */
const conflicts: ReadonlySet<string> = new Set(['40001', '40P01', '55P03']);

const failedWith = (error: unknown, isRepeatable: boolean): Error => {
	if (error instanceof AiworkflowError) return error;
	const {code = '', message, detail, hint} = error as PostgresError;
	const isConnection = !/^[0-9A-Z]{5}$/.test(code) || code.startsWith('08') || code.startsWith('57P');
	if (isConnection) return unreachable(error, isRepeatable);
	return sqlFailed(
		`The database refuses the query: ${[message, detail].filter(Boolean).join(' ')} (${code})`,
		hint ?? (conflicts.has(code) ? 'Try it again, or add `retry:`.' : 'Mend the query or its parameters.'),
		conflicts.has(code),
		error,
	);
};

const unreachable = (error: unknown, isRepeatable: boolean): AiworkflowError => {
	const {code = '', message} = ((error as {readonly errors?: readonly unknown[]}).errors?.[0] ??
		error) as PostgresError;
	// Refused for who asks or for what: it will be the same again.
	const isRefused = code.startsWith('28') || code.startsWith('3D');
	return new AiworkflowError({
		code: isRefused ? 'sql.failed' : 'sql.unreachable',
		message: `The database ${isRefused ? 'refuses the connection' : 'cannot be reached'}: ${(message || code).replace(/\.$/, '')}.`,
		suggestion: isRefused
			? 'Check user, password and name of the database in `database:`.'
			: 'Check that the server runs, and the address in `database:`.',
		retryable: !isRefused && isRepeatable,
		cause: error,
	});
};
