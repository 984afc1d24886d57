import {execFile, execFileSync} from 'node:child_process';
import {randomUUID} from 'node:crypto';
import {existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {promisify} from 'node:util';
import {mainEntry} from '../../source/install.ts';
import type {Session} from '../sessions/session.ts';

/**
 * Drives a full-screen program in a real terminal: a tmux server of its own, of an exact size, that nothing else shares.
 *
 * ```ts
 * const screen = await openScreen({columns: 80, rows: 24, session, flags: ['--ascii']});
 * await screen.shows('Needs you');
 * // A fresh question takes keys after 300 ms, and says so by showing them.
 * await screen.press('a').shows('y yes').press('y').shows(/approved/);
 * await screen.close();
 * ```
 *
 * Nothing here sleeps for a fixed time: `shows` looks again until it is true or the deadline is over, and then fails with
 * the screen as it stands. With `await using screen = await openScreen(…)` it closes by itself.
 */
export interface Screen extends Speech {
	/** What is on the screen: rows without their trailing spaces. `withStyles` keeps the escape sequences. */
	text(options?: {readonly withStyles?: boolean}): Promise<string>;
	rows(): Promise<string[]>;
	/** Writes bytes across the screen, past the program, as another program on the same terminal would. */
	scribble(bytes: string): Promise<void>;
	/** How many bytes the program has written to the terminal since it was opened, give or take its first moments. */
	bytesWritten(): Promise<number>;
	/** The title of its window, as the terminal has it. */
	title(): Promise<string>;
	/** What the program has written to the terminal since it was opened, give or take its first moments: with every sequence. */
	written(): Promise<string>;
	/** What the program has asked of the terminal: after its end both must be as they were. */
	modes(): Promise<{readonly isAlternate: boolean; readonly isCursorShown: boolean}>;
	/** Pid of the program, for signals. */
	pid(): Promise<number>;
	/** @returns The exit code once the program has ended; `undefined` while it runs. */
	exitCode(): Promise<number | undefined>;
	/** @returns The exit code, waiting for the end. */
	ended(options?: {readonly deadlineMs?: number}): Promise<number>;
	/** Ends the tmux server and with it the program. Only this one's. */
	close(): Promise<void>;
	[Symbol.asyncDispose](): Promise<void>;
}

/** What a screen is told and asked. Each begins when the one before it in the sentence is done, and fails with it. */
export interface Speech {
	/** Presses keys by their tmux names: `a`, `Enter`, `Escape`, `Tab`, `BTab`, `Up`, `PageUp`, `C-c`, `Space`… */
	press(...keys: string[]): Said<void>;
	/** Types text literally, as one chunk. */
	type(text: string): Said<void>;
	/** @returns The screen once it has this text (or matches). @throws With the screen, after the deadline. */
	shows(text: string | RegExp, options?: {readonly deadlineMs?: number}): Said<string>;
	/** @returns The screen once it has not. */
	hides(text: string | RegExp, options?: {readonly deadlineMs?: number}): Said<string>;
	resize(columns: number, rows: number): Said<void>;
}

/** Awaited, or gone on from: `await screen.press('a').shows('y yes')`. */
export type Said<T> = Promise<T> & Speech;

export type ScreenOptions = Size & (CommandOptions | CockpitOptions);

interface Size {
	readonly columns: number;
	readonly rows: number;
}

interface CommandOptions {
	/** Program and arguments; run directly, no shell takes part. */
	readonly command: readonly string[];
	/** Added to the environment of this process; `undefined` takes a variable away. */
	readonly env?: Readonly<Record<string, string | undefined>>;
	readonly cwd?: string;
}

/** The built cockpit of this session, in its workspace and with nothing of this process in its environment. */
interface CockpitOptions {
	readonly session: Pick<Session, 'environment' | 'workspace'>;
	readonly flags?: readonly string[];
	/** Added to the environment of the session. */
	readonly env?: Readonly<Record<string, string | undefined>>;
}

const deadlineMsDefault = 15_000;
const lookAgainMs = 15;
const deadNotice = /\n?Pane is dead \([^\n]*\n*$/;

/** Whether tmux is there. Without it screen tests are skipped and say so; in CI they fail instead. */
export const hasTmux = ((): boolean => {
	try {
		execFileSync('tmux', ['-V'], {stdio: 'ignore'});
		return true;
	} catch {
		if (process.env.CI !== 'true') console.warn('SKIPPED: tests of the screen need tmux, which is not installed.');
		return false;
	}
})();

/** For `test.skipIf`: without tmux, but never in CI, where a missing tmux has to fail. */
export const isScreenTestSkipped = !hasTmux && process.env.CI !== 'true';

export const openScreen = async (options: ScreenOptions): Promise<Screen> => {
	const {columns, rows} = options;
	const {command, environment, cwd} = programOf(options);
	const server = `aiworkflow-test-${process.pid}-${randomUUID().slice(0, 8)}`;
	const tmux = async (...args: readonly string[]): Promise<string> => {
		const {stdout} = await run('tmux', ['-L', server, '-f', '/dev/null', ...args], {env: environment, cwd});
		return stdout;
	};

	const folder = mkdtempSync(path.join(tmpdir(), `${server}-`));
	// `remain-on-exit` keeps the last screen readable after the program has ended.
	await tmux(
		...['set-option', '-g', 'remain-on-exit', 'on', ';'],
		...['set-option', '-g', 'status', 'off', ';'],
		...['set-option', '-g', 'escape-time', '0', ';'],
		...['set-option', '-g', 'default-terminal', 'screen-256color', ';'],
		...['new-session', '-d', '-x', String(columns), '-y', String(rows), ...(cwd ? ['-c', cwd] : []), '--'],
		...['sh', '-c', witness, path.join(folder, 'code'), path.join(folder, 'pid'), ...command],
	).catch(error => {
		throw new Error(`tmux could not be started: ${error.message}`);
	});

	const tape = path.join(folder, 'tape');
	await tmux('pipe-pane', '-o', `cat > '${tape}'`);

	const text: Screen['text'] = async ({withStyles = false} = {}) => {
		const capture = ['capture-pane', '-p', ...(withStyles ? ['-e'] : [])];
		const screen = await tmux(...capture);
		if (!deadNotice.test(screen)) return screen;
		// tmux makes room for its notice by scrolling, so what the program said last may be in the history.
		return (await tmux(...capture, '-S', '-')).replace(deadNotice, '');
	};

	const until = async (wanted: string, isDone: (text: string) => boolean, deadlineMs = deadlineMsDefault) => {
		const deadline = Date.now() + deadlineMs;
		for (;;) {
			const screen = await text();
			if (isDone(screen)) return screen;
			if (Date.now() > deadline) throw new Error(`After ${deadlineMs} ms the screen does not ${wanted}:\n${screen}`);
			await sleep(lookAgainMs);
		}
	};

	const exitCode: Screen['exitCode'] = async () => numberIn(path.join(folder, 'code'));

	const close: Screen['close'] = async () => {
		await tmux('kill-server').catch(() => undefined);
		rmSync(folder, {recursive: true, force: true});
	};

	const speech = speechOf({
		press: async (...keys) => void (await tmux('send-keys', ...keys)),
		type: async literal => void (await tmux('send-keys', '-l', '--', literal)),
		shows: (wanted, {deadlineMs} = {}) => until(`show ${wanted}`, screen => matches(screen, wanted), deadlineMs),
		hides: (wanted, {deadlineMs} = {}) => until(`hide ${wanted}`, screen => !matches(screen, wanted), deadlineMs),
		resize: async (width, height) => void (await tmux('resize-window', '-x', String(width), '-y', String(height))),
	});

	return {
		...speech,
		text,
		rows: async () => (await text()).replace(/\n$/, '').split('\n'),
		scribble: async bytes => writeFileSync((await tmux('display-message', '-p', '#{pane_tty}')).trim(), bytes),
		bytesWritten: async () => statSync(tape, {throwIfNoEntry: false})?.size ?? 0,
		title: async () => (await tmux('display-message', '-p', '#{pane_title}')).trimEnd(),
		written: async () => (existsSync(tape) ? readFileSync(tape, 'utf8') : ''),
		async modes() {
			const bytes = readFileSync(tape, 'latin1');
			const isLast = (on: string, off: string) => bytes.lastIndexOf(on) > bytes.lastIndexOf(off);
			return {
				isAlternate: isLast('\x1b[?1049h', '\x1b[?1049l'),
				isCursorShown: !isLast('\x1b[?25l', '\x1b[?25h'),
			};
		},
		async pid() {
			const deadline = Date.now() + deadlineMsDefault;
			for (;;) {
				const pid = numberIn(path.join(folder, 'pid'));
				if (pid !== undefined) return pid;
				if (Date.now() > deadline) throw new Error('The program was not started.');
				await sleep(lookAgainMs);
			}
		},
		exitCode,
		async ended({deadlineMs = deadlineMsDefault} = {}) {
			const deadline = Date.now() + deadlineMs;
			for (;;) {
				const code = await exitCode();
				if (code !== undefined) return code;
				if (Date.now() > deadline) throw new Error(`After ${deadlineMs} ms it has not ended:\n${await text()}`);
				await sleep(lookAgainMs);
			}
		},
		close,
		[Symbol.asyncDispose]: close,
	};
};

/**
 * Runs the program in the foreground and writes down its pid and its exit code: tmux itself (3.3a) at times never learns
 * how a program ended that closes the terminal as it goes. The name of the shell is the file of the code. A ctrl-c that
 * the program left to the terminal is not meant for the witness.
 */
const witness = `trap : INT; sh -c 'echo "$$" >"$0"; exec "$@"' "$@"; echo "$?" >"$0"`;

const numberIn = (file: string): number | undefined => {
	const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
	return text.endsWith('\n') ? Number(text) : undefined;
};

const matches = (screen: string, wanted: string | RegExp): boolean =>
	typeof wanted === 'string' ? screen.includes(wanted) : wanted.test(screen);

type Verbs = {
	readonly [Verb in keyof Speech]: (...args: Parameters<Speech[Verb]>) => Promise<Awaited<ReturnType<Speech[Verb]>>>;
};

/** @param before What has to be done first. */
const speechOf = (verbs: Verbs, before?: Promise<unknown>): Speech => {
	const after = <T>(task: () => Promise<T>): Said<T> => {
		const done = before ? before.then(task) : task();
		return Object.assign(done, speechOf(verbs, done));
	};

	return {
		press: (...keys) => after(() => verbs.press(...keys)),
		type: text => after(() => verbs.type(text)),
		shows: (...args) => after(() => verbs.shows(...args)),
		hides: (...args) => after(() => verbs.hides(...args)),
		resize: (...size) => after(() => verbs.resize(...size)),
	};
};

const programOf = (options: ScreenOptions) => {
	if ('session' in options) {
		const {session, flags = [], env} = options;
		return {
			command: [process.execPath, mainEntry, ...flags],
			environment: withoutUndefined({...session.environment, ...env}),
			cwd: session.workspace,
		};
	}

	const {command, env, cwd} = options;
	// Inside another tmux its variables would lead to that one.
	return {command, environment: withoutUndefined({...process.env, TMUX: undefined, TMUX_PANE: undefined, ...env}), cwd};
};

const withoutUndefined = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
	Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined));

const run = promisify(execFile);
