import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Client} from '../../source/client/client.ts';
import {connect} from '../../source/client/connect.ts';
import {daemonEntry} from '../../source/install.ts';
import {until, workflowOf} from '../sessions/session.ts';

const compiler = ['cc', 'gcc', 'clang'].find(name => spawnSync(name, ['--version']).status === 0);
const canRun = process.platform === 'linux' && compiler !== undefined;
if (!canRun) {
	if (process.env.CI) throw new Error('The faulty disk needs Linux and a C compiler.');
	process.stderr.write('SKIPPED: the faulty disk needs Linux and a C compiler.\n');
}

/** `AIWORKFLOW_PROOF=full` tries every write and sync of the whole run. */
const isFull = process.env.AIWORKFLOW_PROOF === 'full';
const faults = isFull ? Array.from({length: 80}, (_, index) => index + 1) : [1, 2, 5, 9, 14, 20, 27, 35];

describe.runIf(canRun)('a disk that fails', () => {
	let root: string;
	let shim: string;
	beforeAll(() => {
		root = mkdtempSync(path.join(tmpdir(), 'aiworkflow-faulty-'));
		shim = path.join(root, 'faulty-disk.so');
		const source = path.join(import.meta.dirname, 'faulty-disk.c');
		execFileSync(compiler!, ['-shared', '-fPIC', '-O1', '-o', shim, source, '-ldl']);
	});
	afterAll(() => rmSync(root, {recursive: true, force: true, maxRetries: 10, retryDelay: 100}));

	const cases = faults.flatMap(at => [
		{at, code: 5, name: 'EIO', count: 1},
		{at, code: 28, name: 'ENOSPC', count: 1000},
	]);

	test.each(cases)(
		'at write $at with $name: nothing acknowledged is lost, nothing is done twice',
		{
			timeout: 60_000,
		},
		async ({at, code, count}) => {
			const place = placeIn(path.join(root, `${at}-${code}`));
			const fault = {LD_PRELOAD: shim, FAULT_AT: String(at), FAULT_ERRNO: String(code), FAULT_COUNT: String(count)};
			const failing = place.start({...fault, FAULT_HIT: place.hit});
			const acknowledged: string[] = [];
			const client = await place.client(failing);
			for (let index = 0; client && index < 3; index++) {
				try {
					acknowledged.push(await place.createRun(client));
				} catch {
					// Refused, or the daemon is gone: not acknowledged.
				}
			}

			if (client) await settled(client, acknowledged);
			expect(existsSync(place.hit)).toBe(true);
			failing.kill('SIGKILL');
			if (failing.exitCode === null && failing.signalCode === null) await once(failing, 'exit');

			const sound = place.start({});
			const healthy = (await place.client(sound))!;
			expect(healthy).toBeDefined();
			for (const id of acknowledged) {
				await until(`run ${id} to end`, async () => (await healthy.run(id)).endedAt !== null);
				expect((await healthy.run(id)).status).toBe('completed');
			}

			await healthy.stopDaemon();
			if (sound.exitCode === null) await once(sound, 'exit');
			const lines = readFileSync(place.log, 'utf8').split('\n').filter(Boolean);
			// What was announced to nobody may have begun: once, like all the others.
			expect(new Set(lines).size).toBe(lines.length);
			for (const id of acknowledged) expect(lines.filter(line => line.includes(id))).toHaveLength(3);
		},
	);
});

/** Until the runs have ended, or the daemon says that it cannot go on. */
const settled = async (client: Client, ids: readonly string[]): Promise<void> => {
	await until('the runs to end or the daemon to stop taking work', async () => {
		try {
			if ((await client.health()).status === 'failing') return true;
			const views = await Promise.all(ids.map(id => client.run(id)));
			return views.every(({endedAt}) => endedAt !== null);
		} catch {
			return true;
		}
	});
};

const placeIn = (folder: string) => {
	const stateFolder = path.join(folder, 'state');
	const log = path.join(folder, 'log');
	const file = path.join(folder, 'work.md');
	mkdirSync(folder);
	writeFileSync(log, '');
	const step = (id: string) => `## ${id}\n\`\`\`sh run\necho "$AIWORKFLOW_STEP_KEY" >>"${log}"\n\`\`\`\n\n`;
	writeFileSync(file, workflowOf('work', ['a', 'b', 'c'].map(step).join('')));
	const environment = {PATH: process.env.PATH ?? '', HOME: folder, AIWORKFLOW_HOME: stateFolder};
	return {
		log,
		hit: path.join(folder, 'hit'),
		start: (more: Record<string, string>) =>
			spawn(process.execPath, [daemonEntry], {env: {...environment, ...more}, stdio: 'ignore', cwd: folder}),
		/** Once it answers; `undefined` where the daemon could not even start. */
		async client(daemon: ReturnType<typeof spawn>): Promise<Client | undefined> {
			let client: Client | undefined;
			await until('the daemon to answer or to end', async () => {
				if (daemon.exitCode !== null || daemon.signalCode !== null) return true;
				client = await connect({stateFolder, environment, start: false}).catch(() => undefined);
				return client !== undefined && (await client.isAnswering());
			});
			return daemon.exitCode === null && daemon.signalCode === null ? client : undefined;
		},
		async createRun(client: Client): Promise<string> {
			const {runId} = await client.createRun({
				...{file, workspace: folder, inputs: {}, approveAll: false, environment},
				origin: {by: 'tester', via: 'api'},
			});
			return runId;
		},
	};
};
