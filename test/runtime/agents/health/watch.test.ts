import {expect, test} from 'vitest';
import {createHealthWatch} from '../../../../runtime/agents/health/watch.ts';
import {limits} from '../../../../source/limits.ts';
import {fakeClock} from '../../engine/agents-world.ts';

const interval = limits.agentCheckIntervalMs;

/** A watch whose looks are counted; `healthy` says what they find. */
const open = () => {
	const time = fakeClock();
	const looks: string[] = [];
	const changes: string[] = [];
	const state = {isDraining: false, healthy: true, isUnknown: false};
	const watch = createHealthWatch({
		clock: time.clock,
		isDraining: () => state.isDraining,
		async examine(workspace, agent, environment) {
			looks.push(`${workspace} ${agent} ${environment.PATH}`);
			if (state.isUnknown) throw new Error('There is no such agent.');
			const detail = state.healthy ? null : 'gone';
			const health = {id: agent, adapter: 'acp', command: agent, isHealthy: state.healthy, version: null, detail};
			return {...health, login: 'unknown', latencyMs: 1, checkedAt: ''};
		},
		onChange: (workspace, {id, isHealthy}) => void changes.push(`${workspace} ${id} ${isHealthy}`),
	});
	/** Lets the interval pass, and the looks that follow. */
	const pass = async (ms = interval) => {
		time.pass(ms);
		for (let turn = 0; turn < 20; turn++) await Promise.resolve();
	};

	return {watch, looks, changes, state, pass};
};

test('an agent that a run used is looked at again and again, for an hour, in the environment of that run', async () => {
	const {watch, looks, pass} = open();
	watch.note('/w', 'claude', {PATH: '/old'});
	watch.note('/w', 'claude', {PATH: '/new'});
	expect(looks).toEqual([]);
	await pass();
	await pass();
	expect(looks).toEqual(['/w claude /new', '/w claude /new']);
	for (let passed = 2 * interval; passed <= limits.agentWatchMs + 2 * interval; passed += interval) await pass();
	expect(looks).toHaveLength(limits.agentWatchMs / interval);
	watch.note('/w', 'claude', {PATH: '/again'});
	await pass();
	expect(looks.at(-1)).toBe('/w claude /again');
});

test('nothing is told while nothing changes; a change is told once, and the change back', async () => {
	const {watch, changes, state, pass} = open();
	watch.note('/w', 'claude', {});
	await pass();
	expect(changes).toEqual([]);
	state.healthy = false;
	await pass();
	await pass();
	expect(changes).toEqual(['/w claude false']);
	state.healthy = true;
	await pass();
	await pass();
	expect(changes).toEqual(['/w claude false', '/w claude true']);
});

test('one that broke is looked at until it works again, however long that takes, unless it is no longer described', async () => {
	const {watch, looks, changes, state, pass} = open();
	watch.note('/w', 'claude', {});
	state.healthy = false;
	await pass();
	for (let passed = 0; passed <= 2 * limits.agentWatchMs; passed += interval) await pass();
	expect(changes).toEqual(['/w claude false']);
	state.isUnknown = true;
	await pass();
	const count = looks.length;
	await pass();
	await pass();
	expect(looks).toHaveLength(count);
});

test('agents of two workspaces are two, whatever their names', async () => {
	const {watch, changes, state, pass} = open();
	watch.note('/w', 'claude', {});
	watch.note('/v', 'claude', {});
	state.healthy = false;
	await pass();
	expect(changes).toEqual(['/w claude false', '/v claude false']);
});

test('a daemon that drains looks at nothing, and goes on when it begins again', async () => {
	const {watch, looks, state, pass} = open();
	watch.note('/w', 'claude', {});
	state.isDraining = true;
	await pass();
	expect(looks).toEqual([]);
	state.isDraining = false;
	await pass();
	expect(looks).toHaveLength(1);
});

test('a watch that is stopped looks and tells no more', async () => {
	const {watch, looks, changes, state, pass} = open();
	watch.note('/w', 'claude', {});
	await pass();
	state.healthy = false;
	watch.stop();
	await pass();
	watch.note('/w', 'codex', {});
	await pass();
	expect(looks).toHaveLength(1);
	expect(changes).toEqual([]);
});
