import {afterAll, expect, test} from 'vitest';
import {openSession} from './session.ts';

const session = openSession();
afterAll(() => session.close());

test('runs and their steps are completed from the daemon that runs, with what they are', async () => {
	const file = session.write(
		'look.md',
		'---\nname: look\n---\n# Look\n## First\n```sh run\ntrue\n```\n## Second\n```sh run\ntrue\n```\n',
	);
	const runId = await session.start(file);
	await session.finish(runId);
	const {stdout} = await session.aiworkflow(['__complete', 'bash', 'runs', 'show', '']);
	expect(stdout).toBe(`values\n${runId}\tlook 1, completed\n`);
	const steps = await session.aiworkflow(['__complete', 'bash', 'runs', 'logs', runId, '']);
	expect(steps.stdout.split('\n').map(line => line.split('\t')[0])).toEqual(['values', 'first', 'second', '']);
});
