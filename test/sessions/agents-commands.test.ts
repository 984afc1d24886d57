import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {packageFolder} from '../../source/install.ts';
import {openSession, type Session, workflowOf} from './session.ts';

let session: Session;

beforeEach(() => {
	session = openSession();
});

afterEach(() => session.close());

const scripted = path.join(packageFolder, 'test/agents/scripted-agent.ts');
const agentLine = (id: string, profile: string, scene = 'text') =>
	`  ${id}: {command: ${process.execPath}, args: [${scripted}, ${scene}], profile: {${profile}}}\n`;
const describeAgents = async (more = '') => {
	session.write(
		'.aiworkflow/agents.yaml',
		`agents:\n${agentLine('good', 'quality: 0.9, capabilities: [vision], latency: 5s, cost: {request: 0.5}')}${agentLine('cheap', 'quality: 0.4, cost: {request: 0.01}')}  gone: {command: no-such-agent}\n${more}`,
	);
	expect((await session.aiworkflow(['trust', '--yes'])).code).toBe(0);
};

const json = async (...args: string[]) => {
	const {stdout, code} = await session.aiworkflow([...args, '--json']);
	return {code, body: JSON.parse(stdout)};
};

test('agents list says which are there; check looks closely, and ends with 1 for one that does not work', async () => {
	await describeAgents(agentLine('mute', '', 'no-protocol'));
	const listed = await session.aiworkflow(['agents', 'list']);
	expect(listed.code).toBe(0);
	expect(listed.stdout).toMatch(/✓ good\s+acp\s+v\d+\.\d+\.\d+\s+ready\n/);
	expect(listed.stdout).toMatch(/! gone\s+acp\s+the command "no-such-agent" is not on the PATH\./);
	// That it speaks another protocol only a closer look tells.
	expect(listed.stdout).toMatch(/✓ mute/);
	expect((await session.aiworkflow(['agents', 'check', 'good'])).code).toBe(0);
	const checked = await json('agents', 'check', 'mute');
	expect(checked).toMatchObject({
		code: 1,
		body: {agents: [{id: 'mute', isHealthy: false, detail: expect.stringContaining('does not speak the protocol')}]},
	});
	expect(checked.body.agents).toHaveLength(1);
	// What a check found is believed for a while.
	expect((await session.aiworkflow(['agents', 'list'])).stdout).toMatch(/! mute/);
	expect((await session.aiworkflow(['agents', 'check'])).code).toBe(0);
});

test('agents info tells all that is known of one', async () => {
	await describeAgents();
	const {code, body} = await json('agents', 'info', 'good');
	expect(code).toBe(0);
	expect(body).toMatchObject({
		...{id: 'good', adapter: 'acp', isHealthy: true, version: process.version, login: 'unknown', breaker: null},
		latencyMs: expect.any(Number),
		checkedAt: expect.stringMatching(/^\d{4}-.*Z$/),
		profile: {capabilities: ['vision'], quality: 0.9, latencyMs: 5000, concurrent: null},
	});
	const {stdout} = await session.aiworkflow(['agents', 'info', 'good']);
	expect(stdout).toMatch(/^✓ good\n {2}state +ready\n {2}looked at +\S+, in \S+\n {2}login +not told\n/);
	expect(stdout).toMatch(/ {2}can +vision\n {2}quality +0\.9 of 1, an opinion\n {2}answers +within 5\.0s\n/);
	const unknown = await session.aiworkflow(['agents', 'info', 'god']);
	expect(unknown).toMatchObject({code: 2, stdout: ''});
	expect(unknown.stderr).toContain('replay, good, cheap, gone');
});

test('agents route tells who would be chosen, and --explain why', async () => {
	await describeAgents();
	// Without names it would be about the built-in agents that are there as well.
	const route = ['agents', 'route', '--agent', 'good,cheap,gone'];
	const plain = await session.aiworkflow([...route, '--strategy', 'lowest-cost']);
	expect(plain).toMatchObject({code: 0, stdout: '✓ cheap (by lowest-cost)\n'});
	const explained = await session.aiworkflow([...route, '--strategy', 'lowest-cost', '--explain']);
	const lines = explained.stdout.trimEnd().split('\n');
	expect(lines.slice(0, 4)).toEqual([
		'✓ cheap (by lowest-cost)',
		'agent  score  cost   answers  running  because',
		'cheap  1.000  $0.01  ?        0        cost 1',
		'good   0.000  $0.50  5.0s     0        cost 0',
	]);
	expect(lines[4]).toMatch(/^gone {3}- {6}\? {6}\? {8}0 {8}the command "no-such-agent" is not on the PATH\./);
	expect(lines).toHaveLength(5);
	expect(await json('agents', 'route', '--agent', 'gone,cheap,good')).toMatchObject({
		code: 0,
		body: {strategy: null, chosen: 'cheap'},
	});
	const none = await session.aiworkflow([...route, '--require', 'telepathy']);
	expect(none).toMatchObject({code: 1, stdout: '! None of 3 agents can be chosen (by priority).\n'});
	expect(none.stderr).toContain('good: lacks telepathy');
	const all = await json('agents', 'route');
	expect(all.body.candidates.map(({agent}: {agent: string}) => agent)).toEqual(
		expect.arrayContaining(['good', 'cheap', 'gone']),
	);
	expect(all.body.candidates).not.toContainEqual(expect.objectContaining({agent: 'replay'}));
	const slip = await session.aiworkflow(['agents', 'route', '--strategy', 'lowest-costs']);
	expect(slip.code).toBe(2);
	expect(slip.stderr).toContain('Did you mean `lowest-cost`?');
});

test('agents route tells it of a step of a workflow; options say otherwise; what it says is what a run does', async () => {
	await describeAgents();
	const steps = '## look\n```yaml step\nagent: { require: [vision] }\n```\nLook.\n\n## say\nSay.\n';
	const head = 'agent: { any: [cheap, good], strategy: lowest-cost }\n';
	const file = session.write('choose.md', workflowOf('choose', steps, head));
	const routeOf = (...more: string[]) => json('agents', 'route', '--workflow', file, ...more);
	expect((await routeOf('--step', 'look')).body).toMatchObject({chosen: 'good', strategy: 'priority'});
	expect((await routeOf('--step', 'say')).body).toMatchObject({chosen: 'cheap', strategy: 'lowest-cost'});
	expect((await routeOf('--step', 'say', '--strategy', 'highest-quality')).body).toMatchObject({chosen: 'good'});
	expect((await routeOf('--step', 'say', '--max-cost', '0.001')).code).toBe(1);
	const which = await session.aiworkflow(['agents', 'route', '--workflow', file]);
	expect(which.code).toBe(2);
	expect(which.stderr).toContain('look, say');
	const slip = await session.aiworkflow(['agents', 'route', '--workflow', file, '--step', 'lok']);
	expect(slip.code).toBe(3);
	expect(slip.stderr).toContain('Did you mean `look`?');

	const run = await session.aiworkflow(['run', file, '--json']);
	const events = run.stdout
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line));
	const started = events.filter(({type}) => type === 'attempt.started').map(({body}) => [body.stepId, body.agent]);
	expect(started).toEqual([
		['look', 'good'],
		['say', 'cheap'],
	]);
});

test('a disabled agent is given no attempts, is told as such, survives a restart, and is enabled again', async () => {
	await describeAgents();
	const file = session.write(
		'pick.md',
		workflowOf('pick', '## a\n\n```yaml step\nagent: [good, cheap]\n```\n\nSay hello.\n'),
	);
	const disabled = await session.aiworkflow(['agents', 'disable', 'good', '--reason', 'too dear']);
	expect(disabled).toMatchObject({code: 0});
	expect(disabled.stdout).toContain('good is given no new attempts');
	expect((await session.aiworkflow(['daemon', 'restart'])).code).toBe(0);
	expect((await session.aiworkflow(['agents', 'list'])).stdout).toMatch(/! good .*disabled by .*: too dear/);
	const info = await json('agents', 'info', 'good');
	expect(info.body).toMatchObject({isHealthy: true, disabled: {reason: 'too dear', by: expect.any(String)}});
	const route = await json('agents', 'route', '--agent', 'good,cheap');
	expect(route.body).toMatchObject({chosen: 'cheap'});
	expect(route.body.candidates[1]).toMatchObject({agent: 'good', excluded: expect.stringContaining('disabled by')});
	const run = await session.aiworkflow(['run', file, '--json']);
	expect(run.code).toBe(0);
	expect(run.stdout).toMatch(/"type":"agent.switched".*"from":"good","to":"cheap","reason":"disabled"/);
	expect((await session.aiworkflow(['agents', 'enable', 'good'])).stdout).toBe('✓ good is given attempts.\n');
	expect((await json('agents', 'route', '--agent', 'good,cheap')).body).toMatchObject({chosen: 'good'});
	expect((await session.aiworkflow(['agents', 'disable', 'goood'])).code).toBe(2);
});

test('a preferred agent is asked first, and is told as such, until it is preferred no more', async () => {
	await describeAgents();
	expect((await session.aiworkflow(['agents', 'prefer', 'cheap'])).stdout).toContain('cheap is asked first');
	expect((await json('agents', 'route', '--agent', 'good,cheap')).body).toMatchObject({chosen: 'cheap'});
	expect((await session.aiworkflow(['agents', 'list'])).stdout).toMatch(/cheap .*preferred/);
	expect((await session.aiworkflow(['agents', 'prefer', 'cheap', '--off'])).code).toBe(0);
	expect((await json('agents', 'route', '--agent', 'good,cheap')).body).toMatchObject({chosen: 'good'});
	expect((await session.aiworkflow(['agents', 'prefer', 'cheep'])).code).toBe(2);
});
