import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, test as anyTest, beforeEach, expect} from 'vitest';
import {isScreenTestSkipped} from './driver.ts';
import {openScene, question, type Scene, script} from './opened.ts';

/** The past of runs, at the real cockpit of a real daemon. */
const test = anyTest.skipIf(isScreenTestSkipped);
let scene: Scene;

beforeEach(() => {
	scene = openScene();
});

afterEach(() => scene.close());

const steps = script('plan', 'echo planned') + script('build', 'echo built') + question('ask', 'Ship it now?');

test('a run is shown as it was, decides nothing there, and comes back to now', async () => {
	const screen = await scene.open();
	const runId = await scene.run('ship', steps);
	await screen
		.shows('Ship it now?')
		.press('{')
		.shows(/then: .* event \d+ of \d+, /);
	await screen.press('{').press('{').shows(/· ask/).press('a').shows('This is then, not now');
	await screen.press('y', 'Y', 'n', 'p').shows('then: ');
	await screen.press('G').hides('then: ').shows('waiting for you');
	const {status, approvals} = await (await scene.session.client()).run(runId);
	expect([status, approvals.map(approval => approval.status)]).toEqual(['waiting', ['open']]);
});

test('a run goes on from a moment of the past as another one, and is written to a file', async () => {
	const screen = await scene.open();
	const runId = await scene.run('ship', steps);
	await screen.shows('Ship it now?').press('g').press('[', '{').shows('then: ');
	await screen
		.press('x')
		.shows('m Markdown')
		.press('m')
		.shows(/Written: ship-1-event-\d+\.md/);
	const name = readdirSync(scene.session.workspace).find(
		file => file.endsWith('.md') && file.startsWith('ship-1-event'),
	)!;
	expect(readFileSync(path.join(scene.session.workspace, name), 'utf8')).toMatch(/# ship 1[\s\S]*planned/);
	await screen.press('f').shows('A new run that goes on from event').press('y').shows('ship 2 goes on from there');
	const {runs} = await (await scene.session.client()).runs();
	expect(runs).toHaveLength(2);
	const forked = await (await scene.session.client()).run(runs.find(({id}) => id !== runId)!.id);
	expect(forked.forkedFrom?.runId).toBe(runId);
});

test('the graph, the events, the data and a search in the output are a key away', async () => {
	const screen = await scene.open();
	await scene.run('ship', steps);
	await screen
		.shows('Ship it now?')
		.press('v')
		.shows(/│ ✓ build +│─+▶│.*ask/);
	await screen.press('h').shows('build output');
	await screen.press('t').shows(/✓ build/);
	await screen.press('i').shows('echo built');
	await screen.press('o').press('/').type('buil').press('Enter').shows('/buil 1 of 1');
});
