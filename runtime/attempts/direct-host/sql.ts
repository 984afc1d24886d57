import type {SqlWork} from '../../../source/workflow/direct-work.ts';
import type {DirectAnswer} from '../direct-protocol.ts';
import type {DirectHandler} from './handle.ts';
import {queryPostgres} from './sql/postgres.ts';
import {querySqlite} from './sql/sqlite.ts';

/** What the last statement came to. */
export interface SqlResult {
	readonly rows: readonly Readonly<Record<string, unknown>>[];
	/** Rows that all statements inserted, changed or deleted. */
	readonly changes: number;
}

export const handleSql: DirectHandler<SqlWork> = async (work): Promise<DirectAnswer> => {
	const query = /^postgres(?:ql)?:\/\//i.test(work.database) ? queryPostgres : querySqlite;
	const {rows, changes} = await query(work);
	return {outputs: {rows, rowCount: rows.length, changes}, text: textOf(rows)};
};

/** One row a line. */
const textOf = (rows: SqlResult['rows']): string => rows.map(row => `${JSON.stringify(row)}\n`).join('');
