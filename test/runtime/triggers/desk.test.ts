import {describe, expect, test} from 'vitest';
import type {Desk} from '../../../runtime/triggers/desk.ts';
import {journalUnwritable} from '../../../source/errors.ts';
import {createTriggerWorld, eventually, tester, typesIn} from './trigger-world.ts';

/** Names of events are what can be fired without anything outside; a trigger of any other kind goes the same way. */
const armed = async (on = 'event: ping', more = '') => {
	const world = createTriggerWorld();
	world.workflow('pings', on, more);
	const daemon = await world.open();
	await daemon.arming.arm(world.workspace, {PATH: '/bin'}, tester);
	const [trigger] = daemon.arming.all();
	const fire = (dedupeKey: string, data: Record<string, unknown> = {}) =>
		daemon.desk.take({trigger: trigger!, dedupeKey, data, origin: tester});
	return {...world, daemon, trigger: trigger!, fire};
};

describe('what a source hands in', () => {
	test('starts one run, known by its id beforehand', async () => {
		const {daemon, fire, started} = await armed();
		const taken = await fire('one', {name: 'Ada'});
		await eventually('the run', () => started.length === 1);
		expect(started[0]).toMatchObject({
			id: taken.runId,
			environment: {PATH: '/bin'},
			trigger: {id: 'event', kind: 'event', firing: taken.firing, data: {name: 'Ada'}},
		});
		expect(typesIn(daemon.events)).toContain('trigger.fired');
	});

	test('starts no second one when it comes again, at once or later', async () => {
		const {fire, started} = await armed();
		const [first, second] = await Promise.all([fire('same'), fire('same')]);
		expect([first.isKnown, second.isKnown, second.runId]).toEqual([false, true, first.runId]);
		await eventually('the run', () => started.length === 1);
		expect(await fire('same')).toEqual({...first, isKnown: true});
		await fire('other');
		await eventually('the other run', () => started.length === 2);
	});

	test('is mapped to inputs, and left alone where the condition is false', async () => {
		const {daemon, fire, started} = await armed(
			'event: { name: ping, if: trigger.count > 1, with: { who: "${{ trigger.name }}", count: "${{ trigger.count }}" } }',
			'inputs:\n  who: { type: string }\n  count: { type: integer }\n',
		);
		await fire('few', {count: 1});
		await fire('many', {count: 2, name: 'Ada'});
		await eventually('the run', () => started.length === 1);
		expect(started[0]!.inputs).toEqual({who: 'Ada', count: 2});
		expect(daemon.events.find(({type}) => type === 'trigger.skipped')?.body).toMatchObject({reason: 'condition'});
	});

	test('fails by itself where its run cannot be started', async () => {
		const {daemon, fire, world, started} = await armed();
		world.refusal = new Error('no such input');
		const {firing} = await fire('bad');
		const settled = new Promise(resolve => daemon.desk.onSettled(firing, resolve));
		expect(await settled).toMatchObject({status: 'failed', failure: {message: 'no such input'}});
		world.refusal = undefined;
		await fire('good');
		await eventually('the run', () => started.length === 1);
		expect(typesIn(daemon.events)).toContain('trigger.failed');
	});

	test('tells how it ended also those who ask only then', async () => {
		const {daemon, fire, started} = await armed('event: { name: ping, if: trigger.count > 1 }');
		const ended = (firing: string) => new Promise(resolve => daemon.desk.onSettled(firing, resolve));
		const {firing: skipped} = await fire('few', {count: 1});
		expect(await ended(skipped)).toMatchObject({status: 'skipped'});
		expect(await ended(skipped)).toMatchObject({status: 'skipped'});
		const {firing, runId} = await fire('many', {count: 2});
		await eventually('the run', () => started.length === 1);
		const first = ended(firing);
		daemon.end(runId, 'completed', {outputs: {n: 1}});
		expect([await first, await ended(firing)]).toEqual(Array(2).fill({status: 'completed', runId, outputs: {n: 1}}));
	});

	test('is refused where it is too much', async () => {
		const {fire} = await armed();
		await expect(fire('large', {text: 'x'.repeat(300_000)})).rejects.toMatchObject({code: 'trigger.data-too-large'});
	});

	test('fires nothing where the files changed since a person trusted them', async () => {
		const {daemon, fire, world, started} = await armed();
		world.isTrusted = false;
		await fire('one');
		await eventually('a word on it', () => typesIn(daemon.events).includes('trigger.skipped'));
		expect(started).toEqual([]);
	});
});

test('what is settled is forgotten when it is old; what is not stays', async () => {
	const {daemon, fire, started, world} = await armed();
	const [old, open] = [await fire('old'), await fire('open')];
	await eventually('the runs', () => started.length === 2);
	daemon.end(old.runId);
	daemon.journal.flush();
	const {firings, journal} = daemon;
	expect(firings.countBefore(world.nowMs)).toBe(0);
	expect(firings.countBefore(world.nowMs + 1)).toBe(1);
	journal.project(() => expect(firings.pruneBefore(world.nowMs + 1)).toBe(1));
	journal.flush();
	expect(journal.failure).toBeUndefined();
	expect([firings.read(old.firing), firings.read(open.firing)?.status]).toEqual([undefined, 'started']);
});

describe('overlap', () => {
	const schedule = (overlap: string) => armed(`schedule: { cron: "0 9 * * *", overlap: ${overlap} }`);

	test('skip: nothing begins while the run before it goes on', async () => {
		const {daemon, fire, started} = await schedule('skip');
		const first = await fire('1');
		await eventually('the first run', () => started.length === 1);
		await fire('2');
		await eventually('a word on it', () => typesIn(daemon.events).includes('trigger.skipped'));
		daemon.end(first.runId);
		await fire('3');
		await eventually('the next run', () => started.length === 2);
	});

	test('queue: each begins when the one before it has ended, in order', async () => {
		const {daemon, fire, started} = await schedule('queue');
		const taken = await Promise.all(['1', '2', '3'].map(key => fire(key)));
		for (const [index, {runId}] of taken.entries()) {
			await eventually(`run ${index}`, () => started.length === index + 1);
			expect(started[index]!.id).toBe(runId);
			daemon.end(runId);
		}
	});

	test('cancel-previous: the run before it is cancelled', async () => {
		const {fire, started, cancelled} = await schedule('cancel-previous');
		const first = await fire('1');
		await fire('2');
		await eventually('both runs', () => started.length === 2);
		expect(cancelled).toEqual([first.runId]);
	});
});

describe('a daemon that is killed', () => {
	test('has lost nothing that it said it received, and starts none of it twice', async () => {
		const {daemon, fire, started, open, workspace, trigger} = await armed(
			'schedule: { cron: "0 9 * * *", overlap: queue }',
		);
		const first = await fire('1');
		await eventually('the first run', () => started.length === 1);
		const second = await fire('2');
		daemon.pullPlug();
		await daemon.close();

		const next = await open();
		expect(next.arming.all().map(({key}) => key)).toEqual([trigger.key]);
		expect(next.desk.openRunsOf(trigger.key)).toEqual([first.runId]);
		next.end(first.runId);
		await eventually('the second run', () => started.length === 2);
		expect(started.map(({id}) => id)).toEqual([first.runId, second.runId]);
		expect(workspace).toBe(started[1]!.workspace);
	});

	test('finds a run that began just before, and does not begin it again', async () => {
		const {daemon, fire, started, open, endings, world} = await armed();
		world.refusal = new Error('journal.unwritable');
		const taken = await fire('1');
		await eventually('the failure', () => typesIn(daemon.events).includes('trigger.failed'));
		await daemon.close();
		// As if the note of the run had not been written with it.
		const next = await open();
		next.database.exec("UPDATE firings SET status = 'pending'");
		endings.set(taken.runId, {status: 'completed', runId: taken.runId});
		world.refusal = undefined;
		next.desk.recover();
		next.desk.resume();
		await eventually('the note', () => next.desk.pendingCount() === 0);
		expect(started).toEqual([]);
	});
});

test('what was received before a restart waits for its trigger to be armed, even if a run ends before', async () => {
	const {daemon, fire, started, open, world} = await armed();
	const first = await fire('1');
	await eventually('the first run', () => started.length === 1);
	world.refusal = journalUnwritable('journal.db', 'the disk is full');
	await fire('2');
	await daemon.close();
	world.refusal = undefined;
	const next = await open(desk => {
		(desk as Desk).runEnded(first.runId, {status: 'completed', runId: first.runId});
		return [];
	});
	await eventually('the second run', () => started.length === 2);
	expect(typesIn(next.events)).not.toContain('trigger.skipped');
});

describe('arming', () => {
	test('nothing fires before a person armed the workspace, nor after they took it back', async () => {
		const world = createTriggerWorld();
		world.workflow('pings', 'event: ping');
		const daemon = await world.open();
		expect(daemon.arming.all()).toEqual([]);
		await daemon.arming.arm(world.workspace, {}, tester);
		expect(daemon.arming.all().map(({trigger}) => trigger.kind)).toEqual(['event']);
		await daemon.arming.disarm(world.workspace, tester);
		expect(daemon.arming.all()).toEqual([]);
		expect(typesIn(daemon.events)).toEqual(['workspace.armed', 'workspace.disarmed']);
	});

	test('a changed file is read again, and disarms where a person has not agreed to it', async () => {
		const world = createTriggerWorld();
		world.workflow('pings', 'event: ping');
		const daemon = await world.open();
		await daemon.arming.arm(world.workspace, {}, tester);
		world.workflow('pongs', 'event: pong');
		await eventually('the new trigger', () => daemon.arming.all().length === 2);
		world.world.isTrusted = false;
		world.workflow('pongs', 'event: pong2');
		await eventually('the end of them', () => daemon.arming.all().length === 0);
		expect(daemon.arming.untrusted()).toEqual([world.workspace]);
	});
});
