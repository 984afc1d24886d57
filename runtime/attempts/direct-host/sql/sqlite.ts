import {DatabaseSync, type SQLInputValue, type StatementSync} from 'node:sqlite';
import {limits} from '../../../../source/limits.ts';
import type {SqlWork} from '../../../../source/workflow/direct-work.ts';
import {sqlParametersOf} from '../../../../source/workflow/sql-statements.ts';
import type {SqlResult} from '../sql.ts';
import {bytesOf, bytesValue, integerValue, plannedStatements, sqlFailed, tooManyRows} from './plan.ts';

/** A query of a file. One that is not there is made, as SQLite does. */
export const querySqlite = async (work: SqlWork): Promise<SqlResult> => {
	const {statements, isTransaction} = plannedStatements(work, 'sqlite');
	const database = opened(work.database);
	try {
		if (isTransaction) database.exec('BEGIN IMMEDIATE');
		const changesBefore = totalChangesOf(database);
		let rows: SqlResult['rows'] = [];
		for (const statement of statements) rows = rowsOf(database, statement, work.params);
		if (isTransaction) database.exec('COMMIT');
		return {rows, changes: totalChangesOf(database) - changesBefore};
	} catch (error) {
		throw failedWith(error);
	} finally {
		// A transaction that was not committed is undone.
		database.close();
	}
};

const opened = (file: string): DatabaseSync => {
	try {
		return new DatabaseSync(file, {timeout: limits.sqlBusyMs, allowExtension: false});
	} catch (error) {
		throw sqlFailed(
			`The database ${file} cannot be opened: ${(error as Error).message}`,
			'Check `database:`; a path is relative to the working folder of the step.',
			false,
			error,
		);
	}
};

const totalChangesOf = (database: DatabaseSync): number =>
	Number((database.prepare('SELECT total_changes() AS n').get() as {readonly n: number}).n);

const rowsOf = (database: DatabaseSync, statement: string, params: SqlWork['params']): SqlResult['rows'] => {
	const prepared = database.prepare(statement);
	prepared.setReadBigInts(true);
	const rows: Record<string, unknown>[] = [];
	for (const row of iterated(prepared, statement, params)) {
		if (rows.length === limits.sqlRowsMax) throw tooManyRows();
		rows.push(Object.fromEntries(Object.entries(row).map(([name, value]) => [name, jsonValueOf(value)])));
	}

	return rows;
};

const iterated = (prepared: StatementSync, statement: string, params: SqlWork['params']) => {
	const values = Array.isArray(params)
		? params.map(value => inputOf(value))
		: namedFor(statement, params as Readonly<Record<string, unknown>>);
	return (Array.isArray(values) ? prepared.iterate(...values) : prepared.iterate(values)) as Iterable<
		Record<string, unknown>
	>;
};

/** Those that the statement has, by name: of several statements each may have others. */
const namedFor = (statement: string, params: Readonly<Record<string, unknown>>): Record<string, SQLInputValue> => {
	const named: Record<string, SQLInputValue> = {};
	for (const {name} of sqlParametersOf(statement, 'sqlite')) {
		if (!Object.hasOwn(params, name)) {
			throw sqlFailed(`The query has a parameter \`${name}\`, and \`params\` has no value for it`, `Add \`${name}\`.`);
		}

		named[name] = inputOf(params[name]);
	}

	return named;
};

const inputOf = (value: unknown): SQLInputValue => {
	if (value === undefined || value === null) return null;
	if (typeof value === 'boolean') return value ? 1 : 0;
	if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
	if (typeof value === 'string') return value;
	return bytesOf(value) ?? JSON.stringify(value);
};

const jsonValueOf = (value: unknown): unknown => {
	if (typeof value === 'bigint') return integerValue(value);
	if (value instanceof Uint8Array) return bytesValue(value);
	return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
};

const failedWith = (error: unknown): Error => {
	const {code, errcode, message} = error as {
		readonly code?: string;
		readonly errcode?: number;
		readonly message: string;
	};
	if (code !== 'ERR_SQLITE_ERROR' && !(error instanceof TypeError) && !(error instanceof RangeError))
		return error as Error;
	// The low byte is the kind of error: busy, locked.
	const isBusy = errcode !== undefined && [5, 6].includes(errcode & 0xff);
	return sqlFailed(
		isBusy ? `Somebody else holds the database: ${message}` : `The database refuses the query: ${message}`,
		isBusy ? 'Try it again, or add `retry:`.' : 'Mend the query or its parameters.',
		isBusy,
		error,
	);
};
