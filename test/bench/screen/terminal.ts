import {type ChildProcess, execFileSync, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {StringDecoder} from 'node:string_decoder';

/** A program in a real pty, which `script` gives. */
export interface Terminal {
	/** Of the program itself, not of `script`. */
	readonly pid: number;
	write(text: string): void;
	/** Written by the program so far. */
	bytes(): number;
	/** Forgets what was written, for `written`. */
	clear(): void;
	/** @returns When (`performance.now()`) the program had written this since `clear`; any byte, without a text. */
	written(text?: string | RegExp): Promise<number>;
	/** Resolves when nothing was written for so long. */
	quiet(lengthMs: number): Promise<void>;
	close(): Promise<void>;
}

export const columns = 160;
export const rows = 45;
const deadlineMs = 20_000;

export const hasScript = (): boolean =>
	process.platform === 'linux' && spawnSync('script', ['--version'], {stdio: 'ignore'}).status === 0;

export const openTerminal = async (
	argv: readonly string[],
	env: NodeJS.ProcessEnv,
	cwd?: string,
): Promise<Terminal> => {
	const command = `stty rows ${rows} cols ${columns}; exec ${argv.join(' ')}`;
	const child = spawn('script', ['-qefc', command, '/dev/null'], {
		env: {...env, TERM: 'xterm-256color', SHELL: '/bin/sh'},
		cwd,
		stdio: ['pipe', 'pipe', 'ignore'],
	});
	const exited = once(child, 'exit');
	// A bench that is broken off leaves nothing behind.
	const end = () => child.kill();
	process.once('exit', end);
	void exited.then(() => process.off('exit', end));
	const decoder = new StringDecoder('utf8');
	let bytes = 0;
	let since = '';
	let lastMs = performance.now();
	let look: (() => void) | undefined;
	child.stdout.on('data', (chunk: Buffer) => {
		bytes += chunk.length;
		lastMs = performance.now();
		// Nobody waits for text this long ago.
		since = (since + decoder.write(chunk)).slice(-200_000);
		look?.();
	});

	const written: Terminal['written'] = text =>
		new Promise((resolve, reject) => {
			const late = setTimeout(() => {
				look = undefined;
				reject(new Error(`The screen did not show ${text} within ${deadlineMs} ms.`));
			}, deadlineMs);
			look = () => {
				const isThere =
					text === undefined ? since !== '' : typeof text === 'string' ? since.includes(text) : text.test(since);
				if (!isThere) return;
				clearTimeout(late);
				look = undefined;
				resolve(lastMs);
			};
			look();
		});

	await written();
	return {
		pid: programPidOf(child),
		write: text => void child.stdin.write(text),
		bytes: () => bytes,
		clear() {
			since = '';
		},
		written,
		async quiet(lengthMs) {
			while (performance.now() - lastMs < lengthMs) await new Promise(resolve => setTimeout(resolve, lengthMs / 4));
		},
		async close() {
			child.stdin.write('\x03');
			const late = setTimeout(() => child.kill(), 5000);
			await exited;
			clearTimeout(late);
		},
	};
};

const programPidOf = ({pid}: ChildProcess): number =>
	Number(execFileSync('pgrep', ['-P', String(pid)], {encoding: 'utf8'}).trim());
