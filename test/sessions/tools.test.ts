import {chmodSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {afterAll, expect, test} from 'vitest';
import type {ToolAnswer, ToolView} from '../../source/api/messages.ts';
import {badServer, everything, isAlive, until} from '../runtime/tools/calling.ts';
import {openSession, type Session} from './session.ts';

const sessions: Session[] = [];
afterAll(async () => {
	for (const session of sessions) await session.close();
});

/** A trusted workspace with these tools, by name. */
const withTools = async (tools: Readonly<Record<string, string>>): Promise<Session> => {
	const session = openSession();
	sessions.push(session);
	for (const [name, text] of Object.entries(tools)) session.write(`.aiworkflow/tools/${name}`, text);
	await session.aiworkflow(['trust', '--yes']);
	return session;
};

const answerOf = async (session: Session, ...args: string[]): Promise<ToolAnswer> => {
	const {stdout, stderr, code} = await session.aiworkflow(['tools', 'call', ...args, '--json']);
	expect(stderr).toBe('');
	expect(code).toBe(0);
	return JSON.parse(stdout) as ToolAnswer;
};

const listed = async (session: Session, ...args: string[]): Promise<readonly ToolView[]> => {
	const {stdout} = await session.aiworkflow(['tools', 'list', ...args, '--json']);
	return (JSON.parse(stdout) as {tools: ToolView[]}).tools;
};

const daemonPidOf = async (session: Session) => (await (await session.client()).health()).pid;

const moduleTool = `export const operations = {
	pids: {description: 'Tells who it is.', readOnly: true, run: () => ({pid: process.pid, parent: process.ppid})},
	add: {inputs: {a: {type: 'number', required: true}, b: 'number', deep: 'boolean'}, run: given => given},
};
`;

test('tools are listed, looked at and called; nothing of them runs in the daemon', async () => {
	const session = await withTools({
		'all.yaml': `description: Everything.\nmcp: { command: node, args: [${everything}, stdio] }\n`,
		'who.yaml': 'module: ./who.js\n',
		'who.js': moduleTool,
		'wrong.yaml': 'scrip: {}\n',
	});
	const {stdout} = await session.aiworkflow(['tool', 'list']);
	expect(stdout).toMatch(/✓ all +mcp/);
	expect(stdout).toMatch(/! wrong .*line 1: /);
	const info = await session.aiworkflow(['tools', 'info', 'all']);
	expect(info.code).toBe(0);
	expect(info.stdout).toContain('echo(message: string)');
	expect((await session.aiworkflow(['tools', 'call', 'all.echo', '--message', 'hi'])).stdout).toBe('Echo: hi\n');
	const sum = await answerOf(session, 'all.get-sum', '--with', '{"a": 1}', '--b=2');
	expect(sum).toMatchObject({tool: 'all', operation: 'get-sum', answeredBy: 'mcp'});
	expect(sum.text).toContain('3');
	const {outputs} = await answerOf(session, 'who.pids');
	const daemonPid = await daemonPidOf(session);
	expect([outputs.pid, outputs.parent]).not.toContain(daemonPid);
	expect((await answerOf(session, 'who.add', '--a', '5', '--deep')).outputs).toEqual({a: 5, deep: true});
	expect(readFileSync(`/proc/${daemonPid}/maps`, 'utf8')).not.toContain('modelcontextprotocol');
	const all = (await listed(session)).find(({name}) => name === 'all');
	expect(all).toMatchObject({operations: expect.any(Number), implementations: [{last: {isHealthy: true}}]});
});

test('what goes wrong has its exit code', async () => {
	const session = await withTools({
		'who.yaml': 'module: ./who.js\n',
		'who.js': moduleTool,
		'wrong.yaml': 'mcp: { comand: x }\n',
		'bad.yaml': `mcp: { command: node, args: [${badServer}, fail] }\n`,
	});
	const codeOf = async (...args: string[]) => {
		const {code, stderr} = await session.aiworkflow(['tools', ...args]);
		return `${code} ${stderr.replaceAll('\n', ' ')}`;
	};
	expect(await codeOf('call', 'bad.work')).toMatch(/^1 .*the door is locked/);
	expect(await codeOf('call', 'who.add')).toMatch(/^2 .*`a` is missing/);
	expect(await codeOf('call', 'wrong.x')).toMatch(/^2 .*comand/);
	expect(await codeOf('call', 'who.ad')).toMatch(/^3 .*no operation "ad"/);
	expect(await codeOf('call', 'hwo.add')).toMatch(/^3 .*no tool "hwo"/);
	expect(await codeOf('call', 'who.add', '--with', '[]')).toMatch(/^2 .*no JSON object/);
	expect((await session.aiworkflow(['tools', 'info', 'wrong'])).code).toBe(2);
	const doctor = await session.aiworkflow(['doctor']);
	expect(doctor.stdout).toMatch(/tools +bad, who/);
	expect(doctor.stdout).toMatch(/tool wrong +.*wrong\.yaml:1: /);
	session.write('.aiworkflow/tools/who.js', `${moduleTool}// changed\n`);
	expect(await codeOf('call', 'who.pids')).toMatch(/^5 .*not trusted/);
	expect((await session.aiworkflow(['tools', 'info', 'who'])).code).toBe(5);
});

test('one server serves calls and steps; it ends with the daemon', async () => {
	const session = await withTools({'it.yaml': `mcp: { command: node, args: [${badServer}, pid] }\n`});
	const file = session.write('w.md', workflow('tool: it.work'));
	const {outputs} = await answerOf(session, 'it.work');
	expect((await answerOf(session, 'it.work')).outputs).toEqual(outputs);
	expect(await stepOutputsOf(session, file)).toEqual(outputs);
	const [tool] = await listed(session);
	expect(tool?.implementations[0]?.servers).toMatchObject([{pid: outputs.pid, state: 'idle'}]);
	await session.aiworkflow(['daemon', 'stop']);
	await until(() => !isAlive(outputs.pid as number), 'the end of the server');
});

test('a server that dies again and again is given a rest', async () => {
	const session = await withTools({'it.yaml': `mcp: { command: node, args: [${badServer}, die-at-start] }\n`});
	const outcomeOf = async () => (await session.aiworkflow(['tools', 'call', 'it.work'])).stderr;
	for (let times = 0; times < 5; times++) expect(await outcomeOf()).toMatch(/no licence was found/);
	expect(await outcomeOf()).toMatch(/failed too often in a row/);
	const [tool] = await listed(session);
	expect(tool?.implementations[0]).toMatchObject({breaker: {state: 'open'}, last: {isHealthy: false}});
	expect((await session.aiworkflow(['tools', 'list'])).stdout).toMatch(/^! it/);
});

test('steps whose server hangs, floods or answers nonsense fail with a name, and its breaker opens', async () => {
	const codes = {hang: 'tool.unreachable', flood: 'tool.answer-too-large', nonsense: 'tool.answer-invalid'};
	const tools = Object.keys(codes).map(how => [
		`${how}.yaml`,
		`mcp: { command: node, args: [${badServer}, ${how}] }\n${how === 'hang' ? 'timeout: 300ms\n' : ''}`,
	]);
	const session = await withTools(Object.fromEntries(tools));
	await Promise.all(
		Object.entries(codes).map(async ([how, code]) => {
			const file = session.write(`${how}.md`, workflow(`tool: ${how}.work`));
			for (let times = 0; times < 5; times++)
				expect(await stepOutputsOf(session, file)).toMatchObject({failure: {code}});
			expect(await stepOutputsOf(session, file)).toMatchObject({
				failure: {message: expect.stringMatching(/is given a rest/)},
			});
		}),
	);
	const open = (await listed(session)).map(({implementations: [first]}) => first?.breaker?.state);
	expect(open).toEqual(['open', 'open', 'open']);
	expect((await (await session.client()).health()).status).toBe('ok');
}, 90_000);

test('a step has another implementation answer, and a secret that only the tool knows', async () => {
	const session = await withTools({
		'it.yaml': `implementations:
  - { id: gone, mcp: { command: /nowhere/server } }
  - { id: there, script: { command: ./it.sh, env: { KEY: "\${{ secrets.KEY }}" }, operations: { say: { inputs: { n: integer } } } } }
`,
		'it.sh': '#!/bin/sh\nprintf \'{"length": %s, "args": "%s"}\' "${#KEY}" "$*"\n',
	});
	chmodSync(path.join(session.workspace, '.aiworkflow/tools/it.sh'), 0o755);
	const file = session.write('w.md', workflow('tool: it.say\nwith: { n: 3 }'));
	const {code, stderr, stdout} = await session.aiworkflow(['run', file, '--json'], {environment: {KEY: '12345'}});
	expect(stderr).toBe('');
	expect(code).toBe(0);
	expect(stdout).toContain('"length":5');
	expect(stdout).toContain('--n=3');
	const [tool] = await listed(session);
	expect(tool?.implementations.map(({id, last}) => [id, last?.isHealthy])).toEqual([
		['gone', false],
		['there', true],
	]);
});

test('a tool of the bundle comes before that of the workspace, and needs no trust outside of it', async () => {
	const session = await withTools({
		'it.yaml': 'script: { command: [echo, workspace], output: text, operations: { say: {} } }\n',
	});
	const file = session.write('bundle/workflow.md', workflow('tool: it'));
	session.write('bundle/tools/it.yaml', 'script: { command: [echo, bundle], output: text, operations: { say: {} } }\n');
	expect(await stepOutputsOf(session, file)).toEqual({result: 'bundle'});
	expect((await answerOf(session, 'it')).outputs).toEqual({result: 'workspace'});
	expect((await answerOf(session, 'it', '--bundle', 'bundle')).outputs).toEqual({result: 'bundle'});
	session.write('.aiworkflow/workflows/b/workflow.md', workflow('tool: it'));
	session.write(
		'.aiworkflow/workflows/b/tools/it.yaml',
		'script: { command: [echo, x], output: text, operations: { say: {} } }\n',
	);
	const {code, stderr} = await session.aiworkflow(['run', '.aiworkflow/workflows/b']);
	expect(stderr).toMatch(/not trusted/);
	expect(code).toBe(5);
});

test('what a tainted run asks for from inside may only read, and a tool stays inside', async () => {
	const session = await withTools({
		'it.yaml': 'script: { command: ./it.sh, operations: { read: { read-only: true }, write: {} } }\n',
		'it.sh': '#!/bin/sh\necho "{\\"run\\": \\"$AIWORKFLOW_RUN_ID\\"}"\n',
	});
	chmodSync(path.join(session.workspace, '.aiworkflow/tools/it.sh'), 0o755);
	const main = path.join(process.cwd(), 'dist/source/main.js');
	const file = session.write(
		'w.md',
		`---\nname: w\n---\n# W\n## read\n\`\`\`sh run\nnode ${main} tools call it.read\n\`\`\`\n## write\n\`\`\`sh run\nnode ${main} tools call it.write\n\`\`\`\n`,
	);
	const clean = await session.aiworkflow(['run', file, '--json']);
	expect(clean.code).toBe(0);
	const runId = /"runId":"([^"]+)"/.exec(clean.stdout)![1]!;
	expect(clean.stdout).toContain(`\\"run\\": \\"${runId}\\"`);
	const tainted = await session.aiworkflow(['run', file, '--json', '--taint', 'a stranger']);
	expect(tainted.code).toBe(1);
	expect(tainted.stdout).toMatch(/"stepId":"write".*may change something/s);
	expect(tainted.stdout).toMatch(/"step.completed".*"stepId":"read"/);
});

const workflow = (settings: string) => `---\nname: w\n---\n# W\n## ask\n\`\`\`yaml step\n${settings}\n\`\`\`\n`;

const stepOutputsOf = async (session: Session, file: string): Promise<unknown> => {
	const events = await session.finish(await session.start(file));
	const done = events.find(({type}) => type === 'step.completed' || type === 'step.failed');
	return done?.type === 'step.completed' ? done.body.outputs : done?.body;
};

test('what is known of a tool is told without asking it, and it tells more once it was asked', async () => {
	const session = await withTools({
		'who.yaml': 'module: ./who.js\n',
		'who.js': `import {appendFileSync} from 'node:fs';\nappendFileSync('opened', 'x');\n${moduleTool}`,
		'declared.yaml': 'script: { command: ./no-such-program, operations: { go: { description: Goes. } } }\n',
	});
	const client = await session.client();
	const known = (tool: string) => client.toolInfo({workspace: session.workspace, tool, ask: false});
	expect((await known('declared')).operations).toMatchObject([{name: 'go', description: 'Goes.'}]);
	expect(await known('who')).toMatchObject({operations: null, toldBy: null, failure: null});
	await client.toolInfo({workspace: session.workspace, tool: 'who'});
	expect((await known('who')).operations?.map(({name}) => name)).toEqual(['pids', 'add']);
	expect(readFileSync(path.join(session.workspace, 'opened'), 'utf8')).toBe('x');
	await expect(known('nobody')).rejects.toMatchObject({code: 'tool.unknown'});
});
