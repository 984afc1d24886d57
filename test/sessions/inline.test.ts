import {type ChildProcess, spawn} from 'node:child_process';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {mainEntry} from '../../source/install.ts';
import {isAlive, openSession, type Session, until, workflowOf} from './session.ts';

let session: Session;
const children: ChildProcess[] = [];

beforeEach(() => {
	session = openSession();
});

afterEach(async () => {
	for (const child of children.splice(0)) child.kill('SIGKILL');
	await session.close();
});

/** `aiworkflow --inline` with its output in pipes. */
const follow = (...flags: readonly string[]) => {
	const child = spawn(process.execPath, [mainEntry, ...flags], {
		cwd: session.workspace,
		env: session.environment,
		stdio: ['pipe', 'pipe', 'pipe'],
	});
	children.push(child);
	const seen = {stdout: '', stderr: ''};
	child.stdout.setEncoding('utf8').on('data', text => {
		seen.stdout += text;
	});
	child.stderr.setEncoding('utf8').on('data', text => {
		seen.stderr += text;
	});
	const ended = new Promise<number | null>(resolve => child.on('close', resolve));
	return {child, seen, ended, shows: (text: string) => until(text, () => seen.stdout.includes(text))};
};

const asking = () =>
	session.write(
		'ask.md',
		workflowOf('ask', '## ok\n```yaml step\napproval: {}\n```\nGo on?\n\n## end\n```sh run\necho over\n```\n'),
	);

test('lines of everything, with the command that answers; keys answer nothing; ctrl-c ends it and nothing else', async () => {
	const {child, seen, shows, ended} = follow('--inline');
	await shows('Nothing runs.');
	const runId = await session.start(asking());
	await shows('aiworkflow approvals approve');
	child.stdin!.write('y\n');
	const [, command] = /`(aiworkflow approvals approve \S+)`/.exec(seen.stdout)!;
	expect(seen.stdout).toMatch(new RegExp(`\\d\\d:\\d\\d:\\d\\d {2}▶ ask 1 {2}started by tester {2}${runId}`));
	expect((await session.aiworkflow(command!.split(' ').slice(1))).code).toBe(0);
	await shows('✓ ask 1  completed');
	expect(seen.stdout).toContain('✓ ask 1  end');
	await session.start(asking());
	await shows('◆ ask 2');
	child.kill('SIGINT');
	expect(await ended).toBe(130);
	expect((await (await session.client()).runs({status: 'waiting'})).runs).toHaveLength(1);
});

test('a daemon that is killed is waited for, and nothing that happened meanwhile is left out or told twice', async () => {
	const {seen, shows} = follow('--inline');
	await shows('Nothing runs.');
	await session.start(asking());
	await shows('◆ ask 1');
	const {pid} = await (await session.client()).health();
	process.kill(pid, 'SIGKILL');
	await until('the daemon to be gone', () => !isAlive(pid));
	const client = await session.client();
	const [approval] = (await client.approvals()).approvals;
	await client.approve(approval!.id, {origin: {by: 'tester', via: 'api'}});
	await shows('✓ ask 1  completed');
	expect(seen.stdout.match(/◆ ask 1/g)).toHaveLength(1);
	expect(seen.stdout.match(/✓ ask 1 {2}end/g)).toHaveLength(1);
	expect(seen.stderr).toContain('The daemon is gone');
	expect(seen.stderr).toContain('The daemon is back.');
});

test('for a screen reader each line begins with a word, without glyphs and columns', async () => {
	const {seen, shows} = follow('--screen-reader');
	await shows('Nothing runs.');
	await session.start(asking());
	await shows('Question: ask 1, ok, Go on?');
	expect(seen.stdout).toContain('Begins: ask 1, started by tester');
	expect(seen.stdout).not.toMatch(/[^ -~\n]/);
});
