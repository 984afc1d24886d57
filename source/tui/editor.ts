import {type ChildProcess, spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {editorOf} from '../editor.ts';

export interface Editing {
	/** What has to be said when it is over; `undefined` where all went well. Never rejects. */
	readonly done: Promise<string | undefined>;
	/** Asks the editor to end: the cockpit has to. */
	stop(): void;
}

/**
 * Runs the person's editor on a file, on the terminal of this process, which somebody else has given back.
 *
 * @param command `$VISUAL`, `$EDITOR` or `vi`: a shell command, as for git, so that it may have arguments.
 */
export const startEditor = (file: string, cwd: string, command: string = editorOf(process.env)): Editing => {
	if (!existsSync(file)) return {done: Promise.resolve(`There is no such file here: ${file}`), stop: () => {}};
	const child = spawn('/bin/sh', ['-c', `${command} "$1"`, 'sh', file], {
		cwd: existsSync(cwd) ? cwd : undefined,
		stdio: 'inherit',
	});
	return {done: endOf(child, command), stop: () => void child.kill('SIGTERM')};
};

const endOf = (child: ChildProcess, command: string): Promise<string | undefined> =>
	new Promise(resolve => {
		child.on('error', error => resolve(`The editor could not be started: ${error.message}`));
		child.on('exit', (code, signal) => {
			if (code === 0) resolve(undefined);
			else if (code === 127 || code === 126) resolve(`There is no editor "${command}". Set $VISUAL or $EDITOR to one.`);
			else resolve(`The editor ended with ${signal ?? `exit code ${code}`}. The file was read again.`);
		});
	});
