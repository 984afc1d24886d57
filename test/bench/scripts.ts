import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {connect} from '../../source/client/connect.ts';
import {isRunEnding} from '../../source/run/wire.ts';
import {medianOf, round} from './median.ts';

/** Real scripts through a real daemon: what a step costs over the shell it runs, and whether that grows with the run. */
export const measureScripts = async (isQuick: boolean) => {
	const rounds = isQuick ? 1 : 5;
	const folder = mkdtempSync(path.join(tmpdir(), 'aiworkflow-bench-'));
	const client = await connect({stateFolder: path.join(folder, 'state')});
	try {
		const short = await medianStepMs(client, folder, 10, rounds);
		const long = await medianStepMs(client, folder, isQuick ? 100 : 1000, isQuick ? 1 : 5);
		const shellMs = await medianShellMs(isQuick ? 20 : 200);
		const parallelMs = await runMs(client, folder, 'parallel', parallelOf(8));
		return {
			shellMs: round(shellMs),
			stepMsOf10: round(short),
			[`stepMsOf${isQuick ? 100 : 1000}`]: round(long),
			growth: round(long / short),
			overShellMs: round(long - shellMs),
			eightParallelSleepsOf1sMs: Math.round(parallelMs),
		};
	} finally {
		await client.stopDaemon();
		rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 100});
	}
};

type Client = Awaited<ReturnType<typeof connect>>;

const medianStepMs = async (client: Client, folder: string, stepCount: number, rounds: number) => {
	const lengths: number[] = [];
	for (let index = 0; index < rounds; index++) {
		lengths.push((await runMs(client, folder, `n${stepCount}`, sequenceOf(stepCount))) / stepCount);
	}

	return medianOf(lengths);
};

const runMs = async (client: Client, folder: string, name: string, text: string): Promise<number> => {
	const file = path.join(folder, `${name}.md`);
	writeFileSync(file, `---\nname: ${name}\n---\n# ${name}\n${text}`);
	const startMs = performance.now();
	const {runId, cursor} = await client.createRun({
		file,
		workspace: folder,
		inputs: {},
		environment: {PATH: process.env.PATH!, HOME: process.env.HOME!},
		origin: {by: 'bench', via: 'api'},
	});
	for await (const message of client.events({runId, lastEventId: cursor})) {
		if (message.kind === 'journal' && isRunEnding(message.data.type)) {
			if (message.data.type !== 'run.completed') throw new Error(JSON.stringify(message.data));
			break;
		}
	}

	return performance.now() - startMs;
};

const sequenceOf = (stepCount: number) =>
	Array.from({length: stepCount}, (_, index) => `## s${index + 1}\n\`\`\`sh run\ntrue\n\`\`\`\n`).join('\n');

const parallelOf = (stepCount: number) =>
	Array.from(
		{length: stepCount},
		(_, index) => `## p${index + 1}\n\`\`\`yaml step\nneeds: []\n\`\`\`\n\`\`\`sh run\nsleep 1\n\`\`\`\n`,
	).join('\n');

const medianShellMs = async (count: number) => {
	execFileSync('/bin/sh', ['-e', '-c', 'true']);
	const lengths: number[] = [];
	for (let index = 0; index < count; index++) {
		const startMs = performance.now();
		await once(spawn('/bin/sh', ['-e', '-c', 'true'], {stdio: 'ignore', detached: true}), 'exit');
		lengths.push(performance.now() - startMs);
	}

	return medianOf(lengths);
};
