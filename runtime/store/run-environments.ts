import {readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {stateUnwritable} from '../../source/errors.ts';
import {runFolderOf} from '../../source/paths.ts';
import {makePrivateFolder} from './database.ts';

/** What a run keeps of the environment it was started from, and the values of its secrets. */
export interface RunEnvironment {
	readonly environment: Readonly<Record<string, string>>;
	readonly secrets: Readonly<Record<string, string>>;
}

/** Keeps it where a restarted daemon finds it, outside the journal: a private file. */
export interface RunEnvironments {
	save(runId: string, environment: RunEnvironment): void;
	/** Where it is gone: the daemon's own PATH and HOME, no secrets. */
	load(runId: string): RunEnvironment;
	/** The run has ended: only its secrets are kept, beside the output they are masked in. */
	retire(runId: string): void;
}

export const createRunEnvironments = (stateFolder: string): RunEnvironments => {
	const fileOf = (runId: string) => path.join(runFolderOf(stateFolder, runId), 'environment.json');
	return {
		save(runId, environment) {
			makePrivateFolder(runFolderOf(stateFolder, runId));
			try {
				writeFileSync(fileOf(runId), JSON.stringify(environment), {mode: 0o600});
			} catch (error) {
				throw stateUnwritable(stateFolder, error instanceof Error ? error.message : String(error));
			}
		},
		load(runId) {
			try {
				return JSON.parse(readFileSync(fileOf(runId), 'utf8')) as RunEnvironment;
			} catch {
				const {PATH = '/usr/local/bin:/usr/bin:/bin', HOME = '/'} = process.env;
				return {environment: {PATH, HOME}, secrets: {}};
			}
		},
		retire(runId) {
			const {secrets} = this.load(runId);
			if (Object.keys(secrets).length === 0) rmSync(fileOf(runId), {force: true});
			else this.save(runId, {environment: {}, secrets});
		},
	};
};
