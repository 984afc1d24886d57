import {describe, expect, test} from 'vitest';
import {createEmitter, type EmitterParts} from '../../../runtime/triggers/emitter.ts';
import {limits} from '../../../source/limits.ts';
import {createTriggerWorld, eventually, tester, typesIn} from './trigger-world.ts';

const person = {by: 'ada', via: 'command'};

const armed = async () => {
	const world = createTriggerWorld();
	world.workflow('pings', 'event: ping');
	const daemon = await world.open();
	await daemon.arming.arm(world.workspace, {}, tester);
	const runs = new Map<string, ReturnType<EmitterParts['runOf']>>();
	const {desk, arming, journal} = daemon;
	const emit = createEmitter({desk, arming, journal, now: () => world.world.nowMs, runOf: id => runs.get(id)});
	const ping = (more: Partial<Parameters<typeof emit>[0]> = {}) =>
		emit({name: 'ping', workspace: world.workspace, data: {n: 1}, origin: person, ...more});
	/** A run that may emit. */
	const run = (id: string, more: object = {}) =>
		runs.set(id, {
			...{id, number: 3, workflow: {name: 'build', hash: '', file: ''}, workspace: world.workspace},
			...more,
		});
	return {...world, daemon, emit, ping, run};
};

describe('an event', () => {
	test('starts a run of every armed trigger that waits for it, with what it was given', async () => {
		const {daemon, ping, started, workspace} = await armed();
		const {id, heard} = await ping();
		expect(heard).toHaveLength(1);
		await eventually('the run', () => started.length === 1);
		expect(started[0]).toMatchObject({
			id: heard[0]!.runId,
			trigger: {data: {name: 'ping', event: id, data: {n: 1}, by: 'ada', chain: 0}},
		});
		expect(started[0]!.taint).toBeUndefined();
		expect(daemon.events.find(({type}) => type === 'event.emitted')?.body).toMatchObject({
			...{name: 'ping', id, workspace, triggers: 1, origin: person},
		});
	});

	test('is durable together with what it fires', async () => {
		const {daemon, ping, open, started} = await armed();
		// What the event made durable is what a daemon that comes next finds.
		const {heard} = await ping();
		daemon.pullPlug();
		await daemon.close();
		const begun = started.length;
		const next = await open();
		await eventually('the run', () => next.desk.pendingCount() === 0);
		expect(new Set(started.map(({id}) => id))).toEqual(new Set([heard[0]!.runId]));
		expect(begun).toBeLessThanOrEqual(1);
	});

	test('starts nothing again when it comes under the same id', async () => {
		const {ping, started} = await armed();
		const first = await ping({id: 'delivery-1'});
		const second = await ping({id: 'delivery-1'});
		expect(second.heard[0]).toMatchObject({runId: first.heard[0]!.runId, isKnown: true});
		await eventually('the run', () => started.length === 1);
	});

	test('is heard in its own workspace only', async () => {
		const {ping} = await armed();
		expect((await ping({workspace: '/elsewhere'})).heard).toEqual([]);
	});

	test('with too much data, or a name that is none, is refused and not journalled', async () => {
		const {daemon, ping} = await armed();
		await expect(ping({data: 'x'.repeat(limits.triggerDataBytesMax)})).rejects.toMatchObject({
			code: 'trigger.data-too-large',
		});
		await expect(ping({name: 'a b'})).rejects.toMatchObject({code: 'event.invalid'});
		expect(typesIn(daemon.events)).not.toContain('event.emitted');
	});
});

describe('taint', () => {
	test('of a run goes on to what it emits', async () => {
		const {ping, run, started} = await armed();
		run('r1', {taint: 'webhook /github'});
		expect((await ping({inside: 'r1/notify'})).taint).toBe('webhook /github');
		await eventually('the run', () => started.length === 1);
		expect(started[0]).toMatchObject({
			taint: 'webhook /github',
			trigger: {data: {run: {id: 'r1', number: 3, workflow: 'build'}, chain: 1}},
		});
	});

	test('is not there for a run without it, and there for one of another workspace or of another daemon', async () => {
		const {ping, run} = await armed();
		run('r1');
		run('r2', {workspace: '/elsewhere'});
		expect((await ping({inside: 'r1/notify'})).taint).toBeUndefined();
		expect((await ping({inside: 'r2/notify'})).taint).toBe('event ping');
		expect((await ping({inside: 'unknown/notify'})).taint).toBe('event ping');
	});

	test('is there for whoever is no person at a command, or says so', async () => {
		const {ping} = await armed();
		expect((await ping({origin: {by: 'hook', via: 'api'}})).taint).toBe('event ping');
		expect((await ping({taint: 'a mail'})).taint).toBe('a mail');
	});
});

test('a circle of runs that start one another is cut, with an event that says so', async () => {
	const {daemon, ping, run, started} = await armed();
	const after = (chain: number) => run('r1', {trigger: {id: 'event', kind: 'event', firing: 'f', data: {chain}}});
	after(limits.chainedRunsMax - 1);
	await ping({inside: 'r1/again'});
	await eventually('the last run', () => started.length === 1);
	after(limits.chainedRunsMax);
	await ping({inside: 'r1/again'});
	await eventually('a word on it', () => typesIn(daemon.events).includes('trigger.skipped'));
	expect(daemon.events.find(({type}) => type === 'trigger.skipped')?.body).toMatchObject({
		reason: 'chain',
		detail: expect.stringContaining('in a circle'),
	});
	expect(started).toHaveLength(1);
});
