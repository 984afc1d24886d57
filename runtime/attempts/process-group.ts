import {bootId, isSameProcessAlive, type ProcessIdentity, readStat} from './process-identity.ts';

/** Sends a signal to a whole process group, if there is one. */
export const signalGroup = (group: number | undefined, signal: NodeJS.Signals): void => {
	if (!group) return;
	try {
		process.kill(-group, signal);
	} catch {
		// The group is gone already.
	}
};

/** Kills the group of a process, and nobody else's, whether or not the process itself is gone. */
export const killGroupOf = (leader: ProcessIdentity): void => {
	if (!Number.isInteger(leader.pid) || leader.pid <= 1) return;
	if (isSameProcessAlive(leader) || isLeaderless(leader)) signalGroup(leader.pid, 'SIGKILL');
};

/** Whether another process has the number of a leader that has ended. A zombie is the leader itself. */
export const isNumberTaken = (pid: number): boolean => {
	const stat = readStat(pid);
	return stat !== undefined && stat.state !== 'Z' && stat.state !== 'X';
};

/** Its number stays taken while members of its group live, so whoever is in the group is its own. */
const isLeaderless = ({pid, boot}: ProcessIdentity) =>
	process.platform === 'linux' && boot.trim() === bootId() && !isNumberTaken(pid);
