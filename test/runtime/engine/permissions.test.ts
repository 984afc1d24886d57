import {expect, test} from 'vitest';
import type {AgentAction} from '../../../source/run/events.ts';
import {inTemporaryFolder} from '../../bench/engine-under-test.ts';
import {type AgentScript, type AgentsWorld, completed, openWorld, type WorldOptions} from './agents-world.ts';
import {definitionOf} from './simulation.ts';

const step = (settings: string, frontmatter = '') =>
	definitionOf(
		`---\nname: ask\nagent: claude\n${frontmatter}---\n# Ask\n\n## work\n\`\`\`yaml step\n${settings}\n\`\`\`\nDo it.\n`,
	);

/** Asks for each action in turn, and ends when all are answered. */
const asks =
	(world: () => AgentsWorld, ...actions: AgentAction[]): AgentScript =>
	async ({runId, stepId, attempt}, {report}) => {
		for (const [index, action] of actions.entries()) {
			const approvalId = `${runId}-${attempt}-${index}`;
			const options = [
				{id: 'once', label: 'Allow', isAllow: true},
				{id: 'always', label: 'Always', isAllow: true},
				{id: 'no', label: 'No', isAllow: false},
			];
			await report([
				{
					type: 'approval.requested',
					body: {approvalId, stepId, attempt, kind: 'permission', question: 'May I?', options, action},
				},
			]);
			await expect.poll(() => world().run(runId).approvals[approvalId]!.status).not.toBe('open');
		}

		return completed;
	};

const inWorld = (
	actions: readonly AgentAction[],
	options: Omit<WorldOptions, 'agents'>,
	use: (world: AgentsWorld) => Promise<void>,
) =>
	inTemporaryFolder(async folder => {
		let world: AgentsWorld | undefined;
		world = openWorld(folder, {...options, agents: {claude: asks(() => world!, ...actions)}});
		try {
			await use(world);
		} finally {
			world.close();
		}
	});

const ended = (world: AgentsWorld, id: string) => expect.poll(() => world.run(id).phase).not.toBe('open');
const asked = async (world: AgentsWorld, id: string) => {
	await expect.poll(() => world.openApprovals(id).length).toBe(1);
	return world.openApprovals(id)[0]!;
};
const run = (command: string): AgentAction => ({kind: 'run', command});

test('rules of step, workflow and workspace answer by themselves, and leave a trace', async () => {
	const actions = [run('npm test'), run('npm run lint'), run('git push'), run('ls')];
	const rules = [{run: ['ls', '!git push*']}];
	await inWorld(actions, {rules}, async world => {
		const id = await world.begin(
			step('permissions: { run: [npm test, git push] }', 'permissions: { run: [npm run *] }\n'),
		);
		await ended(world, id);
		const answers = Object.values(world.run(id).approvals);
		expect(answers.map(({status, rule, optionId, origin}) => [status, rule, optionId, origin?.by])).toEqual([
			['approved', 'run: npm test', 'once', 'permissions'],
			['approved', 'run: npm run *', 'once', 'permissions'],
			['rejected', 'run: !git push*', 'no', 'permissions'],
			['approved', 'run: ls', 'once', 'permissions'],
		]);
	});
});

test('"for this run" answers the same again, and only that', async () => {
	await inWorld([run('npm i a'), run('npm i a'), run('npm i b')], {}, async world => {
		const id = await world.begin(step('timeout: 5m'));
		await world.answer(id, (await asked(world, id)).id, true, {forRun: true});
		const second = await asked(world, id);
		expect(second.action).toEqual(run('npm i b'));
		expect(Object.values(world.run(id).approvals)[1]).toMatchObject({status: 'approved', rule: 'run: npm i a'});
		await world.answer(id, second.id, false);
		await ended(world, id);
	});
});

test('what comes from strangers: read-only, and no allowance of workflow or workspace counts', async () => {
	const rules = [{run: ['ls', '!rm *']}];
	await inWorld([run('ls'), run('rm x')], {rules}, async world => {
		const id = await world.begin(step('timeout: 5m', 'permissions: { run: [ls] }\n'), {taint: 'webhook /issues'});
		const question = await asked(world, id);
		expect(world.contexts[0]!.access).toBe('read-only');
		expect(question.action).toEqual(run('ls'));
		await world.answer(id, question.id, true);
		await ended(world, id);
		expect(Object.values(world.run(id).approvals)[1]).toMatchObject({status: 'rejected', rule: 'run: !rm *'});
		expect(world.run(id).steps.work!.attempts[0]!.access).toBe('read-only');
	});
});

test('a step that says itself what it may is not read-only', async () => {
	await inWorld([run('ls')], {}, async world => {
		const id = await world.begin(step('permissions: { run: [ls] }'), {taint: 'webhook /issues'});
		await ended(world, id);
		expect(world.run(id).phase).toBe('completed');
		expect(world.contexts[0]!.access ?? 'ask').toBe('ask');
	});
});
