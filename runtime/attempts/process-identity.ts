import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';

/** A process that cannot be mistaken for a later one with the same pid. */
export interface ProcessIdentity {
	readonly pid: number;
	/** Linux: its line of /proc/PID/stat; elsewhere `ps -o lstart=`. */
	readonly started: string;
	/** Linux: the kernel's boot id; elsewhere the boot time. */
	readonly boot: string;
}

/** @returns `undefined` where there is no such process. */
export const identityOf = (pid: number): ProcessIdentity | undefined => {
	if (process.platform !== 'linux') {
		const started = lstartOf(pid);
		return started ? {pid, started, boot: bootId()} : undefined;
	}

	try {
		return {pid, started: readFileSync(`/proc/${pid}/stat`, 'utf8').trim(), boot: bootId()};
	} catch {
		return undefined;
	}
};

/** @returns Whether that very process still runs (a zombie does not). */
export const isSameProcessAlive = ({pid, started, boot}: ProcessIdentity): boolean => {
	if (!Number.isInteger(pid) || pid <= 1) return false;
	if (process.platform !== 'linux') return lstartOf(pid) === started.trim();
	const then = statOf(started);
	const now = readStat(pid);
	return (
		then !== undefined &&
		now !== undefined &&
		now.startTicks === then.startTicks &&
		now.state !== 'Z' &&
		now.state !== 'X' &&
		bootId() === boot.trim()
	);
};

/** Fields of /proc/PID/stat (proc(5)); `undefined` where there is no such process. */
export const readStat = (pid: number) => {
	try {
		return statOf(readFileSync(`/proc/${pid}/stat`, 'utf8'));
	} catch {
		return undefined;
	}
};

export const bootId = (): string => {
	try {
		return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
	} catch {
		return 'unknown';
	}
};

const statOf = (line: string) => {
	// The name, field 2, may hold spaces and parentheses; everything after its last `)` is regular.
	const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
	if (fields.length < 20) return undefined;
	return {state: fields[0]!, parentPid: Number(fields[1]), sessionId: Number(fields[3]), startTicks: fields[19]!};
};

const lstartOf = (pid: number): string | undefined => {
	try {
		return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {encoding: 'utf8'}).trim();
	} catch {
		return undefined;
	}
};
