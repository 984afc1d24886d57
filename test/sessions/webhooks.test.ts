import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {promisify} from 'node:util';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {mainEntry, packageFolder} from '../../source/install.ts';
import {curl, signedAs} from '../runtime/triggers/webhook/curl.ts';
import {githubPayloads} from '../runtime/triggers/webhook/payloads.ts';
import {floodWebhooks} from '../webhook-flood/flood.ts';
import {isAlive, openSession, type Session, until, workflowOf} from './session.ts';

const secret = 'whsec_u8Yh2-session';
let session: Session;

beforeEach(() => {
	session = openSession();
});

afterEach(() => session.close());

const hook = (name: string, on: string, body = '## work\n```sh run\ntrue\n```\n', more = '') =>
	session.write(`.aiworkflow/workflows/${name}.md`, workflowOf(name, body, `on:\n  webhook: ${on}\n${more}`));

const signed = (webhookPath: string, style: string, more = '') =>
	`{ path: ${webhookPath}, style: ${style}, secret: "\${{ secrets.HOOK }}"${more} }`;

/** Arms the workspace and listens. @returns The port. */
const listen = async (environment: NodeJS.ProcessEnv = {HOOK: secret}): Promise<number> => {
	await session.aiworkflow(['trust', '--yes'], {environment});
	const {stdout, stderr} = await session.aiworkflow(['webhook', 'start', '--port', '0', '--json']);
	expect(stderr).toBe('');
	return JSON.parse(stdout).address.port;
};

const postToGithub = (port: number, delivery: string, body = JSON.stringify(githubPayloads.push)) =>
	curl({
		url: `http://127.0.0.1:${port}/github`,
		body,
		headers: signedAs.github(secret, body, 'push', delivery),
	});

describe('a signed request', () => {
	test('starts a run that is tainted and knows the request, and leaves no secret anywhere', async () => {
		const body =
			'## work\n```yaml step\nenv: { WHO: "${{ trigger.body.pusher.name }}", TAINT: "${{ trigger.event }}" }\n```\n```sh run\nprintf "%s %s" "$WHO" "$TAINT"; env >&2\n```\n';
		hook('pushes', signed('/github', 'github', ', respond: wait'), body, 'outputs:\n  said: ${{ steps.work.text }}\n');
		const port = await listen();
		const {status, body: answer} = await postToGithub(port, 'one');
		expect([status, answer]).toEqual([
			200,
			{runId: expect.any(String), status: 'completed', outputs: {said: 'ada push'}},
		]);
		const [created] = await session.finish(answer.runId);
		expect(created!.body).toMatchObject({taint: 'webhook /github', trigger: {kind: 'webhook'}});
		const {stderr} = await session.aiworkflow(['runs', 'logs', answer.runId, 'work', '--stderr']);
		expect(stderr).not.toContain('whsec');
		await postToGithub(port, 'two', 'x');
		const journal = readFileSync(path.join(session.stateFolder, 'journal.db'), 'latin1');
		const log = readFileSync(path.join(session.stateFolder, 'daemon.log'), 'utf8');
		expect(journal + log).not.toContain(secret);
	});

	test('as the documentation signs one in a shell is taken', async () => {
		hook('builds', signed('/build', 'generic', ', respond: wait'));
		const port = await listen();
		const documentation = readFileSync(path.join(packageFolder, 'docs/triggers.md'), 'utf8');
		const [, script] = /```sh\n(body=[\s\S]*?)```/.exec(documentation)!;
		const {stdout} = await promisify(execFile)('sh', ['-c', script!], {
			env: {...process.env, SECRET: secret, PORT: String(port)},
		});
		expect(JSON.parse(stdout)).toMatchObject({status: 'completed'});
	});
});

describe('commands', () => {
	test('start, list, test and stop tell what is, in words and as JSON', async () => {
		hook('pushes', signed('/github', 'github'));
		hook('rivals', signed('/github', 'stripe'));
		await session.aiworkflow(['trust', '--yes'], {environment: {HOOK: secret}});
		const off = await session.aiworkflow(['webhook', 'list']);
		expect(off.stdout).toMatch(/^listener {2}off\n/);
		expect(off.stderr).toContain('aiworkflow webhook start');
		expect((await session.aiworkflow(['webhook', 'test', '/github'])).stderr).toContain('Nothing listens');

		const started = await session.aiworkflow(['webhook', 'start', '--port', '0']);
		expect(started.stdout).toMatch(
			/^✓ listens on 127\.0\.0\.1, port \d+\n {2}http:\/\/127\.0\.0\.1:\d+\/github {2}pushes\n$/,
		);
		const tried = await session.aiworkflow(['webhook', 'test', 'pushes', '--event', 'push', '--data', '-', '--json'], {
			input: JSON.stringify(githubPayloads.push),
		});
		expect(JSON.parse(tried.stdout)).toMatchObject({status: 202, answer: {status: 'accepted'}});
		expect(tried.code).toBe(0);
		const refused = await session.aiworkflow(['webhook', 'test', '/github', '--method', 'PUT']);
		expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('✗ 405')]);
		expect((await session.aiworkflow(['webhook', 'test', '/nothing'])).code).toBe(3);

		const {stdout} = await session.aiworkflow(['webhook', 'list', '--json']);
		expect(JSON.parse(stdout)).toMatchObject({
			listener: {isListening: true, isOpenToOthers: false},
			webhooks: [
				{path: '/github', workflow: 'pushes', state: 'ready', accepted: 1, refused: {'wrong method': 1}},
				{path: '/github', workflow: 'rivals', state: 'conflict', url: null, accepted: 0},
			],
		});
		const {stdout: doctor} = await session.aiworkflow(['doctor']);
		expect(doctor).toMatch(/ok +webhooks +listens on 127\.0\.0\.1, port \d+; 1 of 2 ready/);
		expect(doctor).toMatch(/warn +webhook \/github +.*rivals\.md\n.*belongs to the workflow pushes/);

		await session.aiworkflow(['webhook', 'stop']);
		await expect(curl({url: JSON.parse(stdout).webhooks[0].url})).rejects.toThrow(/connect/i);
	});

	test('what cannot be listened on is an error with the next move', async () => {
		for (const [args, words] of [
			[['--port', 'x'], 'is no port'],
			[['--host', 'example.com'], 'is no IP address'],
		] as const) {
			const {code, stderr} = await session.aiworkflow(['webhook', 'start', ...args]);
			expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
		}
	});

	test('a step turns no listener on and signs nothing', async () => {
		hook('pushes', signed('/github', 'github'));
		await listen();
		const command = `'${process.execPath}' '${mainEntry}'`;
		const file = session.write(
			'inside.md',
			workflowOf(
				'inside',
				`## ask\n\`\`\`sh run\nfor verb in start stop "test /github"; do\n\t${command} webhook $verb >&2 || echo $?\ndone\n\`\`\`\n`,
			),
		);
		const runId = await session.start(file);
		await session.finish(runId);
		const {steps} = await (await session.client()).run(runId);
		expect(steps[0]!.text?.preview).toBe('5\n5\n5\n');
	});
});

test('kill -9 after 202: nothing is lost, nothing is doubled, and it listens again', {timeout: 120_000}, async () => {
	hook('pushes', signed('/github', 'github'));
	const port = await listen();
	const promised = new Map<string, string>();
	let pendingCount = 0;
	// Each time as many as it takes until some of them had no run yet when the daemon was killed.
	for (let round = 0; round < 5 && pendingCount === 0; round++) {
		const {pid} = await (await session.client()).health();
		const answers = Array.from({length: 40}, async (_, index) => {
			const delivery = `delivery-${round}-${index}`;
			const body = JSON.stringify({round, index});
			const headers = signedAs.github(secret, body, 'push', delivery);
			const answer = await fetch(`http://127.0.0.1:${port}/github`, {method: 'POST', headers, body});
			expect(answer.status).toBe(202);
			promised.set(delivery, ((await answer.json()) as {runId: string}).runId);
		});
		await Promise.all(answers);
		process.kill(pid, 'SIGKILL');
		await until('the daemon to be gone', () => !isAlive(pid));
		const database = new DatabaseSync(path.join(session.stateFolder, 'journal.db'));
		({pendingCount} = database
			.prepare("SELECT count(*) AS pendingCount FROM firings WHERE status = 'pending'")
			.get() as {
			pendingCount: number;
		});
		database.close();
		// The next command starts a daemon, and that listens where the last one did.
		await session.client();
	}

	expect(pendingCount).toBeGreaterThan(0);
	for (const [delivery, runId] of promised) {
		const [, round, index] = delivery.split('-').map(Number);
		const {status, body} = await postToGithub(port, delivery, JSON.stringify({round, index}));
		expect([status, body]).toEqual([202, {runId, status: 'accepted', duplicate: true}]);
	}

	const client = await session.client();
	const ended = async () => (await client.runs({workflow: 'pushes', status: 'completed', limit: 200})).runs;
	await until('all runs to end', async () => (await ended()).length >= promised.size, 60_000);
	const {runs} = await client.runs({workflow: 'pushes', limit: 200});
	expect(runs.map(({id}) => id).sort()).toEqual([...promised.values()].sort());
});

test('a short flood: no bad request runs, no good one is lost', {timeout: 120_000}, async () => {
	const {sent, answers, runs} = await floodWebhooks({perSecond: 100, seconds: 2});
	expect(answers).toEqual({
		good: {202: sent.good},
		badlySigned: {401: sent.badlySigned},
		oversized: {413: sent.oversized},
	});
	expect(runs).toEqual({completed: sent.good, lost: 0, unasked: 0, shared: 0});
});
