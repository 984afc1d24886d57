import {type ChildProcess, fork} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {mainEntry} from '../../../source/install.ts';
import {socketPathOf} from '../../../source/paths.ts';
import type {Counts, Order} from './source.ts';
import {openTerminal, type Terminal} from './terminal.ts';

export type RenderMode = 'incremental' | 'full';

/** An event source in a process of its own, and cockpits on it. */
export interface Stage {
	tell(order: Order): Promise<Counts>;
	/** @returns The cockpit once it shows the daemon's runs. */
	open(mode: RenderMode): Promise<Terminal>;
	/** Spawns a cockpit and ends it. @returns Milliseconds to the first frame. */
	firstPaintMs(): Promise<number>;
	close(): Promise<void>;
}

export const openStage = async (nodeFlags: readonly string[] = []): Promise<Stage> => {
	const home = mkdtempSync(path.join(tmpdir(), 'aiworkflow-bench-'));
	const workspace = path.join(home, 'work');
	mkdirSync(path.join(workspace, '.aiworkflow'), {recursive: true});
	const {PATH, LANG = 'C.UTF-8'} = process.env;
	const env = {PATH, LANG, USER: 'bench', HOME: home, AIWORKFLOW_HOME: path.join(home, 'state'), XDG_CONFIG_HOME: home};
	const source: ChildProcess = fork(path.join(import.meta.dirname, 'source.ts'), [
		socketPathOf(env.AIWORKFLOW_HOME, env),
	]);
	await once(source, 'message');
	return {
		async tell(order) {
			const answered = once(source, 'message');
			source.send(order);
			const [counts] = await answered;
			return counts as Counts;
		},
		async open(mode) {
			const terminal = await openTerminal(
				[process.execPath, ...nodeFlags, mainEntry, `--render=${mode}`],
				env,
				workspace,
			);
			await terminal.written(/step-1/);

			return terminal;
		},
		async firstPaintMs() {
			const startMs = performance.now();
			const terminal = await openTerminal([process.execPath, mainEntry], env, workspace);
			const paintedMs = await terminal.written('aiworkflow');
			await terminal.close();
			return paintedMs - startMs;
		},
		async close() {
			const exited = once(source, 'exit');
			source.disconnect();
			await exited;
			rmSync(home, {recursive: true, force: true, maxRetries: 10, retryDelay: 100});
		},
	};
};
