import {createHash} from 'node:crypto';
import {readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {stateUnwritable} from '../../source/errors.ts';
import {type Database, makePrivateFolder} from './database.ts';

type Environment = Readonly<Record<string, string>>;

/** Workspaces whose triggers fire, and the environment of whoever armed each: that in a private file, not in the journal. */
export const createArmedWorkspaces = (database: Database, stateFolder: string) => {
	const upsert = database.prepare(
		`INSERT INTO armed_workspaces (workspace, at_ms) VALUES (?, ?)
		ON CONFLICT (workspace) DO UPDATE SET at_ms = excluded.at_ms`,
	);
	const drop = database.prepare('DELETE FROM armed_workspaces WHERE workspace = ?');
	const select = database.prepare('SELECT workspace FROM armed_workspaces ORDER BY workspace');
	const folder = path.join(stateFolder, 'armed');
	const fileOf = (workspace: string) =>
		path.join(folder, `${createHash('sha256').update(workspace).digest('hex').slice(0, 32)}.json`);
	return {
		all: (): string[] => (select.all() as {workspace: string}[]).map(({workspace}) => workspace),
		/** Call inside a commit, after `saveEnvironment`. */
		write(workspace: string, atMs: number): void {
			upsert.run(workspace, atMs);
		},
		/** Call inside a commit. */
		remove(workspace: string): void {
			drop.run(workspace);
			rmSync(fileOf(workspace), {force: true});
		},
		/** @throws AiworkflowError `state.unwritable`. */
		saveEnvironment(workspace: string, environment: Environment): void {
			makePrivateFolder(folder);
			try {
				writeFileSync(fileOf(workspace), JSON.stringify(environment), {mode: 0o600});
			} catch (error) {
				throw stateUnwritable(stateFolder, error instanceof Error ? error.message : String(error));
			}
		},
		/** Where it is gone: the daemon's own PATH and HOME. */
		environmentOf(workspace: string): Environment {
			try {
				return JSON.parse(readFileSync(fileOf(workspace), 'utf8')) as Environment;
			} catch {
				const {PATH = '/usr/local/bin:/usr/bin:/bin', HOME = '/'} = process.env;
				return {PATH, HOME};
			}
		},
	};
};

export type ArmedWorkspaces = ReturnType<typeof createArmedWorkspaces>;
