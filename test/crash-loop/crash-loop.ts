import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Client} from '../../source/client/client.ts';
import {connect} from '../../source/client/connect.ts';
import {daemonEntry} from '../../source/install.ts';
import {createRandom} from '../simulation/random.ts';
import {type Verdict, verdictOf} from './verdict.ts';
import {workflow} from './workflow.ts';

export interface CrashLoopOptions {
	readonly kills: number;
	readonly seed: number;
	readonly onProgress?: (kills: number, runs: number) => void;
}

export interface CrashLoopReport extends Verdict {
	readonly seed: number;
	readonly kills: number;
	/** Of them, before the daemon answered. */
	readonly killsDuringStart: number;
	readonly seconds: number;
	/** Where everything is, if something was wrong. */
	readonly folder?: string;
}

/** Open runs at a time. */
const runsMax = 6;
/** How long a daemon may live until it is killed. */
const lifeMsMax = 400;

/** Starts the real daemon, gives it work, kills it with -9 at a random moment; again and again. Then lets everything end. */
export const crashLoop = async ({kills, seed, onProgress}: CrashLoopOptions): Promise<CrashLoopReport> => {
	const startMs = performance.now();
	const random = createRandom(seed);
	const folder = mkdtempSync(path.join(tmpdir(), 'aiworkflow-crash-loop-'));
	const place = placeIn(folder);
	const acknowledged = new Set<string>();
	let killsDuringStart = 0;
	for (let index = 0; index < kills; index++) {
		const daemon = place.startDaemon();
		const isEarly = random.chance(0.1);
		if (isEarly) {
			killsDuringStart++;
			await sleep(random.between(0, 120));
		} else {
			const client = await place.client();
			const lifeMs = random.between(5, lifeMsMax);
			const stop = new AbortController();
			const working = giveWork(client, place, acknowledged, stop.signal);
			await sleep(lifeMs);
			stop.abort();
			await kill(daemon);
			await working;
		}

		await kill(daemon);
		onProgress?.(index + 1, acknowledged.size);
	}

	const daemon = place.startDaemon();
	const client = await place.client();
	await allEnded(client);
	await client.stopDaemon();
	if (daemon.exitCode === null) await once(daemon, 'exit');
	const verdict = verdictOf(place.stateFolder, place.log, acknowledged);
	const seconds = Math.round((performance.now() - startMs) / 100) / 10;
	const isClean = verdict.violations.length === 0;
	if (isClean) rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 100});
	return {seed, kills, killsDuringStart, ...verdict, seconds, ...(isClean ? undefined : {folder})};
};

type Place = ReturnType<typeof placeIn>;

const placeIn = (folder: string) => {
	const stateFolder = path.join(folder, 'state');
	const [log, locks, file] = ['log', 'locks', 'workflow.md'].map(name => path.join(folder, name)) as [
		string,
		string,
		string,
	];
	mkdirSync(locks);
	writeFileSync(log, '');
	writeFileSync(file, workflow);
	const environment = {PATH: process.env.PATH ?? '', HOME: folder, AIWORKFLOW_HOME: stateFolder};
	return {
		...{folder, stateFolder, log, locks, file, environment},
		startDaemon: () => spawn(process.execPath, [daemonEntry], {env: environment, stdio: 'ignore', cwd: folder}),
		/** Once the daemon answers. */
		async client(): Promise<Client> {
			const deadlineMs = performance.now() + 30_000;
			for (;;) {
				try {
					const client = await connect({stateFolder, environment, start: false});
					if (await client.isAnswering()) return client;
				} catch (error) {
					if (performance.now() > deadlineMs) throw error;
				}

				await sleep(3);
			}
		},
	};
};

/** Keeps a few runs open until the daemon is gone; remembers those that were acknowledged. */
const giveWork = async (
	client: Client,
	place: Place,
	acknowledged: Set<string>,
	signal: AbortSignal,
): Promise<void> => {
	try {
		while (!signal.aborted) {
			const {runs} = await client.runs({status: 'queued,running,waiting'});
			for (let count = runs.length; count < runsMax && !signal.aborted; count++) {
				const {runId} = await client.createRun({
					...{file: place.file, workspace: place.folder, inputs: {log: place.log, locks: place.locks}},
					...{approveAll: true, environment: place.environment, origin: {by: 'tester', via: 'api'}},
				});
				acknowledged.add(runId);
			}

			await sleep(10);
		}
	} catch {
		// It was killed: what was not answered was not acknowledged.
	}
};

const kill = async (daemon: ChildProcess): Promise<void> => {
	if (daemon.exitCode !== null || daemon.signalCode !== null) return;
	daemon.kill('SIGKILL');
	await once(daemon, 'exit');
};

const allEnded = async (client: Client): Promise<void> => {
	const deadlineMs = performance.now() + 120_000;
	for (;;) {
		const {runs} = await client.runs({status: 'queued,running,waiting'});
		if (runs.length === 0) return;
		if (performance.now() > deadlineMs) throw new Error(`Runs do not end: ${runs.map(({id}) => id).join(', ')}`);
		await sleep(50);
	}
};

export const linesOf = (file: string): string[] => readFileSync(file, 'utf8').split('\n').filter(Boolean);
