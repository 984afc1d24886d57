import {stat} from 'node:fs/promises';
import {failureOf} from '../../errors.ts';
import {socketPathOf, stateFolderOf} from '../../paths.ts';
import {version} from '../../version.ts';
import type {Check, Finding} from './finding.ts';

/** Whether it answers, to whom, and whether it is as old as this command. */
export const checkDaemon: Check = {
	name: 'daemon',
	look: async ({environment, client}) => {
		const socket = socketPathOf(stateFolderOf(environment), environment);
		try {
			const health = await (await client()).health();
			const {mode} = await stat(health.socket);
			return [
				socketFinding(health.socket, mode),
				versionFinding(health.version, health.pid),
				...(health.failure
					? [{name: 'journal', status: 'fail', detail: health.failure.message, fix: health.failure.suggestion} as const]
					: []),
			];
		} catch (error) {
			const {message, suggestion} = failureOf(error);
			return [{name: 'daemon', status: 'fail', detail: `${message} (${socket})`, fix: suggestion}];
		}
	},
};

const restart = 'Run `aiworkflow daemon restart`; it interrupts no attempt.';

const socketFinding = (socket: string, mode: number): Finding =>
	(mode & 0o077) === 0
		? {name: 'socket', status: 'ok', detail: socket}
		: {name: 'socket', status: 'fail', detail: `${socket} can be used by others`, fix: restart};

/** @param found The daemon's. */
export const versionFinding = (found: string, pid: number): Finding =>
	found === version
		? {name: 'daemon', status: 'ok', detail: `pid ${pid}, version ${version}`}
		: {name: 'daemon', status: 'warn', detail: `has version ${found}, this command ${version}`, fix: restart};
