import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {packageFolder} from '../../source/install.ts';
import {startModelServer} from '../agents/model-server.ts';
import {chosenAgents, environmentOf, homeOf, install} from '../agents/real-agents.ts';
import {isAlive, openSession, type Session, typesOf, until, workflowOf} from './session.ts';

let session: Session;

beforeEach(() => {
	session = openSession();
});

afterEach(() => session.close());

const scripted = path.join(packageFolder, 'test/agents/scripted-agent.ts');
const describeAgent = (scene: string) =>
	session.write(
		'.aiworkflow/agents.yaml',
		`agents:\n  scripted:\n    command: ${process.execPath}\n    args: [${scripted}, ${scene}]\n`,
	);
const asking = (agents = '[scripted]', prompt = 'Do the work.') =>
	session.write(
		'ask.md',
		workflowOf(
			'ask',
			`## work\n${prompt}\n\n## after\n\`\`\`sh run\necho after >> log\n\`\`\`\n`,
			`agent: ${agents}\n`,
		),
	);

const openPermission = async (runId: string) => {
	const client = await session.client();
	let found: Awaited<ReturnType<typeof client.approvals>>['approvals'][number] | undefined;
	await until('the permission', async () => {
		found = (await client.approvals()).approvals.find(approval => approval.runId === runId);
		return found !== undefined;
	});
	return found!;
};

test('the agents of an untrusted workspace are not started; trust arms them, a change disarms them', async () => {
	describeAgent('text');
	const file = asking();
	const refused = await session.aiworkflow(['run', file]);
	expect(refused.code).toBe(5);
	expect(refused.stderr).toContain('aiworkflow trust');
	expect((await session.aiworkflow(['trust', '--yes'])).code).toBe(0);
	expect((await session.aiworkflow(['run', file])).code).toBe(0);
	describeAgent('tool');
	expect((await session.aiworkflow(['run', file])).code).toBe(5);
});

test('an agent answers, its cost and tokens are kept, and the next step goes on', async () => {
	describeAgent('text');
	await session.aiworkflow(['trust', '--yes']);
	const {code, stdout} = await session.aiworkflow(['run', asking(), '--json']);
	expect(code).toBe(0);
	const types = stdout
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line).type);
	expect(types).toContain('agent.session-started');
	expect(types).toContain('usage.recorded');
	const {runId} = JSON.parse(stdout.split('\n')[0]!);
	const shown = JSON.parse((await session.aiworkflow(['runs', 'show', runId, '--json'])).stdout);
	expect(shown.steps[0]).toMatchObject({
		kind: 'agent',
		status: 'completed',
		agent: {id: 'scripted', isReplay: false},
		text: {preview: 'Hello from the script.'},
		costUsd: 0.00412,
	});
});

test('a permission request is an approval: --yes does not give it, a person does', async () => {
	describeAgent('permission');
	await session.aiworkflow(['trust', '--yes']);
	const runId = await session.start(asking(), {approveAll: true});
	const permission = await openPermission(runId);
	expect(permission).toMatchObject({kind: 'permission', status: 'open', stepId: 'work'});
	expect(permission.question).toContain('Writing a file');
	expect(permission.preview).toContain('new');
	const {code} = await session.aiworkflow(['approvals', 'approve', permission.id]);
	expect(code).toBe(0);
	expect((await session.finish(runId)).at(-1)?.type).toBe('run.completed');
	expect(readFileSync(path.join(session.workspace, 'out.txt'), 'utf8')).toBe('new\n');
});

test('a rejected permission reaches the agent, which goes on without', async () => {
	describeAgent('permission');
	await session.aiworkflow(['trust', '--yes']);
	const runId = await session.start(asking());
	const {id} = await openPermission(runId);
	await session.aiworkflow(['approvals', 'reject', id, '--comment', 'not that file']);
	await session.finish(runId);
	expect(existsSync(path.join(session.workspace, 'out.txt'))).toBe(false);
	const run = await (await session.client()).run(runId);
	expect(run.steps[0]?.text?.preview).toBe('Then not.');
});

test('the daemon is killed while an agent asks: the agent is not started again and gets the answer', async () => {
	describeAgent('permission');
	await session.aiworkflow(['trust', '--yes']);
	const runId = await session.start(asking());
	const {id} = await openPermission(runId);
	const {pid} = await (await session.client()).health();
	process.kill(pid, 'SIGKILL');
	await until('the daemon to be gone', () => !isAlive(pid));
	await session.aiworkflow(['approvals', 'approve', id]);
	const events = await session.finish(runId);
	expect(events.at(-1)?.type).toBe('run.completed');
	expect(events.filter(event => event.type === 'attempt.started' && event.body.stepId === 'work')).toHaveLength(1);
	expect(events.filter(event => event.type === 'approval.requested')).toHaveLength(1);
	expect(events.filter(event => event.type === 'agent.session-started')).toHaveLength(1);
	expect(existsSync(path.join(session.workspace, 'out.txt'))).toBe(true);
});

test('an agent that nobody described is said before anything runs', async () => {
	const {code, stderr} = await session.aiworkflow(['run', asking('[nobody]')]);
	expect(code).toBe(2);
	expect(stderr).toContain('nobody');
});

test.each(chosenAgents())(
	'the real $name, built in, works through daemon and commands: it asks, is allowed, and writes the file',
	{timeout: 600_000},
	async agent => {
		const server = await startModelServer();
		try {
			install(agent);
			if (agent.protocol)
				session.write('.aiworkflow/agents.yaml', `agents: {${agent.id}: {protocol: ${agent.protocol}}}\n`);
			await session.aiworkflow(['trust', '--yes']);
			const environment = environmentOf(agent, homeOf(agent), server.urlOf('write'));
			const written = path.join(session.workspace, 'written.txt');
			const file = asking(`[${agent.id}]\nmodel: ${agent.model}`, `Please WRITE:${written}`);
			const detached = await session.aiworkflow(['run', file, '--detach', '--json'], {environment});
			expect(detached.stderr).toBe('');
			const {runId} = JSON.parse(detached.stdout);
			const {write, costMicroUsd} = agent.seen;
			if (typeof write === 'object') {
				const permission = await openPermission(runId);
				await session.aiworkflow(['approvals', 'approve', permission.id]);
			}

			const events = await session.finish(runId);
			expect(events.at(-1)?.type).toBe('run.completed');
			const run = await (await session.client()).run(runId);
			expect(run.steps[0]).toMatchObject({agent: {id: agent.id, isReplay: false}});
			if (costMicroUsd !== null) expect(run.steps[0]!.costUsd).toBeGreaterThan(0);
			expect(run.steps[0]!.tokens?.input).toBeGreaterThanOrEqual(1200);
			expect(existsSync(written)).toBe(write !== 'refused');
			if (write !== 'refused') expect(readFileSync(written, 'utf8')).toContain('stand-in');
			expect(typesOf(events).includes('approval.requested')).toBe(typeof write === 'object');
			expect(readFileSync(path.join(session.workspace, 'log'), 'utf8')).toBe('after\n');
		} finally {
			await server.close();
		}
	},
);
