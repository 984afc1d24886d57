import {chmodSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {daemonAlreadyRunning} from '../../source/errors.ts';
import {asStoreError, makePrivateFolder, sqliteCodeOf, sqliteCodes} from './database.ts';

/**
 * One writer a state folder: an exclusive transaction on a database of its own, held for the life of the process.
 * The operating system lets go of it when the process ends, however it ends, so a lock is never stale.
 *
 * @returns A function that gives the lock back.
 * @throws AiworkflowError `daemon.already-running`, `state.unwritable`.
 */
export const takeWriterLock = (stateFolder: string): (() => void) => {
	makePrivateFolder(stateFolder);
	const file = path.join(stateFolder, 'daemon.lock');
	const pidFile = path.join(stateFolder, 'daemon.pid');
	let lock: DatabaseSync | undefined;
	try {
		lock = new DatabaseSync(file, {timeout: 0});
		lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE;');
		chmodSync(file, 0o600);
		writeFileSync(pidFile, `${process.pid}\n`, {mode: 0o600});
	} catch (error) {
		lock?.close();
		if (sqliteCodeOf(error) === sqliteCodes.busy) throw daemonAlreadyRunning(stateFolder, readPid(pidFile));
		throw asStoreError(error, file);
	}

	return () => lock.close();
};

const readPid = (file: string): number | undefined => {
	try {
		return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined;
	} catch {
		return undefined;
	}
};
