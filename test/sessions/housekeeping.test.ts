import {chmodSync, existsSync, mkdirSync, readdirSync, statSync} from 'node:fs';
import path from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {isAlive, openSession, type Session, until, workflowOf} from './session.ts';

let session: Session;

beforeEach(() => {
	session = openSession();
});

afterEach(() => session.close());

const script = (name: string, code: string) => workflowOf(name, `## a\n\`\`\`sh run\n${code}\n\`\`\`\n`);
const ran = async (name: string, code: string): Promise<string> => {
	const id = await session.start(session.write(`${name}.md`, script(name, code)));
	await session.finish(id);
	return id;
};
const idsOf = async (...args: string[]): Promise<string[]> => {
	const {stdout} = await session.aiworkflow(['runs', 'list', '--json', ...args]);
	return JSON.parse(stdout).runs.map(({id}: {id: string}) => id);
};

test('old runs are removed with their folders, failed ones on request not; numbers are not given again', async () => {
	const good = await ran('good', 'echo hi');
	const bad = await ran('bad', 'exit 1');
	const folders = () => readdirSync(path.join(session.stateFolder, 'runs')).sort();
	const old = ['runs', 'prune', '--older-than', '1ms'];
	const counted = await session.aiworkflow([...old, '--dry-run']);
	expect(counted).toMatchObject({code: 0, stdout: '2 runs would be removed. Nothing was changed.\n'});
	expect(folders()).toEqual([good, bad].sort());

	const kept = await session.aiworkflow([...old, '--keep-failed', '--json']);
	expect(JSON.parse(kept.stdout)).toMatchObject({runs: 1, isDryRun: false});
	expect(folders()).toEqual([bad]);
	expect(await idsOf()).toEqual([bad]);
	expect((await session.aiworkflow(['runs', 'show', good])).code).toBe(3);
	expect((await session.aiworkflow([...old])).stdout).toContain('1 run removed');

	const again = await ran('good', 'echo hi');
	expect((await (await session.client()).run(again)).number).toBe(2);
	expect((await session.aiworkflow(['runs', 'prune', '--older-than', '30d', '--json'])).stdout).toContain('"runs": 0');
});

test('a packed run is shown, watched and retried like any other', async () => {
	const id = await ran('bad', 'echo "said this"; test -e mended');
	const {stdout} = await session.aiworkflow(['runs', 'compact', '--older-than', '1ms', '--json']);
	expect(JSON.parse(stdout)).toMatchObject({runs: 1, events: 5});
	expect((await session.aiworkflow(['runs', 'show', id])).stdout).toContain('✗ a');
	expect((await session.aiworkflow(['runs', 'watch', id])).code).toBe(1);
	expect((await session.aiworkflow(['runs', 'logs', id])).stdout).toContain('said this');
	session.write('mended', '');
	expect((await session.aiworkflow(['runs', 'retry', id, '--watch'])).code).toBe(0);
	await session.aiworkflow(['daemon', 'restart']);
	expect((await session.aiworkflow(['runs', 'watch', id])).code).toBe(0);
});

test('a backup is a journal of its own', async () => {
	const id = await ran('good', 'echo hi');
	const file = path.join(session.home, 'backup.db');
	const first = await session.aiworkflow(['daemon', 'backup', file]);
	expect(first).toMatchObject({code: 0, stdout: expect.stringContaining(file)});
	expect(statSync(file).mode & 0o077).toBe(0);
	const copy = new DatabaseSync(file, {readOnly: true});
	expect(copy.prepare('SELECT id FROM runs').all()).toEqual([{id}]);
	copy.close();
	const again = await session.aiworkflow(['daemon', 'backup', file]);
	expect(again).toMatchObject({code: 1, stderr: expect.stringContaining('is there already')});
	expect((await session.aiworkflow(['daemon', 'backup', file, '--force'])).code).toBe(0);
	mkdirSync(path.join(session.workspace, 'sub'));
	const relative = await session.aiworkflow(['daemon', 'backup', 'here.db'], {
		cwd: path.join(session.workspace, 'sub'),
	});
	expect(relative.code).toBe(0);
	expect(existsSync(path.join(session.workspace, 'sub/here.db'))).toBe(true);
});

test('statistics count what ended, by workflow and since a moment', async () => {
	await ran('good', 'true');
	await ran('good', 'true');
	await ran('bad', 'exit 1');
	const {stdout} = await session.aiworkflow(['runs', 'stats', '--json']);
	expect(JSON.parse(stdout)).toMatchObject({
		total: {runs: 3, completed: 2, failed: 1, successRate: 2 / 3, costUsd: 0, p50Ms: expect.any(Number)},
		workflows: [
			{workflow: 'bad', runs: 1, successRate: 0},
			{workflow: 'good', runs: 2, successRate: 1},
		],
	});
	const table = (await session.aiworkflow(['runs', 'stats', '--workflow', 'good', '--since', '1h'])).stdout;
	expect(table).toMatch(/^workflow .*\ngood +2 +100 % /);
	expect((await session.aiworkflow(['runs', 'stats', '--workflow', 'none'])).stderr).toContain('No run has ended.');
});

test('runs are listed since and until a moment', async () => {
	const first = await ran('good', 'true');
	const between = new Date().toISOString();
	const second = await ran('good', 'true');
	expect(await idsOf('--since', between)).toEqual([second]);
	expect(await idsOf('--until', between)).toEqual([first]);
	expect(await idsOf('--since', '1h')).toEqual([second, first]);
	expect(await idsOf('--since', '2100-01-01')).toEqual([]);
});

const gated = 'while [ ! -e gate ]; do sleep 0.02; done';

test('a restart puts another daemon in place while attempts go on', async () => {
	const id = await session.start(session.write('live.md', script('live', `echo $$ >> log; ${gated}`)));
	const client = await session.client();
	await until('the script to begin', () => existsSync(path.join(session.workspace, 'log')));
	const {pid} = await client.health();
	const {code, stdout} = await session.aiworkflow(['daemon', 'restart', '--json']);
	expect(code).toBe(0);
	expect(JSON.parse(stdout)).toMatchObject({running: true, pidBefore: pid, attemptsKept: 1, attemptsRunning: 1});
	expect(isAlive(pid)).toBe(false);
	session.write('gate', '');
	await session.finish(id);
	expect((await client.run(id)).steps[0]!.attempts).toHaveLength(1);
	await session.aiworkflow(['daemon', 'stop']);
	const fresh = await session.aiworkflow(['daemon', 'restart']);
	expect(fresh).toMatchObject({code: 0, stdout: expect.stringContaining('none ran before')});
});

test('a drained daemon begins nothing new, waits for what runs, and stops', async () => {
	const two = workflowOf('two', `## a\n\`\`\`sh run\n${gated}\n\`\`\`\n## b\n\`\`\`sh run\ntouch b-ran\n\`\`\`\n`);
	const id = await session.start(session.write('two.md', two));
	const client = await session.client();
	await until('a to begin', async () => (await client.health()).attemptsRunning === 1);

	const early = await session.aiworkflow(['daemon', 'stop', '--drain', '--timeout', '300ms']);
	expect(early).toMatchObject({code: 1, stderr: expect.stringContaining('1 attempt still runs')});
	expect(await client.health()).toMatchObject({isDraining: false, attemptsRunning: 1});

	const stopping = session.aiworkflow(['daemon', 'stop', '--drain']);
	await until('the drain to begin', async () => (await client.health()).isDraining);
	expect((await session.aiworkflow(['daemon', 'status'])).stdout).toContain('it is drained');
	session.write('gate', '');
	expect(await stopping).toMatchObject({code: 0, stdout: expect.stringContaining('Stopped the daemon')});
	expect(existsSync(path.join(session.workspace, 'b-ran'))).toBe(false);

	const {stdout} = await session.aiworkflow(['runs', 'watch', id]);
	expect(stdout).toContain('✓ two 1  completed');
});

test('agents are listed with what speaks against them', async () => {
	const {code, stdout} = await session.aiworkflow(['agents', 'list', '--json']);
	expect(code).toBe(0);
	const {agents} = JSON.parse(stdout);
	expect(agents[0]).toMatchObject({id: 'replay', isHealthy: true, breaker: null});
	// Those that need no description are there, installed or not.
	expect(agents.map(({id}: {id: string}) => id)).toEqual(expect.arrayContaining(['claude', 'codex', 'gemini']));
	expect((await session.aiworkflow(['agents', 'list'])).stdout).toContain('✓ replay');
});

test('an agent that keeps failing is given no attempts for a while, and everybody can see why', async () => {
	const agent = session.write('agent.sh', '#!/bin/sh\n[ "$1" = --version ] && exit 0\nexit 3\n');
	chmodSync(agent, 0o755);
	session.write('.aiworkflow/agents.yaml', 'agents:\n  broken: { command: ./agent.sh }\n');
	await session.aiworkflow(['trust', '--yes']);
	const settings = 'agent: broken\nretry: { max: 4, delay: 1ms }';
	const file = session.write('ask.md', workflowOf('ask', `## ask\n\`\`\`yaml step\n${settings}\n\`\`\`\nSay hi.\n`));
	expect((await session.aiworkflow(['run', file])).code).toBe(1);
	const {agents} = JSON.parse((await session.aiworkflow(['agents', 'list', '--json'])).stdout);
	expect(agents).toContainEqual(
		expect.objectContaining({id: 'broken', breaker: {state: 'open', failures: 5, untilAt: expect.any(String)}}),
	);
	expect((await session.aiworkflow(['doctor'])).stdout).toMatch(/! warn {2}agent broken .*5 failures in a row/);
	expect((await session.aiworkflow(['daemon', 'logs'])).stdout).toMatch(/warn +breaker.opened +agent=broken/);
});
