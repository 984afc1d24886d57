import type {CockpitDaemon} from './daemon.ts';

export type {CockpitDaemon} from './daemon.ts';

export interface CockpitOptions {
	/** Called at the start and after each loss; starts the daemon where none runs. */
	readonly connect: () => Promise<CockpitDaemon>;
	/** Absolute path of the folder the cockpit was started in. */
	readonly workspace: string;
	readonly version: string;
	/** Shows everything, decides nothing. */
	readonly isReadOnly?: boolean;
	/** `full` repaints every row of each frame: the escape for terminals on which incremental painting drifts. */
	readonly renderMode?: 'incremental' | 'full';
	readonly isAscii?: boolean;
	/** `NO_COLOR` in the environment says the same. */
	readonly noColor?: boolean;
	/** The run to select first. Default: the newest open one. */
	readonly runId?: string;
}

/**
 * Opens the cockpit on the terminal of this process.
 *
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
	const variables = {NODE_ENV: 'production', ...(isForced ? {FORCE_COLOR: '1'} : undefined)};
	const {showCockpit} = await withEnvironment(variables, () => import('./show.tsx'));
	return showCockpit({...options, noColor});
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
