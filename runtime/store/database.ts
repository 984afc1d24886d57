import {chmodSync, existsSync, statSync} from 'node:fs';
import path from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {journalCorrupted, stateUnwritable} from '../../source/errors.ts';
import {makeFolder} from '../../source/folders.ts';
import {migrate} from './migrations.ts';

export type Database = DatabaseSync;

/** SQLite before these loses or damages data when a WAL is reset in the wrong moment (sqlite.org, "WAL-reset bug"). */
const isSqliteSound = (version: string) => {
	const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
	return major > 3 || (major === 3 && (minor > 51 || (minor === 51 && patch >= 3)));
};

/** Up to this size the whole file is checked at each start; above it only what is read is. */
const checkBytesMax = 64 * 1024 * 1024;

/**
 * Opens the journal's database: WAL, every commit synced, private to its owner, schema brought up to date.
 *
 * @throws AiworkflowError `state.unwritable`, `journal.corrupted`. A damaged file is left as it is.
 */
export const openDatabase = (file: string): Database => {
	makePrivateFolder(path.dirname(file));
	const isNew = !existsSync(file);
	let database: DatabaseSync | undefined;
	try {
		database = new DatabaseSync(file, {timeout: 5000});
		const {version} = database.prepare('SELECT sqlite_version() AS version').get() as {version: string};
		if (!isSqliteSound(version)) throw new Error(`SQLite ${version} is too old; 3.51.3 is needed.`);
		database.exec(
			'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = 1; PRAGMA foreign_keys = ON;',
		);
		if (!isNew && statSync(file).size <= checkBytesMax) checkWhole(database);
		migrate(database);
		for (const each of [file, `${file}-wal`, `${file}-shm`]) if (existsSync(each)) chmodSync(each, 0o600);
		return database;
	} catch (error) {
		database?.close();
		throw asStoreError(error, file);
	}
};

/** Creates a folder and its parents; only its owner can enter. @throws AiworkflowError `state.unwritable`. */
export const makePrivateFolder = (folder: string): void => {
	try {
		makeFolder(folder);
		if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
	} catch (error) {
		throw stateUnwritable(folder, messageOf(error));
	}
};

/** SQLite's result code of an error of `node:sqlite`, without its extended part; `undefined` for any other error. */
export const sqliteCodeOf = (error: unknown): number | undefined => {
	const code = (error as {errcode?: unknown})?.errcode;
	return typeof code === 'number' ? code & 0xff : undefined;
};

/** Result codes: sqlite.org/rescode.html. */
export const sqliteCodes = {busy: 5, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26};

/** @returns An error a person can act on for what SQLite says of a file; anything else as it came. */
export const asStoreError = (error: unknown, file: string): unknown => {
	const code = sqliteCodeOf(error);
	if (code === sqliteCodes.corrupt || code === sqliteCodes.notADatabase)
		return journalCorrupted(file, messageOf(error));
	if (
		code === sqliteCodes.readOnly ||
		code === sqliteCodes.cannotOpen ||
		code === sqliteCodes.full ||
		code === sqliteCodes.ioError
	) {
		return stateUnwritable(path.dirname(file), messageOf(error));
	}

	return error;
};

const checkWhole = (database: Database) => {
	const [first] = database.prepare('PRAGMA quick_check(1)').all() as {quick_check: string}[];
	if (first && first.quick_check !== 'ok') {
		throw Object.assign(new Error(first.quick_check), {errcode: sqliteCodes.corrupt});
	}
};

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
