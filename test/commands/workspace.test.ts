import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {temporaryFolder} from '../source/client/fake-daemon.ts';
import {aiworkflow} from './aiworkflow.ts';

let env: {AIWORKFLOW_HOME: string};

beforeAll(() => {
	env = {AIWORKFLOW_HOME: mkdtempSync(path.join(tmpdir(), 'aiworkflow-'))};
});

afterAll(async () => {
	await aiworkflow(['daemon', 'stop'], {env});
	rmSync(env.AIWORKFLOW_HOME, {recursive: true, force: true});
});

test('`init` makes a workspace whose workflow runs, and changes nothing the second time', async () => {
	const cwd = temporaryFolder();
	const first = JSON.parse((await aiworkflow(['init', '--json'], {cwd, env})).stdout);
	expect(first).toMatchObject({
		workspace: cwd,
		created: ['aiworkflow.yaml', 'agents.yaml', 'workflows/hello.md', 'workflows/plan.md'].map(
			name => `.aiworkflow/${name}`,
		),
		isTrusted: true,
	});
	const hello = path.join(cwd, '.aiworkflow/workflows/hello.md');
	writeFileSync(hello, `${readFileSync(hello, 'utf8')}\nMine.\n`);
	expect(JSON.parse((await aiworkflow(['init', '--json'], {cwd, env})).stdout).created).toEqual([]);
	expect(readFileSync(hello, 'utf8')).toContain('Mine.');
	const {exitCode, stdout} = await aiworkflow(['run', 'hello', '--input', 'who=Ana', '--json'], {cwd, env});
	expect(exitCode).toBe(0);
	const events = stdout
		.trim()
		.split('\n')
		.map(line => JSON.parse(line));
	expect(events.at(0)).toMatchObject({type: 'run.created', body: {inputs: {who: 'Ana'}}});
	expect(events.at(-1)).toMatchObject({type: 'run.completed'});
	for (const event of events) {
		expect(Object.keys(event)).toEqual(['cursor', 'runId', 'seq', 'type', 'at', 'body']);
		expect(event.runId).toBe(events[0].runId);
	}
});

test('`init` says which file it could not make, and what to do', async () => {
	const cwd = temporaryFolder();
	writeFileSync(path.join(cwd, '.aiworkflow'), 'a file, not a folder');
	const {exitCode, stderr} = await aiworkflow(['init'], {cwd, env});
	expect(exitCode).toBe(1);
	expect(stderr).toContain(`✗ ${path.join(cwd, '.aiworkflow/aiworkflow.yaml')} cannot be made: `);
	expect(stderr).toContain('name a folder of yours with `--workspace <folder>`');
});

test('files that came with a clone are trusted by a person only, and anew when they change', async () => {
	const cwd = temporaryFolder();
	mkdirSync(path.join(cwd, '.aiworkflow'));
	const agents = path.join(cwd, '.aiworkflow/agents.yaml');
	writeFileSync(agents, 'agents: {}\n');
	expect(JSON.parse((await aiworkflow(['init', '--json'], {cwd, env})).stdout).isTrusted).toBe(false);
	const asked = await aiworkflow(['trust'], {cwd, env});
	expect(asked.exitCode).toBe(5);
	expect(asked.stdout).toContain('.aiworkflow/agents.yaml');
	expect(asked.stderr).toContain('then run `aiworkflow trust --yes`');
	expect((await aiworkflow(['trust', '--yes'], {cwd, env})).exitCode).toBe(0);
	expect((await aiworkflow(['trust'], {cwd, env})).exitCode).toBe(0);
	writeFileSync(agents, 'agents: {}\n# changed\n');
	expect((await aiworkflow(['trust'], {cwd, env})).exitCode).toBe(5);
});

test('`--detach` returns at once with the id, and `runs watch` ends as the run does', async () => {
	const cwd = temporaryFolder();
	writeFileSync(
		path.join(cwd, 'fail.md'),
		'---\nname: fail\n---\n# Fail\n## one\n```sh run\necho out; echo err >&2; exit 3\n```\n',
	);
	const {runId} = JSON.parse((await aiworkflow(['run', 'fail.md', '--detach', '--json'], {cwd, env})).stdout);
	const watched = await aiworkflow(['runs', 'watch', runId.slice(0, 8)], {cwd, env});
	expect(watched.exitCode).toBe(1);
	expect(watched.stdout).toContain('✗ one  failed, exit 3');
	expect(watched.stdout).toContain(`aiworkflow runs logs ${runId} one`);
	expect(await aiworkflow(['runs', 'logs', runId, 'one'], {cwd, env})).toEqual({
		exitCode: 0,
		stdout: 'out\n',
		stderr: 'err\n',
	});
	expect((await aiworkflow(['runs', 'logs', runId, 'one', '--stderr'], {cwd, env})).stdout).toBe('err\n');
	expect((await aiworkflow(['runs', 'logs', runId, 'two'], {cwd, env})).exitCode).toBe(3);
	expect((await aiworkflow(['runs', 'cancel', runId], {cwd, env})).exitCode).toBe(1);
});

test('a run that only waits for a person ends with 6, and can be answered', async () => {
	const cwd = temporaryFolder();
	writeFileSync(
		path.join(cwd, 'ask.md'),
		'---\nname: ask\n---\n# Ask\n## ship\n```yaml step\napproval: {}\n```\nShip it?\n',
	);
	const waiting = await aiworkflow(['run', 'ask.md', '--no-wait-approvals'], {cwd, env});
	expect(waiting.exitCode).toBe(6);
	const id = /approvals approve (\w+)/.exec(waiting.stderr)![1]!;
	const inside = {...env, AIWORKFLOW_RUN_ID: 'r', AIWORKFLOW_STEP_ID: 's'};
	expect((await aiworkflow(['approvals', 'approve', id], {cwd, env: inside})).exitCode).toBe(5);
	const answered = await aiworkflow(['approvals', 'reject', id, '--comment', 'not today', '--json'], {cwd, env});
	expect(JSON.parse(answered.stdout)).toMatchObject({id, status: 'rejected', comment: 'not today'});
	expect((await aiworkflow(['approvals', 'approve', id], {cwd, env})).exitCode).toBe(1);
});
