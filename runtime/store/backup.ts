import {chmodSync, existsSync, renameSync, rmSync, statSync} from 'node:fs';
import path from 'node:path';
import {backup, DatabaseSync} from 'node:sqlite';
import {AiworkflowError} from '../../source/errors.ts';
import type {Database} from './database.ts';

export interface Backup {
	readonly file: string;
	readonly sizeBytes: number;
	/** Of the last event in it. */
	readonly cursor: number;
}

/** Pages copied at once, before the event loop has its turn. */
const pagesAtOnce = 256;

/**
 * Copies the journal to a file while it is written to; checked before it gets its name. The copy is one file, private to
 * its owner; put in the place of `journal.db` (without the `-wal` and `-shm` of the old one) it is the journal.
 *
 * @throws AiworkflowError `backup.exists`, `backup.failed`.
 */
export const backupTo = async (database: Database, file: string, isForced: boolean): Promise<Backup> => {
	if (existsSync(file) && !isForced) throw backupExists(file);
	const temporary = `${file}.${process.pid}.tmp`;
	try {
		await backup(database, temporary, {rate: pagesAtOnce});
		const cursor = check(temporary);
		chmodSync(temporary, 0o600);
		renameSync(temporary, file);
		return {file, sizeBytes: statSync(file).size, cursor};
	} catch (error) {
		for (const each of [temporary, `${temporary}-wal`, `${temporary}-shm`]) rmSync(each, {force: true});
		throw backupFailed(file, error);
	}
};

/** @returns The cursor of the last event. The copy becomes a single file: nothing beside it belongs to it. */
const check = (file: string): number => {
	const copy = new DatabaseSync(file);
	try {
		copy.exec('PRAGMA journal_mode = DELETE');
		const [first] = copy.prepare('PRAGMA quick_check(1)').all() as {quick_check: string}[];
		if (first?.quick_check !== 'ok') throw new Error(`the copy is damaged: ${first?.quick_check}`);
		return (copy.prepare('SELECT coalesce(max(cursor), 0) AS cursor FROM events').get() as {cursor: number}).cursor;
	} finally {
		copy.close();
	}
};

const backupExists = (file: string) =>
	new AiworkflowError({
		code: 'backup.exists',
		message: `${file} is there already.`,
		suggestion: 'Give another name, or overwrite it with `--force`.',
	});

const backupFailed = (file: string, error: unknown) =>
	new AiworkflowError({
		code: 'backup.failed',
		message: `The journal could not be copied to ${file}: ${error instanceof Error ? error.message : String(error)}`,
		suggestion: `Check that ${path.dirname(file)} is a folder you may write to, with enough space.`,
		cause: error,
	});
