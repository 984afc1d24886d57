import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mainEntry} from '../../source/install.ts';

export interface Ended {
	readonly exitCode: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs the built command as a script would: no terminal, nothing on standard input. */
export const aiworkflow = async (
	args: readonly string[],
	{cwd, env}: {readonly cwd?: string; readonly env?: NodeJS.ProcessEnv} = {},
): Promise<Ended> => {
	const child = spawn(process.execPath, [mainEntry, ...args], {
		cwd,
		env: {...process.env, COLUMNS: '80', ...env},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let stdout = '';
	let stderr = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		stdout += text;
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		stderr += text;
	});
	const [exitCode] = await once(child, 'close');
	return {exitCode, stdout, stderr};
};
