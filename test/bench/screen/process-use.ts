import {readFileSync} from 'node:fs';

/** Kernel clock ticks a second: fixed on Linux, whatever its own clock does. */
const ticksPerSecond = 100;

const cpuMsOf = (pid: number): number => {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
	return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1000;
};

export const rssMbOf = (pid: number): number =>
	Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;

/** @returns CPU of one core in percent, while the task went on. */
export const cpuPercentOf = async (pid: number, task: () => Promise<unknown>): Promise<number> => {
	const before = cpuMsOf(pid);
	const startMs = performance.now();
	await task();
	return ((cpuMsOf(pid) - before) / (performance.now() - startMs)) * 100;
};
