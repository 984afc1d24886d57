import path from 'node:path';
import {afterEach, test as anyTest, beforeEach, expect} from 'vitest';
import {mainEntry, packageFolder} from '../../source/install.ts';
import {openSession, type Session, workflowOf} from '../sessions/session.ts';
import {isScreenTestSkipped, openScreen, type Screen} from './driver.ts';

/** The screens of money and of agents, on a real daemon with agents that really speak the protocol. */
const test = anyTest.skipIf(isScreenTestSkipped);
const scripted = path.join(packageFolder, 'test/agents/scripted-agent.ts');
let session: Session;
let screen: Screen;

beforeEach(async () => {
	session = openSession();
	const agent = (id: string, scene: string) =>
		`  ${id}: {command: ${process.execPath}, args: [${scripted}, ${scene}]}\n`;
	session.write('.aiworkflow/agents.yaml', `agents:\n${agent('greedy', 'spend')}${agent('good', 'text')}`);
	session.write(
		'.aiworkflow/aiworkflow.yaml',
		'budgets:\n  - { scope: workspace, usd: 20, period: day, on-unknown-cost: allow }\n',
	);
	expect((await session.aiworkflow(['trust', '--yes'])).code).toBe(0);
});

afterEach(async () => {
	await screen?.close();
	await session.close();
});

const open = async (columns: number, rows: number) => {
	screen = await openScreen({
		...{columns, rows, env: session.environment, cwd: session.workspace},
		command: [process.execPath, mainEntry],
	});
	await screen.shows('q quit');
};

test('money: what is spent, the meters, and a budget extended by an amount that is typed', async () => {
	const settings = 'agent: greedy\nbudget: { usd: 0.005, on-unknown-cost: allow }\n';
	const file = session.write('greedy.md', workflowOf('greedy', '## a\nSpend.\n', settings));
	const runId = await session.start(file);
	await open(120, 35);
	await screen.press('2');
	await screen.shows(/day, .*\$0\.\d+ \/ \$20\.00/);
	await screen.shows(/greedy 1 .*\/ \$0\.0050 .*asks for more/);
	await screen.shows(/greedy +\$0\.00\d+ +100 %/);
	await screen.press('G');
	await screen.shows('E extend');
	await screen.press('E');
	await screen.shows('m another amount');
	await screen.press('m');
	await screen.shows('Yes, extend it by $');
	await screen.press('1', '.', '5').shows('Yes, extend it by $1.5');
	await screen.press('Enter');
	await session.finish(runId);
	const events = (await (await session.client()).runEvents(runId)).events;
	expect(events.find(({type}) => type === 'budget.extended')?.body).toMatchObject({by: 1_500_000});
	await screen.shows(/today \$0\.02 \/ \$20\.00 .*\/min/);
	await screen.press('b').shows('Spent by model, today');
	await screen.press('r').shows('Spent by model, 7 days');
});

test('agents: one is disabled with a key, a run goes to the other, and it is enabled again', async () => {
	const file = session.write('pick.md', workflowOf('pick', '## a\nSay.\n', 'agent: [greedy, good]\n'));
	await open(80, 24);
	await screen.press('3');
	await screen.shows(/greedy .* works/);
	await screen.press('j').shows(/›✓ greedy/);
	await screen.press('d').shows('greedy is given no new attempts');
	await screen.shows(/‖ greedy .*disabled/);
	expect((await session.aiworkflow(['agents', 'list'])).stdout).toMatch(/! greedy .*disabled by/);
	const run = await session.aiworkflow(['run', file, '--json']);
	expect(run.stdout).toMatch(/"from":"greedy","to":"good","reason":"disabled"/);
	await screen.shows(/⇄ to good {2}disabled {2}pick 1 \/ a/);
	await screen.press('d').shows('greedy is given attempts again');
	await screen.shows(/✓ greedy .* works/);
	await screen.press('C').shows('All agents were checked.', {deadlineMs: 60_000});
});
