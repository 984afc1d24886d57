import {readFileSync} from 'node:fs';
import {readStat} from '../attempts/process-identity.ts';

/** How far up a process's ancestry is looked. */
const ancestorsMax = 64;

/**
 * Tells whether a client is part of an attempt: by the marker it sends of its own accord, and, on Linux, by the marker
 * in the environment of its process, its ancestors and the leader of its session. No boundary against hostile code of
 * the same user (docs/security.md): it keeps an agent or a script from approving its own run by accident or by habit.
 *
 * @returns The run and step it is part of, or `undefined`.
 */
export const attemptOfClient = (marker: string | undefined, pid: number | undefined): string | undefined => {
	if (marker) return marker;
	if (pid === undefined || process.platform !== 'linux') return undefined;
	let current = pid;
	for (let depth = 0; depth < ancestorsMax && current > 1; depth++) {
		const stat = readStat(current);
		if (!stat) return undefined;
		const found = attemptInEnvironment(current) ?? attemptInEnvironment(stat.sessionId);
		if (found) return found;
		current = stat.parentPid;
	}

	return undefined;
};

const attemptInEnvironment = (pid: number): string | undefined => {
	if (pid <= 1 || pid === process.pid) return undefined;
	try {
		const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
		const runId = variableOf(environment, 'AIWORKFLOW_RUN_ID');
		return runId && `${runId}/${variableOf(environment, 'AIWORKFLOW_STEP_ID') ?? '?'}`;
	} catch {
		return undefined;
	}
};

const variableOf = (environment: readonly string[], name: string) =>
	environment.find(entry => entry.startsWith(`${name}=`))?.slice(name.length + 1);
