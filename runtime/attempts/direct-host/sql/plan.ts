import {AiworkflowError} from '../../../../source/errors.ts';
import {limits} from '../../../../source/limits.ts';
import type {SqlWork} from '../../../../source/workflow/direct-work.ts';
import {type SqlDialect, sqlStatementsOf} from '../../../../source/workflow/sql-statements.ts';

/** @throws AiworkflowError `sql.failed` where there is none, or what is asked for cannot be. */
export const plannedStatements = (
	{query, params, transaction}: SqlWork,
	dialect: SqlDialect,
): {readonly statements: readonly string[]; readonly isTransaction: boolean} => {
	const statements = sqlStatementsOf(query, dialect);
	if (statements.length === 0) throw sqlFailed('The query holds no statement', 'Write one under `query:`.');
	if (statements.length > 1 && transaction !== true) {
		throw sqlFailed(
			`The query holds ${statements.length} statements`,
			'Write `transaction: true` to have all of them done or none, or give each a step of its own.',
		);
	}

	if (statements.length > 1 && Array.isArray(params) && params.length > 0) {
		throw sqlFailed(
			'Parameters in a list belong to one statement, and the query holds several',
			'Name them: `params: { name: value }`, and `:name` in the statements.',
		);
	}

	return {statements, isTransaction: transaction === true};
};

export const sqlFailed = (what: string, suggestion: string, isRetryable = false, cause?: unknown) =>
	new AiworkflowError({
		code: 'sql.failed',
		message: `${what.replace(/\.$/, '')}.`,
		suggestion,
		retryable: isRetryable,
		cause,
	});

export const tooManyRows = () =>
	new AiworkflowError({
		code: 'sql.answer-too-large',
		message: `The query finds more than ${limits.sqlRowsMax} rows, the limit of a step.`,
		suggestion: 'Add `LIMIT`, or let the database count and sum.',
	});

/** @returns Whether a statement only reads, as far as its first word tells. */
export const isReading = (statement: string): boolean => /^\s*(?:select|values|show|explain|table)\b/i.test(statement);

/** Bytes in JSON, both ways. */
export const bytesValue = (bytes: Uint8Array): {readonly base64: string} => ({
	base64: Buffer.from(bytes).toString('base64'),
});

/** @returns The bytes where a value is `{base64: …}` and nothing else. */
export const bytesOf = (value: unknown): Buffer | undefined => {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
	const entries = Object.entries(value);
	return entries.length === 1 && entries[0]![0] === 'base64' && typeof entries[0]![1] === 'string'
		? Buffer.from(entries[0]![1], 'base64')
		: undefined;
};

/** Whole numbers that JSON cannot hold exactly become text. */
export const integerValue = (value: bigint): number | string =>
	value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : `${value}`;
