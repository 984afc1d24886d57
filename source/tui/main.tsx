import type {TemplateShelf} from '../templates/shelf.ts';
import type {CockpitDaemon} from './daemon.ts';
import {loadSettings} from './settings/load.ts';

export type {CockpitDaemon} from './daemon.ts';

export interface CockpitOptions {
	/** Called at the start and after each loss; starts the daemon where none runs. */
	readonly connect: () => Promise<CockpitDaemon>;
	/** Absolute path of the folder the cockpit was started in. */
	readonly workspace: string;
	readonly version: string;
	/** Absolute path of the file that copies go to as well. */
	readonly copyFile: string;
	/** Shows everything, decides nothing. */
	readonly isReadOnly?: boolean;
	/** `full` repaints every row of each frame: the escape for terminals on which incremental painting drifts. */
	readonly renderMode?: 'incremental' | 'full';
	readonly isAscii?: boolean;
	/** `NO_COLOR` in the environment says the same. */
	readonly noColor?: boolean;
	/** Name of a theme instead of that of the settings. */
	readonly theme?: string;
	/** Absolute path of the file in which the cockpit remembers things; without one it remembers nothing. */
	readonly memoryFile?: string;
	/** Templates on this machine; without it there are none. */
	readonly shelf?: TemplateShelf;
	/** The run to select first. Default: the newest open one. */
	readonly runId?: string;
}

/**
 * Opens the cockpit on the terminal of this process.
 *
 * @throws AiworkflowError `usage.invalid` for a theme that there is not; the screen is not touched then.
 * @returns The exit code: 0 quit, 1 crashed, 2 no terminal, 4 no daemon was ever reached, 129 and 143 for SIGHUP and SIGTERM.
 */
export const openCockpit = async (options: CockpitOptions): Promise<number> => {
	if (!process.stdin.isTTY || !process.stdout.isTTY) {
		process.stderr.write('The cockpit needs a terminal. Scripts use `aiworkflow runs list` and `aiworkflow run`.\n');
		return 2;
	}

	const noColor = options.noColor || Boolean(process.env.NO_COLOR);
	// React's development build is twice as dear. Without colours the screen still needs bold, dim and inverse, which
	// `--no-color` would switch off with them, and `CI` in the environment switches colours off on a terminal that has
	// them. All are read once, when React and Ink are loaded.
	const isForced = noColor || process.env.CI !== undefined;
	const variables = {NODE_ENV: 'production', ...(isForced ? {FORCE_COLOR: colourLevelOf(process.env)} : undefined)};
	const [{showCockpit}, loaded] = await Promise.all([
		withEnvironment(variables, () => import('./show.tsx')),
		loadSettings({theme: options.theme}),
	]);
	return showCockpit({...options, noColor, loaded});
};

/** How many colours the terminal says it has: 3 for all, 2 for 256, 1 for 16. */
const colourLevelOf = ({COLORTERM = '', TERM = ''}: NodeJS.ProcessEnv): string => {
	if (/truecolor|24bit/i.test(COLORTERM)) return '3';
	return /256/.test(TERM) ? '2' : '1';
};

/** Takes the variables back afterwards: the daemon, and what it starts, must not inherit them. */
const withEnvironment = async <T,>(variables: Readonly<Record<string, string>>, task: () => Promise<T>): Promise<T> => {
	const before = Object.keys(variables).map(name => [name, process.env[name]] as const);
	Object.assign(process.env, variables);
	try {
		return await task();
	} finally {
		for (const [name, value] of before) {
			if (value === undefined) delete process.env[name];
			else process.env[name] = value;
		}
	}
};
