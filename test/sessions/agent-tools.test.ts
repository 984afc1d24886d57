import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {Client} from '@modelcontextprotocol/sdk/client/index.js';
import {StdioClientTransport} from '@modelcontextprotocol/sdk/client/stdio.js';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {mainEntry, packageFolder} from '../../source/install.ts';
import {notesYaml} from '../runtime/tools/given.ts';
import {openSession, type Session, until, workflowOf} from './session.ts';

/** Tools of a workspace, given to agents: through the real daemon, the real commands and a scripted agent. */
vi.setConfig({testTimeout: 60_000});

let session: Session;

beforeEach(() => {
	session = openSession();
});

afterEach(() => session.close());

const scripted = path.join(packageFolder, 'test/agents/scripted-agent.ts');

const prepare = async (more = '') => {
	const log = path.join(session.home, 'log');
	session.write(
		'.aiworkflow/agents.yaml',
		`agents:
  scripted:
    command: ${process.execPath}
    args: [${scripted}, tools]
    read-only-mode: plan
    set: {AGENT_LOG: ${log}}
${more}`,
	);
	session.write('.aiworkflow/tools/notes.yaml', notesYaml);
	expect((await session.aiworkflow(['trust', '--yes'])).code).toBe(0);
	return {logged: () => readFileSync(log, 'utf8')};
};

const working = (frontmatter: string, prompt: string, settings = '') =>
	session.write(
		'work.md',
		workflowOf(
			'work',
			`## work\n${settings && `\`\`\`yaml step\n${settings}\n\`\`\`\n`}${prompt}\n`,
			`agent: scripted\n${frontmatter}\n`,
		),
	);

const notes = () => {
	const file = path.join(session.workspace, 'notes.txt');
	return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

const openPermission = async (runId: string) => {
	const client = await session.client();
	let id: string | undefined;
	await until('the permission', async () => {
		const {approvals} = await client.approvals();
		id = approvals.find(approval => approval.runId === runId && approval.status === 'open')?.id;
		return id !== undefined;
	});
	return id!;
};

const eventsOf = async (runId: string) => (await session.finish(runId)).map(({type, body}) => ({type, body}));

test('rules allow calls without asking, by the name of a tool or of an operation; others are asked', async () => {
	await prepare();
	const file = working(
		'tools: [notes]\npermissions: { tools: [notes.add] }',
		'CALL notes_add {"text":"ink"}\nCALL notes_read {}',
	);
	const runId = await session.start(file);
	const approval = await openPermission(runId);
	expect(notes()).toBe('ink\n');
	expect((await session.aiworkflow(['approvals', 'approve', approval])).code).toBe(0);
	const events = await eventsOf(runId);
	expect(events).toContainEqual({
		type: 'approval.approved',
		body: expect.objectContaining({rule: 'tools: notes.add', origin: expect.objectContaining({by: 'permissions'})}),
	});
	expect(events.filter(({type}) => type === 'agent.tool-called').map(({body}) => body)).toMatchObject([
		{tool: 'notes', operation: 'add', outcome: 'ok'},
		{tool: 'notes', operation: 'read', outcome: 'ok'},
	]);
	const whole = await session.aiworkflow([
		'run',
		working('tools: [notes]\npermissions: { tools: [notes] }', 'CALL notes_read {}'),
	]);
	expect(whole).toMatchObject({code: 0, stdout: expect.stringContaining('approved by permissions, tools: notes')});
});

test('a rule that refuses wins, and the agent is told', async () => {
	const {logged} = await prepare();
	const file = working('tools: [notes]\npermissions: { tools: [notes, "!notes.add"] }', 'CALL notes_add {"text":"x"}');
	const {code, stdout} = await session.aiworkflow(['run', file]);
	expect(code).toBe(0);
	expect(stdout).toContain('rejected by permissions, tools: !notes.add');
	expect(logged()).toContain('notes.add was not called: It was not allowed.');
	expect(notes()).toBe('');
});

test('in a tainted run the rules of the workflow do not count, and only what reads may be asked for', async () => {
	await prepare();
	const prompt = 'CALL notes_add {"text":"x"}\nCALL notes_read {}';
	const file = working('tools: [notes]\npermissions: { tools: [notes] }', prompt);
	const run = await session.aiworkflow(['run', file, '--taint', 'a mail', '--no-wait-approvals']);
	expect(run.code).toBe(6);
	expect(run.stdout).toContain('This run may only read, so the agent was refused: notes.add');
	expect(run.stdout).toContain('Call notes.read');
	expect(notes()).toBe('');
	const own = working('tools: [notes]', prompt, 'permissions: { tools: [notes] }');
	expect((await session.aiworkflow(['run', own, '--taint', 'a mail'])).code).toBe(0);
	expect(notes()).toBe('x\n');
});

test('what a tool needs reaches the tool, and not the agent', async () => {
	const {logged} = await prepare();
	const file = working('tools: [notes]\npermissions: { tools: [notes] }', 'CALL notes_key {}');
	const {code} = await session.aiworkflow(['run', file], {
		environment: {...session.environment, NOTES_KEY: 'k-123'},
	});
	expect(code).toBe(0);
	expect(logged()).toContain('{"answer":"{\\"key\\":\\"k-123\\"}"}');
	expect(logged()).toContain('{"hasKey":false}');
});

test('a tool that is not there keeps the run from starting, and the nearest one is named', async () => {
	await prepare();
	const {code, stderr} = await session.aiworkflow(['run', working('tools: [note]', 'Hi.')]);
	expect(code).not.toBe(0);
	expect(stderr).toContain('There is no tool "note".');
	expect(stderr).toContain('Did you mean `notes`?');
	const validated = await session.aiworkflow(['workflow', 'validate', 'work.md', '--json']);
	expect(JSON.parse(validated.stdout)).toMatchObject({
		valid: true,
		diagnostics: [{code: 'tool.unknown', severity: 'warning', line: 1, suggestion: 'Did you mean `notes`?'}],
	});
});

test('an agent that cannot be given tools is passed over, and the step fails where it is the only one', async () => {
	await prepare(`  bare:\n    command: ${process.execPath}\n    args: [${scripted}, text]\n    tools: none\n`);
	const file = working('tools: [notes]', 'Hi.', 'agent: [bare, scripted]');
	const passed = await session.aiworkflow(['run', file]);
	expect(passed).toMatchObject({code: 0, stdout: expect.stringContaining('▶ work  scripted')});
	const alone = await session.aiworkflow(['run', working('tools: [notes]', 'Hi.', 'agent: bare')]);
	expect(alone.code).toBe(1);
	expect(alone.stdout + alone.stderr).toContain('No agent is fit for this step: bare: cannot be given tools');
});

test('the daemon killed with -9 while a call waits: the answer given after it is back reaches the tool', async () => {
	await prepare();
	const runId = await session.start(working('tools: [notes]', 'CALL notes_add {"text":"late"}'));
	const approval = await openPermission(runId);
	const {pid} = JSON.parse((await session.aiworkflow(['daemon', 'status', '--json'])).stdout) as {pid: number};
	process.kill(pid, 'SIGKILL');
	await until('the daemon to be gone', async () => {
		try {
			process.kill(pid, 0);
			return false;
		} catch {
			return true;
		}
	});
	expect((await session.aiworkflow(['approvals', 'approve', approval])).code).toBe(0);
	const events = await eventsOf(runId);
	expect(events.at(-1)!.type).toBe('run.completed');
	expect(events.filter(({type}) => type === 'agent.tool-called')).toHaveLength(1);
	expect(notes()).toBe('late\n');
});

test('tools of the workspace are served to any client of MCP, with what they need from whoever serves them', async () => {
	await prepare();
	const client = new Client({name: 'somebody', version: '1'});
	const env = {...session.environment, NOTES_KEY: 'k-456'} as Record<string, string>;
	const args = [mainEntry, 'tools', 'serve', '--tool', 'notes.read', '--tool', 'notes.key'];
	await client.connect(new StdioClientTransport({command: process.execPath, args, env, cwd: session.workspace}));
	try {
		expect((await client.listTools()).tools.map(({name}) => name)).toEqual(['notes_read', 'notes_key']);
		const answer = await client.callTool({name: 'notes_key', arguments: {}});
		expect(answer.content).toEqual([{type: 'text', text: '{"key":"k-456"}'}]);
	} finally {
		await client.close();
	}

	const unknown = await session.aiworkflow(['tools', 'serve', '--tool', 'note']);
	expect(unknown.code).not.toBe(0);
	expect(unknown.stderr).toContain('There is no tool "note".');
});

test('nothing is served of a workspace that nobody trusts', async () => {
	session.write('.aiworkflow/tools/notes.yaml', notesYaml);
	const {code, stderr} = await session.aiworkflow(['tools', 'serve', '--tool', 'notes']);
	expect(code).toBe(5);
	expect(stderr).toContain('aiworkflow trust');
});

test('inside of an attempt of an agent the daemon calls nothing for it, and serves nothing', async () => {
	await prepare();
	const runId = await session.start(working('tools: [notes]', 'CALL notes_read {}'));
	const approval = await openPermission(runId);
	const inside = {...session.environment, AIWORKFLOW_RUN_ID: runId, AIWORKFLOW_STEP_ID: 'work'};
	const called = await session.aiworkflow(['tools', 'call', 'notes.read'], {environment: inside});
	expect(called).toMatchObject({
		code: 5,
		stderr: expect.stringContaining('An agent calls only the tools that its step gives it'),
	});
	const served = await session.aiworkflow(['tools', 'serve', '--tool', 'notes'], {environment: inside});
	expect(served).toMatchObject({code: 5, stderr: expect.stringContaining('A step of a run may not serve tools.')});
	await session.aiworkflow(['approvals', 'approve', approval]);
	await session.finish(runId);
});
