import {createHash} from 'node:crypto';
import {readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {limits} from '../../source/limits.ts';
import {killGroupOf} from '../attempts/process-group.ts';
import {isSameProcessAlive, type ProcessIdentity} from '../attempts/process-identity.ts';

/** What the process that keeps a server open says of itself, in `<key>.json`. No environment, no arguments. */
export interface OpenServer {
	readonly key: string;
	readonly tool: string;
	readonly implementation: string;
	readonly workspace: string;
	/** Of the process that keeps it. */
	readonly host: ProcessIdentity;
	/** Of the server itself; null: it is being started. */
	readonly server: ProcessIdentity | null;
	readonly openCalls: number;
	/** Unix milliseconds. */
	readonly startedAtMs: number;
	readonly usedAtMs: number;
}

/**
 * Where servers of tools that are kept open have their sockets: in the state folder, or, where that path is too long for
 * a socket, in a short private one named after it.
 */
export const serversFolderOf = (
	stateFolder: string,
	environment: Readonly<Record<string, string | undefined>> = process.env,
): string => {
	const usual = path.join(stateFolder, 'tools');
	// A socket is made beside its place first, with a number at its end.
	if (Buffer.byteLength(serverSocketOf(usual, `${keyOf('')}.1234567`)) <= limits.socketPathBytesMax) return usual;
	const digest = createHash('sha256').update(stateFolder).digest('hex').slice(0, 16);
	const base = environment.XDG_RUNTIME_DIR || path.join(tmpdir(), `aiworkflow-${process.getuid?.() ?? 0}`);
	return path.join(base, `aiworkflow-${digest}`, 't');
};

/** @returns The name of everything that belongs to the server that is started so. */
export const keyOf = (settings: string): string => createHash('sha256').update(settings).digest('hex').slice(0, 20);

export const serverSocketOf = (folder: string, key: string) => path.join(folder, `${key}.sock`);
export const serverFileOf = (folder: string, key: string) => path.join(folder, `${key}.json`);

/** @returns Those that live. What is left of others is removed, their servers ended. */
export const openServersIn = (folder: string): readonly OpenServer[] =>
	filesIn(folder).flatMap(name => {
		const server = readOpenServer(folder, path.basename(name, '.json'));
		if (!server) return [];
		if (isSameProcessAlive(server.host)) return [server];
		removeDead(folder, server);
		return [];
	});

export const readOpenServer = (folder: string, key: string): OpenServer | undefined => {
	try {
		return JSON.parse(readFileSync(serverFileOf(folder, key), 'utf8')) as OpenServer;
	} catch {
		return undefined;
	}
};

/** A host that was killed could not end its server. */
export const removeDead = (folder: string, {key, server}: OpenServer): void => {
	if (server) killGroupOf(server);
	rmSync(serverFileOf(folder, key), {force: true});
	rmSync(serverSocketOf(folder, key), {force: true});
};

/** Asks all of them to end as soon as nobody is being answered. */
export const endOpenServers = (folder: string): void => {
	for (const {host} of openServersIn(folder)) {
		try {
			process.kill(host.pid, 'SIGTERM');
		} catch {
			// It ended by itself.
		}
	}
};

const filesIn = (folder: string): string[] => {
	try {
		return readdirSync(folder).filter(name => name.endsWith('.json'));
	} catch {
		return [];
	}
};
