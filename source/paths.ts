import {homedir, tmpdir} from 'node:os';
import path from 'node:path';
import {limits} from './limits.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a daemon keeps everything: `$AIWORKFLOW_HOME`, else `$XDG_STATE_HOME/aiworkflow`, else `~/.local/state/aiworkflow`. */
export const stateFolderOf = (environment: Environment = process.env): string => {
	if (environment.AIWORKFLOW_HOME) return path.resolve(environment.AIWORKFLOW_HOME);
	const base = environment.XDG_STATE_HOME || path.join(environment.HOME || homedir(), '.local', 'state');
	return path.join(base, 'aiworkflow');
};

/**
 * The daemon's socket: `daemon.sock` in the state folder, or, where that path is too long for a socket, a short private
 * one named after the state folder. Pure, so that client and daemon agree without asking each other.
 */
export const socketPathOf = (stateFolder: string, environment: Environment = process.env): string => {
	const usual = path.join(stateFolder, 'daemon.sock');
	if (Buffer.byteLength(usual) <= limits.socketPathBytesMax) return usual;
	// Loaded only where it is needed: a prompt that asks for the status waits for it.
	const {createHash} = process.getBuiltinModule('node:crypto');
	const digest = createHash('sha256').update(stateFolder).digest('hex').slice(0, 16);
	const base = environment.XDG_RUNTIME_DIR || path.join(tmpdir(), `aiworkflow-${process.getuid?.() ?? 0}`);
	return path.join(base, `aiworkflow-${digest}`, 'd.sock');
};

/** Where the user's own settings are: `$XDG_CONFIG_HOME/aiworkflow`, else `~/.config/aiworkflow`. */
export const configFolderOf = (environment: Environment = process.env): string =>
	path.join(environment.XDG_CONFIG_HOME || path.join(environment.HOME || homedir(), '.config'), 'aiworkflow');

/** The user's own settings: permissions, budgets, the cockpit. */
export const settingsFileIn = (configFolder: string) => path.join(configFolder, 'aiworkflow.yaml');

export const journalFileOf = (stateFolder: string) => path.join(stateFolder, 'journal.db');
export const daemonLogFileOf = (stateFolder: string) => path.join(stateFolder, 'daemon.log');
/** What the cockpit remembers for its user. */
export const cockpitMemoryFileOf = (stateFolder: string) => path.join(stateFolder, 'cockpit.json');
/** What was last copied in a cockpit. */
export const copyFileOf = (stateFolder: string) => path.join(stateFolder, 'copied.txt');
export const runFolderOf = (stateFolder: string, runId: string) => path.join(stateFolder, 'runs', runId);
export const snapshotFolderOf = (stateFolder: string, runId: string, stepKey: string, attempt: number) =>
	path.join(runFolderOf(stateFolder, runId), 'snapshots', stepKey, String(attempt));
/** @param attempt Its number, or the name of the folder of an undo. */
export const attemptFolderOf = (stateFolder: string, runId: string, stepKey: string, attempt: number | string) =>
	path.join(runFolderOf(stateFolder, runId), 'steps', stepKey, String(attempt));
