import {spawnSync} from 'node:child_process';
import {setTimeout as sleep} from 'node:timers/promises';
import {round} from '../median.ts';
import {cpuPercentOf} from './process-use.ts';
import {openTerminal} from './terminal.ts';

/** @returns What others cost that do nothing in the same pty; `undefined`: not installed. */
export const measureHtop = async (seconds: number) => {
	if (spawnSync('htop', ['--version'], {stdio: 'ignore'}).status !== 0) return undefined;
	const terminal = await openTerminal(['htop'], process.env);
	await sleep(1500);
	const before = terminal.bytes();
	const cpuPercent = await cpuPercentOf(terminal.pid, () => sleep(seconds * 1000));
	const bytesPerSecond = (terminal.bytes() - before) / seconds;
	await terminal.close();
	return {cpuPercent: round(cpuPercent, 1), bytesPerSecond: round(bytesPerSecond, 0)};
};
