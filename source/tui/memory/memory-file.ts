import {randomUUID} from 'node:crypto';
import {open, readFile, rename, rm, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {type Adapter, Low} from 'lowdb';
import {makeFolder} from '../../folders.ts';
import {nothingRemembered, type Remembered, rememberedFrom} from './remembered.ts';

/** A small file that several cockpits share: each reads what is there before it writes, and no two write at once. */
export interface MemoryFile {
	/** What is there, and a sentence where it was no use. Never rejects. */
	load(): Promise<{readonly remembered: Remembered; readonly problem?: string}>;
	/** Changes what is there now, which another cockpit may have changed since. @throws Error of the file system. */
	update(change: (remembered: Remembered) => Remembered): Promise<void>;
}

export const openMemoryFile = (file: string): MemoryFile => {
	let turn: Promise<unknown> = Promise.resolve();
	/** Of a file that a newer version wrote: nothing is written over it. */
	let isForeign = false;

	const read = async (): Promise<{remembered: Remembered; problem?: string}> => {
		const text = await readFile(file, 'utf8').catch(error => {
			if (error.code === 'ENOENT') return undefined;
			throw error;
		});
		if (text === undefined) return {remembered: nothingRemembered};
		const value = parsed(text);
		const remembered = rememberedFrom(value);
		if (remembered) return {remembered};
		isForeign = isOfNewerVersion(value);
		if (isForeign) {
			return {
				remembered: nothingRemembered,
				problem: `${file} is of a newer version: nothing is remembered in it.`,
			};
		}

		const aside = `${file}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
		await rename(file, aside);
		return {
			remembered: nothingRemembered,
			problem: `What the cockpit remembered could not be read. It is kept as ${aside}.`,
		};
	};

	const adapter: Adapter<Remembered> = {
		read: async () => (await read()).remembered,
		/** Whole or not at all: another name first, and of each writer its own. */
		async write(remembered) {
			const temporary = `${file}.${process.pid}.${randomUUID().slice(0, 8)}.tmp`;
			try {
				await writeFile(temporary, `${JSON.stringify(remembered, undefined, '\t')}\n`, {mode: 0o600});
				await rename(temporary, file);
			} catch (error) {
				await rm(temporary, {force: true});
				throw error;
			}
		},
	};

	const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
		const mine = turn.then(task);
		turn = mine.catch(() => undefined);
		return mine;
	};

	return {
		load: () =>
			inTurn(() =>
				locked(file, read).catch(error => ({
					remembered: nothingRemembered,
					problem: `What the cockpit remembers cannot be read: ${(error as Error).message}`,
				})),
			),
		update: change =>
			inTurn(() =>
				locked(file, async () => {
					const database = new Low(adapter, nothingRemembered);
					await database.read();
					if (isForeign) return;
					const changed = change(database.data);
					if (changed === database.data) return;
					database.data = changed;
					await database.write();
				}),
			),
	};
};

const lockTriesMax = 100;
const lockWaitMs = 10;
/** A lock as old as this was left by a cockpit that is gone: holding it takes milliseconds. */
const lockStaleMs = 5000;

/** Does something while no other cockpit does. One that holds on for too long is not waited for: a write is whole anyway. */
const locked = async <T>(file: string, task: () => Promise<T>): Promise<T> => {
	makeFolder(path.dirname(file));
	const lock = `${file}.lock`;
	let isHeld = false;
	for (let tries = 0; tries < lockTriesMax && !isHeld; tries++) {
		isHeld = await take(lock);
		if (!isHeld) await sleep(lockWaitMs);
	}

	try {
		return await task();
	} finally {
		if (isHeld) await rm(lock, {force: true});
	}
};

const take = async (lock: string): Promise<boolean> => {
	try {
		await (await open(lock, 'wx', 0o600)).close();
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		const found = await stat(lock).catch(() => undefined);
		if (found && Date.now() - found.mtimeMs > lockStaleMs) await rm(lock, {force: true});
		return false;
	}
};

const parsed = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};

const isOfNewerVersion = (value: unknown): boolean =>
	typeof value === 'object' && value !== null && Number((value as {version?: unknown}).version) > 1;
