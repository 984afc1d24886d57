import {existsSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {openSession, type Session, until, workflowOf} from './session.ts';

let session: Session;

beforeEach(() => {
	session = openSession();
});

afterEach(() => session.close());

test('without a daemon the status says so with exit code 4, and starts none', async () => {
	expect(await session.aiworkflow(['status'])).toMatchObject({code: 4, stdout: 'not running\n', stderr: ''});
	const {code, stdout} = await session.aiworkflow(['status', '--json']);
	expect([code, JSON.parse(stdout)]).toEqual([4, {running: false}]);
	expect(existsSync(path.join(session.stateFolder, 'daemon.sock'))).toBe(false);
});

test('the status counts what waits and what failed, in one request and in words', async () => {
	const ask = session.write('ask.md', workflowOf('ask', '## ok\n```yaml step\napproval: true\n```\nGo on?\n'));
	const bad = session.write('bad.md', workflowOf('bad', '## work\n```sh run\nexit 3\n```\n'));
	await session.start(ask);
	await session.finish(await session.start(bad));
	const client = await session.client();
	await until('the question', async () => (await client.health()).approvalsOpen === 1);
	expect(await session.aiworkflow(['status'])).toMatchObject({code: 0, stdout: '◆1 ✗1\n'});
	expect((await session.aiworkflow(['status', '--format', 'w={waiting} f={failed}'])).stdout).toBe('w=1 f=1\n');
	expect(JSON.parse((await session.aiworkflow(['status', '--json'])).stdout)).toEqual({
		running: true,
		runsQueued: 0,
		runsRunning: 0,
		runsWaiting: 1,
		runsPaused: 0,
		runsFailed: 1,
		approvalsOpen: 1,
		spentUsd: 0,
		spentKnownUsd: 0,
	});
	const wrong = await session.aiworkflow(['status', '--format', '{wating}']);
	expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('no placeholder {wating}')]);
});
