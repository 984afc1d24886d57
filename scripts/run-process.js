import {spawn} from 'node:child_process';
import {constants} from 'node:os';
import process from 'node:process';
import {projectEnvironment} from './setup.js';

/**
 * Runs a program in the foreground; ctrl-c is for it to answer.
 *
 * @returns Its exit code.
 */
export const runProcess = (command, args, options = {}) =>
	new Promise((resolve, reject) => {
		const child = spawn(command, args, {stdio: 'inherit', env: projectEnvironment(), ...options});
		const ignore = () => {};
		const pass = signal => child.kill(signal);
		process.on('SIGINT', ignore).on('SIGTERM', pass).on('SIGHUP', pass);
		child.on('error', reject);
		child.on('close', (code, signal) => {
			process.off('SIGINT', ignore).off('SIGTERM', pass).off('SIGHUP', pass);
			resolve(code ?? 128 + (constants.signals[signal] ?? 0));
		});
	});
