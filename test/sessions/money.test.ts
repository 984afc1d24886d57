import {execFileSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {packageFolder} from '../../source/install.ts';
import type {ApprovalView} from '../../source/run/views.ts';
import {isAlive, openSession, type Session, until, workflowOf} from './session.ts';

let session: Session;

beforeEach(() => {
	session = openSession();
});

afterEach(() => session.close());

const scripted = path.join(packageFolder, 'test/agents/scripted-agent.ts');

/** Agents of the workspace, each playing a scene; trusted. */
const withAgents = async (scenes: Readonly<Record<string, string>>, more = '') => {
	const entries = Object.entries(scenes).map(
		([id, scene]) =>
			`  ${id}:\n    command: ${process.execPath}\n    args: [${scripted}, ${scene}]\n${more.replaceAll(/^/gm, more ? '    ' : '')}\n`,
	);
	session.write('.aiworkflow/agents.yaml', `agents:\n${entries.join('')}`);
	expect((await session.aiworkflow(['trust', '--yes'])).code).toBe(0);
};

const openQuestion = async (runId: string): Promise<ApprovalView> => {
	const client = await session.client();
	let found: ApprovalView | undefined;
	await until('the question', async () => {
		found = (await client.approvals()).approvals.find(approval => approval.runId === runId);
		return found !== undefined;
	});
	return found!;
};

const killDaemon = async () => {
	const {pid} = await (await session.client()).health();
	process.kill(pid, 'SIGKILL');
	await until('the daemon to be gone', () => !isAlive(pid));
};

test('one agent is limited, one hangs, the third does it: the lines, the view and the costs tell the story', async () => {
	await withAgents({limited: 'e429', hangs: 'hang', good: 'text'});
	const file = session.write(
		'chain.md',
		workflowOf('chain', '## work\n```yaml step\nidle-timeout: 1s\n```\nDo it.\n', 'agent: [limited, hangs, good]\n'),
	);
	const {code, stdout} = await session.aiworkflow(['run', file]);
	expect(code).toBe(0);
	expect(stdout).toContain('⇄ work  limited → hangs: rate limited');
	expect(stdout).toContain('⇄ work  hangs → good: timed out');
	const {runs} = await (await session.client()).runs();
	const {id} = runs[0]!;
	const shown = (await session.aiworkflow(['runs', 'show', id])).stdout;
	expect(shown).toMatch(/⇄ limited → hangs +rate limited/);
	expect(shown).toMatch(/⇄ hangs → good +timed out/);
	const view = JSON.parse((await session.aiworkflow(['runs', 'show', id, '--json'])).stdout);
	expect(view.steps[0]).toMatchObject({
		agent: {id: 'good'},
		knownCostUsd: 0.00412,
		// The one that hung had begun, and told nothing of what it used.
		costUsd: null,
		attempts: [
			{agent: 'limited', next: 'failover', failure: {code: 'agent.rate-limited'}},
			{agent: 'hangs', next: 'failover', failure: {code: 'attempt.stalled'}},
			{agent: 'good', next: null},
		],
	});
	const summary = JSON.parse((await session.aiworkflow(['costs', 'summary', '--by', 'agent', '--json'])).stdout);
	expect(summary.total.knownCostUsd).toBe(0.00412);
});

test('$0.01 for three steps of $0.0041: asked after a kill -9 as well, extended, forked', async () => {
	await withAgents({good: 'text'}, 'profile: {cost: {request: 0.0041}}');
	const steps = ['a', 'b', 'c'].map(id => `## ${id}\nDo ${id}.\n`).join('\n');
	const file = session.write('spend.md', workflowOf('spend', steps, 'agent: good\nbudget: 0.01\n'));
	const {code, stdout} = await session.aiworkflow(['run', file, '--no-wait-approvals']);
	expect(code).toBe(6);
	expect(stdout).toContain('! c ');
	const {id} = (await (await session.client()).runs()).runs[0]!;
	expect((await session.aiworkflow(['runs', 'show', id])).stdout).toContain(
		'likely $0.01 in all; more than $0.01 in step c',
	);
	const question = await openQuestion(id);
	expect(question).toMatchObject({kind: 'budget', stepId: 'c', unit: 'usd'});
	await killDaemon();
	const listed = await session.aiworkflow(['approvals', 'list']);
	expect(listed.stdout).toContain('$0.0082 of $0.01 of the budget of this run are spent');
	expect((await session.aiworkflow(['approvals', 'approve', question.id, '--extend', '0.005'])).code).toBe(0);
	const events = await session.finish(id);
	expect(events.at(-1)?.type).toBe('run.completed');
	expect(events.filter(({type}) => type === 'attempt.started')).toHaveLength(3);
	expect(events.find(({type}) => type === 'budget.extended')?.body).toMatchObject({by: 5000});

	const fork = JSON.parse((await session.aiworkflow(['runs', 'fork', id, '--from', 'c', '--json'])).stdout);
	expect(await openQuestion(fork.runId)).toMatchObject({
		stepId: 'c',
		question: expect.stringContaining('$0.0082 of $0.01'),
	});
	const lines = JSON.parse((await session.aiworkflow(['costs', 'list', '--json'])).stdout).costs;
	expect(lines.reduce((sum: number, {costUsd}: {costUsd: number}) => sum + costUsd, 0)).toBeCloseTo(0.01236, 6);
});

/** Process states of the agent's group: `T` is stopped. */
const statesOf = (group: number): string[] =>
	execFileSync('ps', ['-eo', 'pgid=,stat='], {encoding: 'utf8'})
		.trim()
		.split('\n')
		.map(line => line.trim().split(/\s+/))
		.filter(([pgid]) => Number(pgid) === group)
		.map(([, state]) => state![0]!);

test('an agent that spends too much is held where it is, also while the daemon is killed, and goes on with the yes', async () => {
	await withAgents({greedy: 'spend'});
	const file = session.write(
		'greedy.md',
		workflowOf('greedy', '## a\nSpend.\n', 'agent: greedy\nbudget: { usd: 0.005, on-unknown-cost: allow }\n'),
	);
	const runId = await session.start(file);
	const question = await openQuestion(runId);
	expect(question.question).toMatch(
		/^The budget of this run is exceeded: \$0\.00\d+ are spent of \$0\.0050\. Spend more on "a"\?$/,
	);
	const folder = path.join(session.stateFolder, 'runs', runId, 'steps', 'a', '1');
	const {pid} = JSON.parse(readFileSync(path.join(folder, 'agent.json'), 'utf8')) as {pid: number};
	await until('the agent to be held', () => statesOf(pid).every(state => state === 'T'));
	const linesHeld = readFileSync(path.join(folder, 'events.ndjson'), 'utf8').split('\n').length;
	await killDaemon();
	expect(readFileSync(path.join(folder, 'events.ndjson'), 'utf8').split('\n').length).toBeLessThanOrEqual(
		linesHeld + 1,
	);
	expect((await session.aiworkflow(['approvals', 'approve', question.id, '--extend', '1'])).code).toBe(0);
	const events = await session.finish(runId);
	expect(events.at(-1)?.type).toBe('run.completed');
	expect(events.filter(({type}) => type === 'attempt.started')).toHaveLength(1);
	const run = await (await session.client()).run(runId);
	expect(run.knownCostUsd).toBe(0.02);
	expect(existsSync(path.join(folder, 'hold'))).toBe(false);
	expect(readdirSync(folder)).toContain('result.json');
});

test('`on-exceed: stop` ends it in the middle, and leaves nothing running', async () => {
	await withAgents({greedy: 'spend'});
	const file = session.write(
		'stop.md',
		workflowOf(
			'stop',
			'## a\nSpend.\n',
			'agent: greedy\nbudget: { usd: 0.005, on-exceed: stop, on-unknown-cost: allow }\n',
		),
	);
	const runId = await session.start(file);
	const events = await session.finish(runId);
	expect(events.at(-1)?.type).toBe('run.failed');
	const run = await (await session.client()).run(runId);
	expect(run.steps[0]).toMatchObject({status: 'failed', failure: {code: 'budget.exceeded'}});
	expect(run.knownCostUsd).toBeLessThan(0.02);
});

test('permissions of the step answer by themselves; the file is written, and who allowed it is kept', async () => {
	await withAgents({asks: 'permission'});
	const file = session.write(
		'allowed.md',
		workflowOf('allowed', '## a\n```yaml step\npermissions: { write: [out.txt] }\n```\nWrite.\n', 'agent: asks\n'),
	);
	const {code, stdout} = await session.aiworkflow(['run', file]);
	expect(code).toBe(0);
	expect(stdout).toContain('approved by permissions, write: out.txt');
	expect(readFileSync(path.join(session.workspace, 'out.txt'), 'utf8')).toBe('new\n');
});

test('rules of the workspace count only where it is trusted; a run from strangers does not heed them', async () => {
	session.write('.aiworkflow/aiworkflow.yaml', 'permissions: { write: ["**"] }\n');
	await withAgents({asks: 'permission'}, 'read-only-mode: plan');
	const file = session.write('wide.md', workflowOf('wide', '## a\nWrite.\n', 'agent: asks\n'));
	expect((await session.aiworkflow(['run', file])).stdout).toContain('approved by permissions, write: **');
	rmSync(path.join(session.workspace, 'out.txt'));
	const tainted = await session.aiworkflow(['run', file, '--taint', 'a webhook']);
	expect(tainted.stdout).toContain('▶ a  asks  read-only');
	expect(tainted.stdout).toContain('This run may only read, so the agent was refused: Writing a file');
	expect(existsSync(path.join(session.workspace, 'out.txt'))).toBe(false);
});

test('settings that cannot be read are said with file and line, before anything is spent', async () => {
	await withAgents({good: 'text'});
	session.write('.aiworkflow/aiworkflow.yaml', 'budgets:\n  - { scope: workspace, usd: 1 }\n');
	await session.aiworkflow(['trust', '--yes']);
	const file = session.write('a.md', workflowOf('a', '## a\nDo it.\n', 'agent: good\n'));
	const {code, stderr, stdout} = await session.aiworkflow(['run', file]);
	expect(code).not.toBe(0);
	expect(`${stdout}${stderr}`).toContain('aiworkflow.yaml:2:5: This budget has no `period`.');
	expect((await (await session.client()).costs()).costs).toEqual([]);
});
