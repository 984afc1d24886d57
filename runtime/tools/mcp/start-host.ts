import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {closeSync, openSync, readFileSync, rmSync, writeSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import {makeFolder} from '../../../source/folders.ts';
import {toolServerEntry} from '../../../source/install.ts';
import {limits} from '../../../source/limits.ts';
import {killGroupOf} from '../../attempts/process-group.ts';
import {identityOf, isSameProcessAlive, type ProcessIdentity} from '../../attempts/process-identity.ts';
import {readOpenServer, removeDead} from '../open-servers.ts';
import type {SharedServerOptions} from './shared-client.ts';
import type {ServerHostRequest} from './shared-protocol.ts';

/** How often those who wait for another to start it look again. */
const lookMs = 50;

/** Starts the process that keeps a server open; of several callers only one does, the others wait for it. */
export const startHost = async (options: SharedServerOptions, key: string, signal: AbortSignal): Promise<void> => {
	makeFolder(options.folder);
	const lock = path.join(options.folder, `${key}.starting`);
	if (!takeLock(lock)) {
		await delay(lookMs, undefined, {signal}).catch(() => signal.throwIfAborted());
		return waitForLock(lock, signal);
	}

	try {
		const before = readOpenServer(options.folder, key);
		if (before && !isSameProcessAlive(before.host)) removeDead(options.folder, before);
		await start(options, key);
	} finally {
		rmSync(lock, {force: true});
	}
};

/** Kills one that holds the socket and answers nobody, and its server. */
export const replaceHost = (folder: string, key: string): void => {
	const host = readOpenServer(folder, key);
	if (!host) return;
	killGroupOf(host.host);
	removeDead(folder, host);
};

const start = async ({folder, tool, implementation, workspace, program, idleMs}: SharedServerOptions, key: string) => {
	const {command, args, cwd, environment} = program;
	const request: ServerHostRequest = {key, folder, tool, implementation, workspace, command, args, cwd, idleMs};
	const child = spawn(process.execPath, [toolServerEntry], {
		cwd: folder,
		env: {...environment},
		// It outlives whoever needed it first.
		detached: true,
		stdio: ['pipe', 'pipe', 'ignore'],
	});
	child.on('error', () => {});
	child.stdin.on('error', () => {});
	child.stdin.end(`${JSON.stringify(request)}\n`);
	// Ready, or ended: who looks for its socket next finds out.
	await Promise.race([
		once(child.stdout, 'data'),
		once(child, 'close'),
		delay(limits.toolOpenMs, undefined, {ref: false}),
	]);
	child.stdout.destroy();
	child.unref();
};

const takeLock = (lock: string): boolean => {
	try {
		const handle = openSync(lock, 'wx', 0o600);
		writeSync(handle, JSON.stringify(identityOf(process.pid)));
		closeSync(handle);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		return false;
	}
};

const waitForLock = async (lock: string, signal: AbortSignal): Promise<void> => {
	const sinceMs = Date.now();
	for (let owner = ownerOf(lock); owner; owner = ownerOf(lock)) {
		// Whoever took it died of something else, or is stuck.
		const isGone = owner === 'unknown' ? Date.now() - sinceMs > limits.toolNonsenseMs : !isSameProcessAlive(owner);
		if (isGone || Date.now() - sinceMs > limits.toolOpenMs) rmSync(lock, {force: true});
		await delay(lookMs, undefined, {signal}).catch(() => signal.throwIfAborted());
	}
};

/** @returns `undefined`: nobody has it. `unknown`: it is being written. */
const ownerOf = (lock: string): ProcessIdentity | 'unknown' | undefined => {
	try {
		return JSON.parse(readFileSync(lock, 'utf8')) as ProcessIdentity;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'unknown';
	}
};
