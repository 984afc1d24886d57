import path from 'node:path';
import process from 'node:process';
import {afterEach, test as anyTest, beforeEach, expect} from 'vitest';
import {mainEntry, packageFolder} from '../../source/install.ts';
import {openSession, type Session, workflowOf} from '../sessions/session.ts';
import {isScreenTestSkipped, openScreen} from './driver.ts';

/** What an agent says is shown at a terminal without what would steer that. */
const test = anyTest.skipIf(isScreenTestSkipped);
let session: Session;
let runId: string;

beforeEach(async () => {
	session = openSession();
	const agent = path.join(packageFolder, 'test/agents/scripted-agent.ts');
	session.write(
		'.aiworkflow/agents.yaml',
		`agents:\n  scripted:\n    command: ${process.execPath}\n    args: [${agent}, controls]\n`,
	);
	await session.aiworkflow(['trust', '--yes']);
	const file = session.write(
		'say.md',
		workflowOf('say', '## say\nSay it.\n', 'agent: scripted\nretry: {attempts: 1}\n'),
	);
	runId = await session.start(file);
	expect((await session.finish(runId)).at(-1)!.type).toBe('run.failed');
});

afterEach(() => session.close());

const colour = /\u001B\[[\d;]*m/g;
const control = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g;

const atTerminal = async (...args: readonly string[]) => {
	await using screen = await openScreen({
		columns: 200,
		rows: 40,
		command: [process.execPath, mainEntry, ...args],
		env: session.environment,
		cwd: session.workspace,
	});
	await screen.ended();
	return {text: await screen.text(), controls: (await screen.written()).replaceAll(colour, '').match(control) ?? []};
};

test('`runs logs`: neither in what it says nor in the names of its tools', async () => {
	const {text, controls} = await atTerminal('runs', 'logs', runId);
	expect(text).toContain('beforeafter\nover\n● tool deleteall\n');
	expect(controls).toEqual([]);
	// A pipe gets the bytes as they were said.
	expect((await session.aiworkflow(['runs', 'logs', runId])).stdout).toContain('\u001B[2J');
});

test('`runs show`, also in the failure that has the words of the agent', async () => {
	const {text, controls} = await atTerminal('runs', 'show', runId);
	expect(text).toContain('brokedown');
	expect(controls).toEqual([]);
});

test('the failure itself is clean: in the journal, over the API, in a pipe', async () => {
	const {failure} = await (await session.client()).run(runId);
	expect(failure!.message).toContain('brokedown');
	expect(failure!.message.match(control)).toBeNull();
	const {stdout} = await session.aiworkflow(['runs', 'show', runId]);
	expect(stdout.match(control)).toBeNull();
});
