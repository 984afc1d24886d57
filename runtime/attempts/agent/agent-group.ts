import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {killGroupOf} from '../process-group.ts';
import {bootId, type ProcessIdentity} from '../process-identity.ts';

/** @returns What tells the agent's group leader from a later process with its pid; `undefined` where it is gone already. */
export const identityOf = (pid: number): ProcessIdentity | undefined => {
	try {
		if (process.platform !== 'linux')
			return {pid, started: execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {encoding: 'utf8'}), boot: ''};
		return {pid, started: readFileSync(`/proc/${pid}/stat`, 'utf8'), boot: bootId()};
	} catch {
		return undefined;
	}
};

/** Kills what is left of an agent whose host is gone. A leader that left may have left others behind in its group. */
export const killLeftGroup = (file: string): void => {
	const identity = readIdentity(file);
	if (identity) killGroupOf(identity);
};

const readIdentity = (file: string): ProcessIdentity | undefined => {
	try {
		return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
	} catch {
		return undefined;
	}
};
