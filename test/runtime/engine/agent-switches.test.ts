import {expect, test} from 'vitest';
import {preferredFirst} from '../../../runtime/engine/choose-agent.ts';
import {inTemporaryFolder} from '../../bench/engine-under-test.ts';
import {completed, failedWith, openWorld} from './agents-world.ts';
import {definitionOf} from './simulation.ts';

const asks = definitionOf('---\nname: asks\nagent: [claude, codex]\n---\n# Asks\n\n## a\nDo it.\n');
const ada = {by: 'ada', via: 'command'};
const works = async () => completed;

test('a disabled agent is given no attempts, also by the next daemon, until it is enabled', async () => {
	await inTemporaryFolder(async folder => {
		const agents = {claude: works, codex: works};
		const before = openWorld(folder, {agents});
		before.agentSwitches.disable('claude', ada, 'too dear');
		const first = await before.begin(asks);
		await expect.poll(() => before.run(first).phase).toBe('completed');
		expect(before.started).toEqual(['a:codex']);
		expect(before.ofType('agent.switched')[0]?.body).toMatchObject({
			...{from: 'claude', to: 'codex', reason: 'disabled', detail: 'disabled by ada: too dear'},
		});
		before.close();

		const next = openWorld(folder, {agents});
		expect(next.agentSwitches.all()).toMatchObject([{name: 'claude', origin: ada, reason: 'too dear'}]);
		const second = await next.begin(asks);
		await expect.poll(() => next.run(second).phase).toBe('completed');
		expect(next.agentSwitches.enable('claude', ada)).toBe(true);
		expect(next.agentSwitches.enable('claude', ada)).toBe(false);
		const third = await next.begin(asks);
		await expect.poll(() => next.run(third).phase).toBe('completed');
		expect(next.started).toEqual(['a:codex', 'a:claude']);
		expect(next.ofType('agent.enabled')).toHaveLength(1);
		next.close();
	});
});

test('where all are disabled the step fails with that, and is not tried again', async () => {
	await inTemporaryFolder(async folder => {
		const world = openWorld(folder, {agents: {claude: works, codex: works}});
		for (const name of ['claude', 'codex']) world.agentSwitches.disable(name, ada);
		const id = await world.begin(asks);
		await expect.poll(() => world.run(id).phase).toBe('failed');
		expect(world.run(id).failure).toMatchObject({
			code: 'agent.disabled',
			message: 'Step "a" failed: No agent may be asked: claude: disabled by ada; codex: disabled by ada.',
		});
		expect(world.started).toEqual([]);
		world.close();
	});
});

test('no failover goes to one that is disabled while another works', async () => {
	await inTemporaryFolder(async folder => {
		const world = openWorld(folder, {
			agents: {
				async claude() {
					world.agentSwitches.disable('codex', ada);
					return failedWith('agent.crashed');
				},
				codex: works,
			},
		});
		const id = await world.begin(asks);
		await expect.poll(() => world.run(id).phase).toBe('failed');
		expect(world.started).toEqual(['a:claude']);
		expect(world.run(id).failure?.message).toContain('codex: disabled by ada');
		world.close();
	});
});

test('what runs goes on when its agent is disabled', async () => {
	await inTemporaryFolder(async folder => {
		const world = openWorld(folder, {
			agents: {
				async claude() {
					world.agentSwitches.disable('claude', ada);
					return completed;
				},
				codex: works,
			},
		});
		const id = await world.begin(asks);
		await expect.poll(() => world.run(id).phase).toBe('completed');
		world.close();
	});
});

test('a preferred agent is asked first where a step may ask it, also by the next daemon, and nowhere else', async () => {
	await inTemporaryFolder(async folder => {
		const agents = {claude: works, codex: works, gemini: works};
		const before = openWorld(folder, {agents});
		before.agentSwitches.prefer('codex', ada);
		const first = await before.begin(asks);
		await expect.poll(() => before.run(first).phase).toBe('completed');
		before.close();

		const next = openWorld(folder, {agents});
		expect(next.agentSwitches.preferred()).toBe('codex');
		const second = await next.begin(asks);
		await expect.poll(() => next.run(second).phase).toBe('completed');
		const elsewhere = await next.begin(
			definitionOf('---\nname: other\nagent: [gemini, claude]\n---\n# Other\n\n## b\nDo it.\n'),
		);
		await expect.poll(() => next.run(elsewhere).phase).toBe('completed');
		next.agentSwitches.prefer(undefined, ada);
		const third = await next.begin(asks);
		await expect.poll(() => next.run(third).phase).toBe('completed');
		expect([...before.started, ...next.started]).toEqual(['a:codex', 'a:codex', 'b:gemini', 'a:claude']);
		next.close();
	});
});

test('the preferred one goes to the head of a list that has it', () => {
	expect(preferredFirst(['a', 'b', 'c'], 'c')).toEqual(['c', 'a', 'b']);
	expect(preferredFirst(['a', 'b'], 'c')).toEqual(['a', 'b']);
});
