import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {Client} from '../../source/client/client.ts';
import {connect} from '../../source/client/connect.ts';
import {packageFolder} from '../../source/install.ts';
import {openReceiver} from '../runtime/outbox/receiver.ts';
import {until} from '../sessions/session.ts';

const step = (id: string, settings: string) => `## ${id}\n\`\`\`yaml step\n${settings}\n\`\`\`\n`;
const workflow = `---
name: telling
inputs:
  url: { type: string, required: true }
---
# Telling
${step('queued', 'webhook: { url: "${{ inputs.url }}", body: queued }')}
${step('awaited', 'webhook: { url: "${{ inputs.url }}", body: awaited, await: true }')}
${step('each', 'foreach: [1, 2]\nwebhook: { url: "${{ inputs.url }}", body: "item ${{ item }}" }')}
`;
/** Those of the steps, and what the settings of the user ask for at the end of the run. */
const bodies = ['awaited', 'item 1', 'item 2', 'queued', 'run.completed'];
const origin = {by: 'test', via: 'api'};

let root: string;
const daemons = new Set<ChildProcess>();

beforeAll(() => {
	root = mkdtempSync(path.join(tmpdir(), 'aiworkflow-telling-'));
	writeFileSync(path.join(root, 'telling.md'), workflow);
	mkdirSync(path.join(root, '.config/aiworkflow'), {recursive: true});
	const settings = 'webhooks: [{ url: "${{ secrets.RECEIVER }}", on: run.completed }]\n';
	writeFileSync(path.join(root, '.config/aiworkflow/aiworkflow.yaml'), settings);
});

afterAll(() => {
	for (const daemon of daemons) daemon.kill('SIGKILL');
	rmSync(root, {recursive: true, force: true, maxRetries: 10, retryDelay: 100});
});

test.each(['after-commit', 'before-commit'])(
	'killed at each commit (%s), every webhook arrives, each under one id of its own',
	{
		timeout: 300_000,
	},
	async moment => {
		let crashes = 0;
		// The first commit is the daemon's own. Until a run gets through without reaching the moment.
		const attempt = async (count: number): Promise<boolean> => {
			const {received, statuses, run, hasCrashed} = await surviveCrash(moment, count);
			const ids = new Map(received.map(({headers, body}) => [headers['webhook-id'], wordOf(body)]));
			expect([...ids.values()].sort(), `${moment} ${count}`).toEqual(bodies);
			expect(statuses, `${moment} ${count}`).toEqual(bodies.map(() => 'delivered'));
			expect(run.status, `${moment} ${count}`).toBe('completed');
			// Only what was answered and not committed when the daemon was killed comes again.
			expect(received.length, `${moment} ${count}`).toBeLessThanOrEqual(hasCrashed ? 2 * bodies.length : bodies.length);
			if (hasCrashed) crashes++;
			return hasCrashed;
		};

		for (let count = 2; count < 50; count += atOnce) {
			const goesOn = await Promise.all(Array.from({length: atOnce}, (_, index) => attempt(count + index)));
			if (goesOn.includes(false)) break;
		}

		expect(crashes).toBeGreaterThanOrEqual(6);
	},
);

const atOnce = 2;
/** Several daemons begin at once, on a machine that may be slow. */
const patienceMs = 60_000;

const wordOf = (body: string): string => (body.startsWith('{') ? JSON.parse(body).type : body);

/** Starts the run on a daemon that dies at the given moment, and goes on with a sound one until all is delivered. */
const surviveCrash = async (moment: string, count: number) => {
	const folder = mkdtempSync(path.join(root, 's-'));
	const receiver = await openReceiver();
	const request = {
		...{file: path.join(root, 'telling.md'), workspace: root, inputs: {url: receiver.url}, origin},
		environment: {PATH: process.env.PATH!, HOME: root, RECEIVER: receiver.url},
	};
	const doomed = startDaemon(folder, moment, count);
	const client = await clientOf(folder);
	await client.createRun(request).catch(() => undefined);
	await Promise.race([once(doomed, 'exit'), allDelivered(client).catch(() => once(doomed, 'exit'))]);
	const hasCrashed = doomed.signalCode === 'SIGKILL';
	let sound: ChildProcess | undefined;
	if (hasCrashed) {
		sound = startDaemon(folder, 'never', 0);
		await clientOf(folder);
		if ((await client.runs()).runs.length === 0) await client.createRun(request);
		await allDelivered(client);
	}

	const {deliveries} = await client.deliveries();
	const {runs} = await client.runs();
	const run = await client.run(runs[0]!.id);
	for (const daemon of [doomed, sound]) if (daemon) await end(daemon);
	await receiver.close();
	return {received: receiver.received, statuses: deliveries.map(({status}) => status), run, hasCrashed};
};

const end = async (daemon: ChildProcess) => {
	daemons.delete(daemon);
	if (daemon.exitCode !== null || daemon.signalCode !== null) return;
	const exited = once(daemon, 'exit');
	daemon.kill('SIGKILL');
	await exited;
};

const allDelivered = (client: Client) =>
	until(
		'everything to be delivered',
		async () => {
			const {counts} = await client.deliveries();
			const {runs} = await client.runs();
			return counts.delivered === bodies.length && runs[0]?.endedAt !== null;
		},
		patienceMs,
	);

const startDaemon = (folder: string, moment: string, count: number): ChildProcess => {
	const entry = path.join(packageFolder, 'test/crash/daemon-under-crash.ts');
	const daemon = spawn(process.execPath, [entry, folder, moment, String(count)], {
		stdio: ['ignore', 'ignore', 'inherit'],
		env: {...process.env, HOME: root, XDG_CONFIG_HOME: path.join(root, '.config')},
	});
	daemons.add(daemon);
	return daemon;
};

const clientOf = async (folder: string): Promise<Client> => {
	let client: Client | undefined;
	await until(
		'the daemon to answer',
		async () => {
			client = await connect({stateFolder: folder, start: false}).catch(() => undefined);
			return client !== undefined;
		},
		patienceMs,
	);
	return client!;
};
