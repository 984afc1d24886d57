import {globSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {packageFolder} from '../../source/install.ts';
import {openSession, type Session, until, workflowOf} from './session.ts';

/** Agents that say more than anybody reads: others are not held up, memory does not grow with it, nothing is lost. */
let session: Session;

beforeEach(() => {
	session = openSession();
});

afterEach(() => session.close());

/** `AIWORKFLOW_PROOF=full` floods with more. */
const megabytes = process.env.AIWORKFLOW_PROOF === 'full' ? 200 : 50;
const mebibyte = 1024 * 1024;
/** Of the host of the agent; the daemon reads none of it. */
const hostBytesMax = 450 * mebibyte;
const daemonGrowthBytesMax = 40 * mebibyte;

const startFlood = async (scene: string, set: Readonly<Record<string, string>>) => {
	const agent = path.join(packageFolder, 'test/agents/scripted-agent.ts');
	session.write(
		'.aiworkflow/agents.yaml',
		JSON.stringify({agents: {scripted: {command: process.execPath, args: [agent, scene], set}}}),
	);
	await session.aiworkflow(['trust', '--yes']);
	const runId = await session.start(
		session.write('flood.md', workflowOf('flood', '## work\nDo the work.\n', 'agent: scripted\n')),
	);
	const fileOf = (name: string) => globSync(`**/${name}`, {cwd: session.stateFolder}).at(0);
	await until('the agent to speak', () => {
		const log = fileOf('stdout.log');
		return log !== undefined && statSync(path.join(session.stateFolder, log)).size > 0;
	});
	const folder = path.join(session.stateFolder, path.dirname(fileOf('agent.json')!));
	return {runId, folder};
};

/** A run of many short scripts, of which the last writes the file `through`. */
const runOther = async () => {
	const steps = Array.from({length: 20}, (_, index) => `## s${index}\n\`\`\`sh run\necho ${index} >> log\n\`\`\`\n`);
	const last = '## last\n```sh run\ntouch through\n```\n';
	const file = session.write('other.md', workflowOf('other', [...steps, last].join('')));
	const events = await session.finish(await session.start(file));
	expect(events.at(-1)!.type).toBe('run.completed');
};

const memoryOf = (pid: number, what: 'VmRSS' | 'VmHWM'): number =>
	Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;

test('10,000 events a second: each is in the transcript or the journal, and another run goes on beside them', {
	timeout: 90_000,
}, async () => {
	// The agent ends only when the other run has: that is the proof that it goes on.
	const {runId, folder} = await startFlood('events', {FLOOD_UNTIL: path.join(session.workspace, 'through')});
	await runOther();
	const events = await session.finish(runId);
	expect(events.at(-1)!.type).toBe('run.completed');
	const transcript = readFileSync(path.join(folder, 'stdout.log'), 'utf8').trimEnd().split('\n');
	const rows = Number(/^rows: (\d+)$/.exec(transcript.at(-1)!)![1]);
	expect(rows).toBeGreaterThanOrEqual(2000);
	expect(rows).toBeLessThan(60_000);
	const named = Array.from({length: rows}, (_, row) => String(row).padStart(6, '0'));
	expect(transcript.filter(line => line.startsWith('line '))).toEqual(named.map(name => `line ${name}`));
	expect(transcript.filter(line => line.startsWith('● '))).toEqual(named.map(name => `● read t${name}`));
	const told = events.filter(event => event.type === 'usage.recorded');
	expect(told.map(({body}) => body.costMicroUsd)).toEqual([...Array.from({length: rows / 10}, () => 1), 0]);
	const shown = await (await session.client()).run(runId);
	expect(shown.steps[0]).toMatchObject({costUsd: rows / 10 / 1_000_000, text: {preview: `rows: ${rows}`}});
});

test.skipIf(process.platform !== 'linux')(
	`${megabytes} MB of text: all of it is kept, neither host nor daemon holds it, and another run goes on beside it`,
	{timeout: 120_000},
	async () => {
		const {pid} = await (await session.client()).health();
		const daemonBytesBefore = memoryOf(pid, 'VmRSS');
		const {runId, folder} = await startFlood('flood', {FLOOD_MB: String(megabytes)});
		const agent = JSON.parse(readFileSync(path.join(folder, 'agent.json'), 'utf8')) as {readonly pid: number};
		const host = Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${agent.pid}/status`, 'utf8'))![1]);
		let hostBytes = 0;
		const other = runOther();
		await until(
			'the host to end',
			() => {
				try {
					hostBytes = memoryOf(host, 'VmHWM') || hostBytes;
					return false;
				} catch {
					return true;
				}
			},
			60_000,
		);
		await other;
		const events = await session.finish(runId);
		expect(events.at(-1)!.type).toBe('run.completed');
		const sizeBytes = megabytes * mebibyte + 'The end.'.length;
		expect(statSync(path.join(folder, 'stdout.log')).size).toBe(sizeBytes);
		const {steps} = await (await session.client()).run(runId);
		expect(steps[0]!.text).toMatchObject({sizeBytes, isWhole: false});
		const growthBytes = memoryOf(pid, 'VmHWM') - daemonBytesBefore;
		console.log(`host ${Math.round(hostBytes / mebibyte)} MiB, daemon +${Math.round(growthBytes / mebibyte)} MiB`);
		expect(hostBytes).toBeLessThan(hostBytesMax);
		expect(growthBytes).toBeLessThan(daemonGrowthBytesMax);
	},
);
