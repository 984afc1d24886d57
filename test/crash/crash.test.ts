import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {Client} from '../../source/client/client.ts';
import {connect} from '../../source/client/connect.ts';
import {packageFolder} from '../../source/install.ts';
import type {RunView} from '../../source/run/views.ts';

/** Twelve steps: a chain, two parallel branches, one slow script, an approval, a wait, a step skipped by its condition. */
const workflow = `---
name: crash
outputs:
  total: \${{ steps.sum.outputs.total }}
---
# Crash
${[
	script('first'),
	script('slow', 'needs: [first]', 'log slow-pid-$$; sleep 0.4; log slow-pid-$$'),
	script('left-1', 'needs: [first]'),
	script('left-2', 'needs: [left-1]'),
	script('right-1', 'needs: [first]'),
	'## pause\n```yaml step\nwait: 50ms\nneeds: [right-1]\n```\n',
	script('right-2', 'needs: [pause]'),
	'## ask\n```yaml step\napproval: {}\nneeds: [left-2, right-2]\n```\nGo on?\n',
	script('never', "needs: [ask]\nif: steps.ask.outputs.decision == 'rejected'"),
	script('after', 'needs: [ask, slow]'),
	script('sum', 'needs: [after]', 'echo "total=$(sort -u "$LOG" | grep -vc pid)" >>"$OUTPUT"'),
	script('last', 'needs: [sum]'),
].join('\n')}
`;

function script(id: string, settings = 'needs: []', more = ':') {
	return `## ${id}\n\`\`\`yaml step\n${settings}\nenv: { LOG: "\${{ inputs.log }}" }\n\`\`\`\n\`\`\`sh run\nlog() { echo "$1" >>"$LOG"; }\nlog ${id}\n${more}\n\`\`\`\n`;
}

const withInputs = workflow.replace('outputs:\n', 'inputs:\n  log: { type: string, required: true }\noutputs:\n');
const scripts = ['first', 'slow', 'left-1', 'left-2', 'right-1', 'right-2', 'after', 'sum', 'last'];

let root: string;
const daemons = new Set<ChildProcess>();

beforeAll(() => {
	root = mkdtempSync(path.join(tmpdir(), 'aiworkflow-crash-'));
	writeFileSync(path.join(root, 'crash.md'), withInputs);
});

afterAll(() => {
	for (const daemon of daemons) daemon.kill('SIGKILL');
	rmSync(root, {recursive: true, force: true, maxRetries: 10, retryDelay: 100});
});

test('the run without a crash is the measure of the others', {timeout: 60_000}, async () => {
	const {run, log} = await surviveCrash('after-commit', 1_000_000);
	expect(expectationOf(run, log)).toEqual(undisturbed);
});

test('killed after each commit, before its effects: every script runs once and the result is the same', {
	timeout: 300_000,
}, async () => {
	await expectAllMoments('after-commit');
});

test('killed before each commit, after the effects of the one before: every script runs once and the result is the same', {
	timeout: 300_000,
}, async () => {
	await expectAllMoments('before-commit');
});

test('killed between spawn and claim: the late supervisor runs nothing and the next attempt does', {
	timeout: 300_000,
}, async () => {
	await inBatches(scripts.length, async index => {
		const {run, log} = await surviveCrash('after-spawn', index + 1);
		expect(expectationOf(run, log), `spawn ${index + 1}`).toEqual(undisturbed);
		// Those spawned in the same turn after it were announced as well and never spawned.
		const interrupted = run.steps.flatMap(step => step.attempts.filter(attempt => attempt.status === 'interrupted'));
		expect(interrupted.length, `spawn ${index + 1}`).toBeGreaterThan(0);
		return true;
	});
});

const undisturbed = {
	status: 'completed',
	outputs: {total: '8'},
	scripts: Object.fromEntries(scripts.map(id => [id, 1])),
	slowPids: 1,
	statuses: {
		pause: 'completed',
		ask: 'completed',
		never: 'skipped',
		...Object.fromEntries(scripts.map(id => [id, 'completed'])),
	},
};

const expectationOf = (run: RunView, log: readonly string[]) => ({
	status: run.status,
	outputs: run.outputs,
	scripts: Object.fromEntries(scripts.map(id => [id, log.filter(line => line === id).length])),
	/** The slow script writes its pid at its start and at its end: the same process lived through the kill. */
	slowPids: new Set(log.filter(line => line.includes('pid'))).size,
	statuses: Object.fromEntries(run.steps.map(step => [step.id, step.status])),
});

const expectAllMoments = async (moment: string) => {
	let crashes = 0;
	// Until a run gets through without reaching the moment: every commit of it has then been one. The first commit is the
	// daemon's own.
	await inBatches(100, async index => {
		const {run, log, hasCrashed} = await surviveCrash(moment, index + 2);
		expect(expectationOf(run, log), `${moment} ${index + 2}`).toEqual(undisturbed);
		if (hasCrashed) crashes++;
		return hasCrashed;
	});
	// A commit for each step of the longest chain at least; how many more depends on what happened to share one.
	expect(crashes).toBeGreaterThanOrEqual(8);
};

/** Calls with 0, 1, 2, …, a few at a time, until one of a batch says that there is nothing more. */
const inBatches = async (countMax: number, call: (index: number) => Promise<boolean>) => {
	const batchSize = 4;
	for (let start = 0; start < countMax; start += batchSize) {
		const indexes = Array.from({length: Math.min(batchSize, countMax - start)}, (_, index) => start + index);
		const goesOn = await Promise.all(indexes.map(call));
		if (goesOn.includes(false)) return;
	}
};

/** Starts the run on a daemon that dies at the given moment, goes on with a sound one, answers, waits for the end. */
const surviveCrash = async (moment: string, count: number) => {
	const folder = mkdtempSync(path.join(root, 's-'));
	const logFile = path.join(folder, 'log');
	const doomed = startDaemon(folder, moment, count);
	const request = {
		file: path.join(root, 'crash.md'),
		workspace: root,
		inputs: {log: logFile},
		environment: {PATH: process.env.PATH!, HOME: process.env.HOME!},
		origin: {by: 'test', via: 'api'},
	};
	const client = await clientOf(folder, doomed);
	const isAcknowledged = await client.createRun(request).then(
		() => true,
		() => false,
	);
	await Promise.race([once(doomed, 'exit'), answerAndFinish(client).catch(() => once(doomed, 'exit'))]);
	const hasCrashed = doomed.signalCode === 'SIGKILL';
	let sound: ChildProcess | undefined;
	if (hasCrashed) {
		sound = startDaemon(folder, 'never', 0);
		await clientOf(folder, sound);
		const {runs} = await client.runs();
		if (isAcknowledged) expect(runs, 'an acknowledged run is never lost').toHaveLength(1);
		if (runs.length === 0) await client.createRun(request);
		await answerAndFinish(client);
		// From now on the held supervisor may go; it must find its attempt taken.
		writeFileSync(path.join(folder, 'gate'), '');
	}

	const {runs} = await client.runs();
	const run = await client.run(runs[0]!.id);
	await until('held supervisors to end', () => !isAnyProcess(path.join(folder, 'gate')));
	const log = existsSync(logFile) ? readFileSync(logFile, 'utf8').trim().split('\n') : [];
	for (const daemon of [doomed, sound]) if (daemon) await end(daemon);
	return {run, log, hasCrashed};
};

/** Whether a process has this argument: a held supervisor has its gate. */
const isAnyProcess = (argument: string) => {
	if (process.platform !== 'linux') return false;
	return readdirSync('/proc').some(pid => {
		try {
			return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(argument);
		} catch {
			return false;
		}
	});
};

const startDaemon = (folder: string, moment: string, count: number): ChildProcess => {
	const entry = path.join(packageFolder, 'test/crash/daemon-under-crash.ts');
	const daemon = spawn(process.execPath, [entry, folder, moment, String(count)], {
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	daemons.add(daemon);
	return daemon;
};

const clientOf = async (folder: string, daemon: ChildProcess): Promise<Client> => {
	let client: Client | undefined;
	await until('the daemon to answer', async () => {
		if (daemon.exitCode !== null || daemon.signalCode !== null) throw new Error('The daemon ended before it answered.');
		client = await connect({stateFolder: folder, start: false}).catch(() => undefined);
		return client !== undefined;
	});
	return client!;
};

const answerAndFinish = async (client: Client) => {
	await until('the run to end', async () => {
		const {approvals} = await client.approvals({status: 'open'});
		for (const {id} of approvals) await client.approve(id, {origin: {by: 'test', via: 'api'}}).catch(() => undefined);
		const {runs} = await client.runs();
		return runs.some(run => run.endedAt !== null);
	});
};

const end = async (daemon: ChildProcess) => {
	daemons.delete(daemon);
	if (daemon.exitCode !== null || daemon.signalCode !== null) return;
	const exited = once(daemon, 'exit');
	daemon.kill('SIGKILL');
	await exited;
};

const until = async (what: string, isSo: () => boolean | Promise<boolean>) => {
	const deadlineMs = performance.now() + 30_000;
	while (!(await isSo())) {
		if (performance.now() > deadlineMs) throw new Error(`Waited 30 s for ${what}.`);
		await new Promise(resolve => setTimeout(resolve, 10));
	}
};
