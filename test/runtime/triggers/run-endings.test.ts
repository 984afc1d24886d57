import {describe, expect, test} from 'vitest';
import {createEndedRuns} from '../../../runtime/store/ended-runs.ts';
import {createRunEndings} from '../../../runtime/triggers/run-endings.ts';
import type {RunState} from '../../../source/run/state.ts';
import {createTriggerWorld, eventually, tester} from './trigger-world.ts';

type Phase = 'completed' | 'failed' | 'cancelled';

const chained = async (on = 'run: { workflow: build, status: [completed, failed] }') => {
	const world = createTriggerWorld();
	world.workflow('deploy', on);
	const states = new Map<string, RunState>();
	let count = 0;
	const open = async () => {
		const daemon = await world.open((desk, {journal, database, subscribe, onDefect}) => [
			createRunEndings({
				...{desk, journal, endedRuns: createEndedRuns(database), subscribe, onDefect},
				runOf: id => states.get(id),
			}),
		]);
		/** A run ends: its last event is journalled, as by the engine. */
		const end = (id: string, phase: Phase = 'completed', more: object = {}) => {
			const key = ++count;
			states.set(id, {
				...{id, number: key, workflow: {name: 'build', hash: '', file: ''}, workspace: world.workspace, phase},
				...{outputs: {version: '1.2'}, ...more},
			} as unknown as RunState);
			daemon.journal.project(() =>
				daemon.database.exec(
					`INSERT INTO runs (run, id, number, workflow, workspace, status, is_open, created_at_ms, summary)
					VALUES (${key}, '${id}', ${key}, 'build', '', '${phase}', 0, 0, '{}')`,
				),
			);
			const run = {id, key};
			if (phase === 'completed') daemon.journal.append(run, 1, {type: 'run.completed', body: {outputs: {}}}, 0);
			else daemon.journal.append(run, 1, {type: 'run.cancelled', body: {reason: 'asked for'}}, 0);
		};
		return {...daemon, chainEnd: end};
	};
	const daemon = await open();
	await daemon.arming.arm(world.workspace, {}, tester);
	return {...world, daemon, reopen: open};
};

describe('a run that ended', () => {
	test('starts the runs that wait for it, with what became of it and its taint', async () => {
		const {daemon, started} = await chained();
		daemon.chainEnd('r1', 'completed', {taint: 'webhook /github'});
		await eventually('the run', () => started.length === 1);
		expect(started[0]).toMatchObject({
			taint: 'webhook /github',
			origin: {by: 'build 1', via: 'run'},
			trigger: {
				kind: 'run',
				data: {
					run: {id: 'r1', number: 1, workflow: 'build', status: 'completed', outputs: {version: '1.2'}, failure: null},
					chain: 1,
				},
			},
		});
	});

	test('starts nothing with another status, of another workflow or workspace, or as a step of another run', async () => {
		const {daemon, started} = await chained();
		daemon.chainEnd('r1', 'cancelled');
		daemon.chainEnd('r2', 'completed', {workflow: {name: 'other'}});
		daemon.chainEnd('r3', 'completed', {workspace: '/elsewhere'});
		daemon.chainEnd('r4', 'completed', {parent: {runId: 'r1', stepId: 'use', attempt: 1, depth: 1}});
		daemon.chainEnd('r5');
		await eventually('the run', () => started.length > 0);
		expect(started.map(({trigger}) => (trigger.data.run as {id: string}).id)).toEqual(['r5']);
	});

	test('starts them once, also when it ends a second time', async () => {
		const {daemon, started, events} = await chained().then(all => ({...all, events: all.daemon.events}));
		daemon.chainEnd('r1');
		await eventually('the run', () => started.length === 1);
		daemon.journal.append({id: 'r1', key: 1}, 2, {type: 'run.completed', body: {outputs: {}}}, 0);
		daemon.chainEnd('r2');
		await eventually('the other run', () => started.length === 2);
		expect(events.filter(({type}) => type === 'trigger.fired')).toHaveLength(2);
	});

	test('with more outputs than a trigger may hold hands over the rest', async () => {
		const {daemon, started} = await chained();
		daemon.chainEnd('r1', 'completed', {outputs: {text: 'x'.repeat(300_000)}});
		await eventually('the run', () => started.length === 1);
		expect(started[0]!.trigger.data.run).toMatchObject({id: 'r1', outputs: null});
	});
});

describe('a daemon that is killed', () => {
	test('between the end of a run and what it starts: the next one starts it, once', async () => {
		const {daemon, started, reopen} = await chained();
		daemon.chainEnd('r1');
		await eventually('the first', () => started.length === 1);
		daemon.journal.flush();
		// The end of the run is the last thing that becomes durable.
		daemon.chainEnd('r2');
		daemon.journal.flush();
		daemon.pullPlug();
		await daemon.close();
		const next = await reopen();
		await eventually('the second', () => next.desk.pendingCount() === 0 && started.length >= 2);
		const ids = started.map(({trigger}) => (trigger.data.run as {id: string}).id);
		expect(ids).toEqual(['r1', 'r2']);
	});

	test('what ended before anything waited for it starts nothing', async () => {
		const world = await chained('event: ping');
		world.daemon.chainEnd('r1');
		world.daemon.journal.flush();
		world.workflow('deploy', 'run: { workflow: build }');
		await eventually('the trigger', () => world.daemon.arming.all()[0]?.trigger.kind === 'run');
		world.daemon.chainEnd('r2');
		await eventually('the run', () => world.started.length === 1);
		expect(world.started[0]!.trigger.data.run).toMatchObject({id: 'r2'});
	});
});
