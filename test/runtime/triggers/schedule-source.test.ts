import {describe, expect, test} from 'vitest';
import type {Clock} from '../../../runtime/engine/parts.ts';
import {createSchedulesTable} from '../../../runtime/store/schedules.ts';
import {createScheduleSource, type ScheduleSource} from '../../../runtime/triggers/schedule/source.ts';
import {createTriggerWorld, eventually, tester, typesIn} from './trigger-world.ts';

/** The world of triggers with schedules in it, on a clock that is moved by hand: a Friday, 14:00 UTC. */
const createScheduleWorld = () => {
	const base = createTriggerWorld();
	const {world} = base;
	const waiting = new Set<{readonly atMs: number; readonly callback: () => void}>();
	const clock: Clock = {
		now: () => world.nowMs,
		at(atMs, callback) {
			const entry = {atMs, callback};
			waiting.add(entry);
			return () => waiting.delete(entry);
		},
	};
	const open = async () => {
		let source: ScheduleSource | undefined;
		const daemon = await base.open((desk, {database, journal}) => {
			const onDefect = (error: unknown) => base.defects.push(error);
			source = createScheduleSource({desk, table: createSchedulesTable(database), journal, clock, onDefect});
			return [source];
		});
		return {...daemon, source: source!, trigger: () => daemon.arming.all()[0]!};
	};

	return {
		...base,
		open,
		/** The clock jumps, and whatever waits for a moment until then is called once. */
		jumpTo(iso: string) {
			world.nowMs = Date.parse(iso);
			for (const entry of [...waiting].toSorted((a, b) => a.atMs - b.atMs)) {
				if (entry.atMs > world.nowMs || !waiting.delete(entry)) continue;
				entry.callback();
			}
		},
		/** The clock passes every moment that something waits for, one after the other. */
		async passUntil(iso: string) {
			const endMs = Date.parse(iso);
			for (;;) {
				const [next] = [...waiting].toSorted((a, b) => a.atMs - b.atMs);
				if (!next || next.atMs > endMs) break;
				world.nowMs = Math.max(world.nowMs, next.atMs);
				waiting.delete(next);
				next.callback();
				// The commit, and what the desk does with it.
				for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve));
			}

			world.nowMs = endMs;
		},
		waitingCount: () => waiting.size,
	};
};

const armed = async (settings: string) => {
	const world = createScheduleWorld();
	world.workflow('nightly', `schedule: ${settings}`);
	const daemon = await world.open();
	await daemon.arming.arm(world.workspace, {PATH: '/bin'}, tester);
	/** When the runs that began were scheduled, and how many moments before each were missed. */
	const runs = () =>
		world.started.map(({trigger: {data}}) => `${data.scheduledAt} ${data.missed}${data.late ? ' late' : ''}`);
	return {...world, daemon, runs};
};

type Armed = Awaited<ReturnType<typeof armed>>;
const settled = async ({daemon}: Pick<Armed, 'daemon'>) => {
	await daemon.journal.durable();
	await eventually('the desk to be empty', () => daemon.desk.pendingCount() === 0);
	await daemon.journal.durable();
};
const missedIn = ({daemon: {events}}: Pick<Armed, 'daemon'>) =>
	events.flatMap(({type, body}) => (type === 'trigger.skipped' && body.reason === 'missed' ? [body.detail] : []));

describe('a schedule', () => {
	test('fires at its moments, each once, and says which it was', async () => {
		const world = await armed('{ cron: "0 9 * * *", timezone: Europe/Berlin, overlap: queue }');
		await world.passUntil('2026-11-22T10:00:00Z');
		for (const {id} of world.started) world.daemon.end(id);
		await settled(world);
		expect(world.runs()).toEqual(['2026-11-21T08:00:00.000Z 0', '2026-11-22T08:00:00.000Z 0']);
		expect(world.started[0]).toMatchObject({
			taint: undefined,
			origin: {by: 'schedule', via: 'trigger'},
			trigger: {id: 'schedule', data: {cron: '0 9 * * *', timezone: 'Europe/Berlin', late: false}},
		});
		expect(world.defects).toEqual([]);
	});

	test('fires on through both changes of clocks, once a day', async () => {
		const world = await armed('{ cron: "30 2 * * *", timezone: Europe/Berlin, overlap: cancel-previous }');
		await world.passUntil('2027-11-02T00:00:00Z');
		await settled(world);
		const days = world.started.map(({trigger: {data}}) =>
			new Date(String(data.scheduledAt)).toLocaleDateString('sv', {timeZone: 'Europe/Berlin'}),
		);
		expect(days).toHaveLength(346);
		expect(new Set(days).size).toBe(346);
	});

	test('waits years for a leap day', async () => {
		const world = await armed('{ cron: "0 12 29 2 *", timezone: UTC }');
		await world.passUntil('2028-02-29T11:59:59Z');
		expect(world.runs()).toEqual([]);
		await world.passUntil('2028-02-29T12:00:00Z');
		await settled(world);
		expect(world.runs()).toEqual(['2028-02-29T12:00:00.000Z 0']);
	});

	test('that never fires waits for nothing', async () => {
		const world = await armed('{ cron: "0 0 31 * 1#1", timezone: UTC }');
		expect(world.daemon.source.stateOf(world.daemon.trigger().key)?.nextAtMs).toBeNull();
		expect(world.waitingCount()).toBe(0);
	});

	test('begins nothing while the run before it goes on, and says so', async () => {
		const world = await armed('{ cron: "0 * * * *", timezone: UTC }');
		await world.passUntil('2026-11-20T16:30:00Z');
		await settled(world);
		expect(world.runs()).toEqual(['2026-11-20T15:00:00.000Z 0']);
		expect(world.daemon.events.find(({type}) => type === 'trigger.skipped')?.body).toMatchObject({reason: 'overlap'});
	});

	test('whose expression changes goes by the new one', async () => {
		const world = await armed('{ cron: "0 20 * * *", timezone: UTC }');
		world.workflow('nightly', 'schedule: { cron: "0 18 * * *", timezone: UTC }');
		const next = () => world.daemon.source.stateOf(world.daemon.trigger().key)?.nextAtMs;
		await eventually('the new moment', () => next() === Date.parse('2026-11-20T18:00:00Z'));
		await world.passUntil('2026-11-20T21:00:00Z');
		await settled(world);
		expect(world.runs()).toEqual(['2026-11-20T18:00:00.000Z 0']);
	});
});

describe('five missed moments', () => {
	/** Due at 15:00, 16:00, 17:00, 18:00 and 19:00. */
	const sleepOver = async (catchUp: string) => {
		const world = await armed(`{ cron: "0 * * * *", timezone: UTC, overlap: cancel-previous, catch-up: ${catchUp} }`);
		world.jumpTo('2026-11-20T19:30:00Z');
		await settled(world);
		return world;
	};

	test('one: a single run stands for them', async () => {
		const world = await sleepOver('one');
		expect(world.runs()).toEqual(['2026-11-20T19:00:00.000Z 4 late']);
		expect(missedIn(world)).toEqual(['4 moments were missed; `catch-up: one` has one run for all of them.']);
	});

	test('all: each has its run, in order', async () => {
		const world = await sleepOver('all');
		expect(world.runs()).toEqual([15, 16, 17, 18, 19].map(hour => `2026-11-20T${hour}:00:00.000Z 0 late`));
		expect(missedIn(world)).toEqual([]);
	});

	test('skip: none, and the next one as ever', async () => {
		const world = await sleepOver('skip');
		expect(world.runs()).toEqual([]);
		expect(missedIn(world)).toEqual(['5 moments were missed; `catch-up: skip` lets them go.']);
		await world.passUntil('2026-11-20T20:00:00Z');
		await settled(world);
		expect(world.runs()).toEqual(['2026-11-20T20:00:00.000Z 0']);
		expect(world.daemon.source.stateOf(world.daemon.trigger().key)).toMatchObject({missed: 5});
	});

	test.each([
		['one', ['2026-11-20T19:00:00.000Z 4']],
		['skip', ['2026-11-20T19:00:00.000Z 4']],
	])('the last of which is only just over is on time: %s', async (catchUp, runs) => {
		const world = await armed(`{ cron: "0 * * * *", timezone: UTC, catch-up: ${catchUp} }`);
		world.jumpTo('2026-11-20T19:00:50Z');
		await settled(world);
		expect(world.runs()).toEqual(runs);
	});

	test.each(['one', 'all', 'skip'])('while no daemon ran: %s', async catchUp => {
		const world = await armed(`{ cron: "0 * * * *", timezone: UTC, overlap: cancel-previous, catch-up: ${catchUp} }`);
		await world.daemon.close();
		world.world.nowMs = Date.parse('2026-11-20T19:30:00Z');
		const daemon = await world.open();
		await settled({daemon});
		expect(world.runs()).toHaveLength({one: 1, all: 5, skip: 0}[catchUp]!);
	});
});

describe('a long sleep', () => {
	test('of three days, over a schedule of every second, ends in one run', async () => {
		const world = await armed('{ cron: "* * * * * *", timezone: UTC }');
		world.jumpTo('2026-11-23T14:00:00Z');
		await settled(world);
		expect(world.runs()).toEqual(['2026-11-23T14:00:00.000Z 999']);
		expect(missedIn(world)).toEqual(['999 or more moments were missed; `catch-up: one` has one run for all of them.']);
	});

	test('is made up for by so many runs at most, the latest ones', async () => {
		const world = await armed('{ cron: "* * * * *", timezone: UTC, overlap: cancel-previous, catch-up: all }');
		world.jumpTo('2026-11-23T14:00:30Z');
		await settled(world);
		expect(world.started).toHaveLength(100);
		expect(world.runs()[0]).toBe('2026-11-23T12:21:00.000Z 900 late');
		expect(world.runs().at(-1)).toBe('2026-11-23T14:00:00.000Z 0');
		expect(missedIn(world)).toEqual([
			'900 or more moments were missed beyond the 100 that `catch-up: all` makes up for.',
		]);
	});
});

describe('a clock that is set back', () => {
	test('by less than a day fires nothing until it is past where it was', async () => {
		const world = await armed('{ cron: "0 * * * *", timezone: UTC, overlap: cancel-previous }');
		await world.passUntil('2026-11-20T17:30:00Z');
		expect(world.started).toHaveLength(3);
		world.jumpTo('2026-11-20T14:30:00Z');
		await world.passUntil('2026-11-20T17:59:00Z');
		await settled(world);
		expect(world.started).toHaveLength(3);
		await world.passUntil('2026-11-20T18:00:00Z');
		await settled(world);
		expect(world.started).toHaveLength(4);
	});

	test('by years, because it had been wrong, does not silence the schedule, and fires nothing twice', async () => {
		const world = await armed('{ cron: "0 * * * *", timezone: UTC, overlap: cancel-previous }');
		await world.passUntil('2026-11-20T15:30:00Z');
		world.jumpTo('2030-01-01T00:30:00Z');
		await settled(world);
		expect(world.runs().at(-1)).toBe('2030-01-01T00:00:00.000Z 999 late');
		world.world.nowMs = Date.parse('2026-11-20T14:40:00Z');
		await world.daemon.close();
		const daemon = await world.open();
		await world.passUntil('2026-11-20T16:30:00Z');
		await settled({daemon});
		expect(world.runs().map(run => run.slice(0, 16))).toEqual([
			'2026-11-20T15:00',
			'2030-01-01T00:00',
			'2026-11-20T16:00',
		]);
	});
});

describe('one moment', () => {
	test('is never fired twice by two rooms on the same store', async () => {
		const world = await armed('{ cron: "0 * * * *", timezone: UTC, overlap: cancel-previous }');
		const other = await world.open();
		await world.passUntil('2026-11-20T17:30:00Z');
		await settled(world);
		await settled({daemon: other});
		expect(world.runs()).toEqual([15, 16, 17].map(hour => `2026-11-20T${hour}:00:00.000Z 0`));
		expect(world.defects).toEqual([]);
	});

	test('is neither lost nor doubled by a kill before it is durable', async () => {
		const world = await armed('{ cron: "0 * * * *", timezone: UTC }');
		await world.daemon.journal.durable();
		world.daemon.pullPlug();
		world.jumpTo('2026-11-20T15:00:00Z');
		await world.daemon.close();
		expect(world.runs()).toEqual([]);
		const daemon = await world.open();
		await settled({daemon});
		expect(world.runs()).toEqual(['2026-11-20T15:00:00.000Z 0']);
	});

	test('nor by a kill between that and the beginning of its run', async () => {
		const world = await armed('{ cron: "0 * * * *", timezone: UTC }');
		world.jumpTo('2026-11-20T15:00:00Z');
		// The firing is written; its run is not.
		world.daemon.journal.flush();
		world.daemon.pullPlug();
		await world.daemon.close();
		expect(world.runs()).toEqual([]);
		const daemon = await world.open();
		await settled({daemon});
		expect(world.runs()).toEqual(['2026-11-20T15:00:00.000Z 0']);
		expect(typesIn(daemon.events)).toContain('trigger.fired');
	});

	test('that was missed sees that the run before the restart is still open', async () => {
		const world = await armed('{ cron: "0 * * * *", timezone: UTC }');
		await world.passUntil('2026-11-20T15:00:00Z');
		await settled(world);
		await world.daemon.close();
		world.world.nowMs = Date.parse('2026-11-20T16:30:00Z');
		const daemon = await world.open();
		await settled({daemon});
		expect(world.runs()).toHaveLength(1);
		expect(daemon.events.find(({type}) => type === 'trigger.skipped')?.body).toMatchObject({reason: 'overlap'});
	});
});

describe('a paused schedule', () => {
	test('fires nothing, over restarts too, and owes nothing when it is resumed', async () => {
		const world = await armed('{ cron: "0 * * * *", timezone: UTC }');
		await world.daemon.source.pause(world.daemon.trigger(), tester, 'holidays');
		await world.passUntil('2026-11-20T16:30:00Z');
		await world.daemon.close();
		const daemon = await world.open();
		expect(daemon.source.stateOf(daemon.trigger().key)?.paused).toMatchObject({reason: 'holidays', origin: tester});
		await world.passUntil('2026-11-20T17:30:00Z');
		expect(await daemon.source.resume(daemon.trigger(), tester)).toBe(true);
		expect(await daemon.source.resume(daemon.trigger(), tester)).toBe(false);
		await world.passUntil('2026-11-20T18:00:00Z');
		await settled({daemon});
		expect(world.runs()).toEqual(['2026-11-20T18:00:00.000Z 0']);
		expect(typesIn(world.daemon.events)).toContain('schedule.paused');
		expect(typesIn(daemon.events)).toContain('schedule.resumed');
	});

	test('can be fired by hand', async () => {
		const world = await armed('{ cron: "0 * * * *", timezone: UTC }');
		await world.daemon.source.pause(world.daemon.trigger(), tester, null);
		const {runId} = await world.daemon.source.run(world.daemon.trigger(), tester);
		await settled(world);
		expect(world.started).toMatchObject([{id: runId, origin: tester}]);
	});
});

test('a schedule that is disarmed is owed nothing when it is armed again', async () => {
	const world = await armed('{ cron: "0 * * * *", timezone: UTC }');
	await world.daemon.arming.disarm(world.workspace, tester);
	expect(world.waitingCount()).toBe(0);
	world.jumpTo('2026-11-20T18:30:00Z');
	await world.daemon.arming.arm(world.workspace, {}, tester);
	await world.passUntil('2026-11-20T19:00:00Z');
	await settled(world);
	expect(world.runs()).toEqual(['2026-11-20T19:00:00.000Z 0']);
});
