import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {connect} from '../../source/client/connect.ts';
import {mainEntry} from '../../source/install.ts';
import {medianOf, round} from './median.ts';

/** Whole processes, from spawn to exit; the cockpit in a pty (by `script`), from spawn to its first frame. */
export const measureColdStarts = async (rounds: number) => {
	const folder = mkdtempSync(path.join(tmpdir(), 'aiworkflow-bench-'));
	const environment = {...process.env, AIWORKFLOW_HOME: path.join(folder, 'state'), XDG_CONFIG_HOME: folder, CI: ''};
	const client = await connect({stateFolder: environment.AIWORKFLOW_HOME});
	await client.health();
	try {
		return {
			nodeMs: await medianMs(rounds, () => exitMs(['-e', '0'], environment)),
			versionMs: await medianMs(rounds, () => exitMs([mainEntry, 'version'], environment)),
			helpMs: await medianMs(rounds, () => exitMs([mainEntry, '--help'], environment)),
			runsListMs: await medianMs(rounds, () => exitMs([mainEntry, 'runs', 'list', '--json'], environment)),
			firstPaintMs: hasScript() ? await medianMs(rounds, () => firstPaintMs(environment)) : null,
		};
	} finally {
		await client.stopDaemon();
		rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 100});
	}
};

const medianMs = async (rounds: number, measure: () => Promise<number>) => {
	// The first fills the file cache.
	await measure();
	const lengths: number[] = [];
	for (let index = 0; index < rounds; index++) lengths.push(await measure());
	return round(medianOf(lengths), 1);
};

const exitMs = async (argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> => {
	const startMs = performance.now();
	const child = spawn(process.execPath, argv, {env, stdio: 'ignore'});
	const [code] = await once(child, 'exit');
	if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}`);
	return performance.now() - startMs;
};

const hasScript = () => process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

/** The cockpit's header is on the screen when its name is. */
const firstPaintMs = async (env: NodeJS.ProcessEnv): Promise<number> => {
	const command = `stty rows 32 cols 120; exec ${process.execPath} ${mainEntry}`;
	const startMs = performance.now();
	const child = spawn('script', ['-qec', command, '/dev/null'], {
		env: {...env, TERM: 'xterm-256color'},
		stdio: ['pipe', 'pipe', 'ignore'],
	});
	let seen = '';
	child.stdout.setEncoding('utf8');
	await new Promise<void>(resolve => {
		child.stdout.on('data', text => {
			seen += text;
			if (/aiworkflow/.test(seen)) resolve();
		});
	});
	const lengthMs = performance.now() - startMs;
	// Gone before the next one begins: a cockpit on its way out would start the daemon that the bench has stopped.
	const exited = once(child, 'exit');
	child.stdin.write('q');
	const late = setTimeout(() => child.kill(), 5000);
	await exited;
	clearTimeout(late);
	return lengthMs;
};
