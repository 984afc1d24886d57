import {afterEach, beforeEach, expect, test} from 'vitest';
import type {ScheduleDetails, ScheduleView} from '../../source/api/messages.ts';
import {openSession, type Session, until, workflowOf} from './session.ts';

let session: Session;

beforeEach(() => {
	session = openSession();
});

afterEach(() => session.close());

const say = '## say\n```sh run\ntrue\n```\n';
const workflow = (name: string, on: string, body = say, more = '') =>
	session.write(
		`.aiworkflow/workflows/${name}.md`,
		workflowOf(name, body, `on:\n${on.replaceAll(/^/gm, '  ')}\n${more}`),
	);

const json = async (...args: string[]) => {
	const {stdout, code} = await session.aiworkflow([...args, '--json']);
	return {code, body: JSON.parse(stdout)};
};
const info = async (name: string) => (await json('schedule', 'info', name)).body as ScheduleDetails;
const schedules = async () => (await json('schedule', 'list')).body.schedules as ScheduleView[];

test('a schedule of every second starts runs that know their moment; paused it starts none', {
	timeout: 60_000,
}, async () => {
	workflow(
		'tick',
		'schedule: { cron: "* * * * * *", overlap: queue, with: { when: "${{ trigger.scheduledAt }}" } }',
		'## say\n```yaml step\nenv: { WHEN: "${{ inputs.when }}" }\n```\n```sh run\necho "when=$WHEN" >> "$OUTPUT"\n```\n',
		'inputs: { when: { type: string } }\n',
	);
	const started = await session.aiworkflow(['schedule', 'start', '--yes']);
	expect(started.code).toBe(0);
	expect(started.stdout).toMatch(/✓ tick {2}armed {2}\* \* \* \* \* \* {2}every second/);
	await until(
		'two runs to end',
		async () => (await info('tick')).firings.filter(({status}) => status === 'ended').length > 1,
	);
	const paused = await session.aiworkflow(['schedule', 'pause', 'tick', '--reason', 'too loud']);
	expect(paused.stdout).toContain('‖ tick is paused.');
	const {firings, state, nextAt, paused: pause} = await info('tick');
	expect({state, nextAt, reason: pause?.reason}).toEqual({state: 'paused', nextAt: null, reason: 'too loud'});
	expect(new Set(firings.map(({scheduledAt}) => scheduledAt)).size).toBe(firings.length);
	const ended = firings.findLast(({status}) => status === 'ended')!;
	const client = await session.client();
	const run = await client.runState(ended.runId);
	expect(Object.values(run.steps).map(({outputs}) => outputs)).toEqual([{when: ended.scheduledAt}]);
	expect(run.trigger).toMatchObject({
		id: 'schedule',
		kind: 'schedule',
		data: {scheduledAt: ended.scheduledAt, missed: 0},
	});
});

test('a daemon that is killed fires each moment once, and makes up for what it missed', {timeout: 60_000}, async () => {
	workflow(
		'tick',
		'schedule: { cron: "* * * * * *", overlap: queue, catch-up: all }',
		'## say\n```sh run\ntrue\n```\n',
	);
	await session.aiworkflow(['schedule', 'start', '--yes']);
	const fired = async () => (await info('tick')).firings;
	await until('a run', async () => (await fired()).length > 0);
	for (let kill = 0; kill < 2; kill++) {
		const {pid} = await (await session.client()).health();
		const before = (await fired()).length;
		process.kill(pid, 'SIGKILL');
		await until('a daemon after it, and more runs', async () => (await fired()).length > before + 1);
	}

	await session.aiworkflow(['schedule', 'pause', 'tick']);
	await until('the runs to end', async () => (await fired()).every(({status}) => status === 'ended'));
	const client = await session.client();
	const {runs} = await client.runs({workflow: 'tick', limit: 200});
	const states = await Promise.all(runs.map(({id}) => client.runState(id)));
	const moments = states.map(({trigger}) => Date.parse(String(trigger!.data.scheduledAt))).toSorted((a, b) => a - b);
	const first = moments[0]!;
	// Every second is there, once.
	expect(moments).toEqual(moments.map((_, index) => first + index * 1000));
});

test('nothing fires before a person armed the workspace, nor after its files changed', {timeout: 60_000}, async () => {
	workflow('nightly', 'schedule: { cron: "30 2 * * *", timezone: Europe/Berlin }');
	const listed = await session.aiworkflow(['schedule', 'list']);
	expect(listed.code).toBe(0);
	expect(listed.stdout).toBe('! nightly  not armed  30 2 * * *  at 02:30, every day\n');
	expect(listed.stderr).toContain('nobody armed the workspace');
	const refused = await session.aiworkflow(['schedule', 'run', 'nightly']);
	expect([refused.code, refused.stderr]).toEqual([5, expect.stringContaining('nobody armed its workspace')]);
	expect((await session.aiworkflow(['schedule', 'start'])).code).toBe(5);
	expect((await session.aiworkflow(['schedule', 'start', '--yes'])).code).toBe(0);
	expect(await schedules()).toMatchObject([{name: 'nightly', state: 'armed'}]);
	workflow('nightly', 'schedule: { cron: "* * * * * *", timezone: Europe/Berlin }');
	await until('it to be doubted', async () => (await schedules())[0]?.state === 'untrusted');
	expect(await schedules()).toMatchObject([{cron: '* * * * * *', nextAt: null}]);
	expect((await session.aiworkflow(['schedule', 'run', 'nightly'])).code).toBe(5);
});

test('run, pause, resume and next, by name', {timeout: 60_000}, async () => {
	workflow('nightly', 'schedule:\n  - { cron: "30 2 * * *", timezone: Europe/Berlin }\n  - "0 12 29 2 *"');
	workflow('never', 'schedule: { cron: "0 0 * * *", if: "false" }');
	await session.aiworkflow(['schedule', 'start', '--yes']);
	expect((await schedules()).map(({name}) => name)).toEqual(['never', 'nightly/schedule', 'nightly/schedule-2']);
	const ambiguous = await session.aiworkflow(['schedule', 'info', 'nightly']);
	expect([ambiguous.code, ambiguous.stderr]).toEqual([
		2,
		expect.stringContaining('nightly/schedule, nightly/schedule-2'),
	]);
	const unknown = await session.aiworkflow(['schedule', 'info', 'nigthly/schedule']);
	expect([unknown.code, unknown.stderr]).toEqual([3, expect.stringContaining('Did you mean `nightly/schedule`?')]);

	const fired = await json('schedule', 'run', 'nightly/schedule');
	expect(fired).toMatchObject({code: 0, body: {status: 'started'}});
	await session.finish(fired.body.runId);
	const skipped = await session.aiworkflow(['schedule', 'run', 'never']);
	expect([skipped.code, skipped.stdout]).toEqual([1, '! never fired, and no run began: `if: false` is false.\n']);

	expect((await json('schedule', 'pause', 'nightly/schedule-2')).body).toMatchObject({state: 'paused', nextAt: null});
	const next = await session.aiworkflow(['schedule', 'next', '3']);
	expect(next.stdout.match(/^.+ 02:30 Europe\/Berlin {2}nightly\/schedule$/gm)?.length).toBeGreaterThan(0);
	expect(next.stdout).not.toContain('schedule-2');
	expect(next.stdout.trim().split('\n')).toHaveLength(3);
	const leapDays = await json('schedule', 'next', 'nightly/schedule-2', '4');
	expect(leapDays.body.moments).toHaveLength(4);
	for (const {at} of leapDays.body.moments) expect(at).toMatch(/^\d{4}-(02-29|03-01|02-28)T/);
	expect((await json('schedule', 'resume', 'nightly/schedule-2')).body.state).toBe('armed');
	expect((await session.aiworkflow(['schedule', 'next', '0'])).code).toBe(2);
});
