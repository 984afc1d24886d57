import {expect, test} from 'vitest';
import {openServersIn} from '../../../runtime/tools/open-servers.ts';
import {badServer, everything, failureIn, isAlive, toolPlace, until} from './calling.ts';

const bad = (how: string, more = '') => toolPlace(`mcp: { command: node, args: [${badServer}, ${how}] }\n${more}`);
const outcomeOf = async (how: string, more = '') => failureIn(await bad(how, more).call({operation: 'work'}));

test('a real server answers with text, structure, pictures and links', async () => {
	const {call} = toolPlace(`mcp: { command: node, args: [${everything}, stdio] }`);
	expect((await call({operation: 'echo', with: {message: 'hi'}})).result).toEqual({
		outputs: {result: 'Echo: hi'},
		text: 'Echo: hi',
	});
	const structured = await call({operation: 'get-structured-content', with: {location: 'Chicago'}});
	expect(structured.result?.outputs).toMatchObject({temperature: expect.any(Number)});
	const image = await call({operation: 'get-tiny-image'});
	expect(image.result?.text).toContain('[image image/png]');
	expect(image.result?.outputs.content).toMatchObject([{type: 'image'}]);
	expect((await call({operation: 'echo', with: {}})).failure?.code).toBe('tool.arguments-invalid');
	expect((await call({operation: 'eco'})).failure?.suggestion).toBe('Did you mean `echo`?');
});

test('what a server does wrong is a failure with a name', async () => {
	expect(await outcomeOf('die')).toBe(
		'tool.unreachable: The tool it ended in the middle. It said last: the disk is full',
	);
	expect(await outcomeOf('die-at-start')).toMatch(/^tool.unreachable: .*no licence was found/);
	expect(await outcomeOf('hang', 'timeout: 300ms')).toMatch(/^tool.unreachable: .*did not answer within/);
	expect(await outcomeOf('flood')).toMatch(/^tool.answer-too-large/);
	expect(await outcomeOf('chatter')).toMatch(/^tool.answer-too-large/);
	expect(await outcomeOf('nonsense')).toBe(
		'tool.answer-invalid: The tool it writes what is no message: "hello, who is there?".',
	);
	expect(await outcomeOf('nonsense-at-start')).toMatch(/^tool.answer-invalid: .*listening on port 80/);
	expect(await outcomeOf('wrong-shape')).toMatch(/^tool.answer-invalid/);
	expect(await outcomeOf('wrong-id')).toMatch(/^tool.answer-invalid/);
	expect(await outcomeOf('no-list')).toMatch(/^tool.answer-invalid: .*does not speak as a server of tools/);
	expect(await outcomeOf('endless-pages')).toMatch(/^tool.answer-invalid: .*pages without end/);
	expect(await outcomeOf('fail')).toBe('tool.failed: it.work failed: the door is locked');
	expect(await outcomeOf('not-declared')).toMatch(/^tool.failed: .*no such thing/);
}, 60_000);

test('a line that is no message does no harm where the answer follows', async () => {
	expect((await bad('banner-first').call({operation: 'work'})).result?.text).toBe('fine');
});

test('operations of several pages are all there', async () => {
	expect((await bad('paged').call({operation: 'look'})).result?.outputs.pid).toBeGreaterThan(0);
});

test('calls one after the other and at once share one server; it is started anew after its death', async () => {
	const {call, serversFolder} = bad('slow');
	const pidOf = async () => (await call({operation: 'work'})).result?.outputs.pid as number;
	const first = await Promise.all([pidOf(), pidOf(), pidOf(), pidOf()]);
	expect(new Set(first).size).toBe(1);
	expect(await pidOf()).toBe(first[0]);
	expect(openServersIn(serversFolder)).toMatchObject([{tool: 'it', implementation: 'mcp', openCalls: 0}]);
	process.kill(first[0]!, 'SIGKILL');
	await until(() => openServersIn(serversFolder).length === 0, 'the end of its host');
	const second = await pidOf();
	expect(second).not.toBe(first[0]);
	const [open] = openServersIn(serversFolder);
	process.kill(open!.host.pid, 'SIGKILL');
	const third = await pidOf();
	expect(third).not.toBe(second);
	await until(() => !isAlive(second), 'the end of the server whose host was killed');
});

test('a host that is stuck is replaced', async () => {
	const {call, serversFolder} = bad('pid');
	const first = (await call({operation: 'work'})).result?.outputs.pid as number;
	const [open] = openServersIn(serversFolder);
	process.kill(open!.host.pid, 'SIGSTOP');
	const second = (await call({operation: 'work'})).result?.outputs.pid as number;
	expect(second).not.toBe(first);
	await until(() => !isAlive(open!.host.pid) && !isAlive(first), 'the end of the stuck one');
});

test('a server that nobody calls is ended after its time', async () => {
	const {call, serversFolder} = toolPlace(`mcp: { command: node, args: [${badServer}, pid], keep-open: 300ms }`);
	const pid = (await call({operation: 'work'})).result?.outputs.pid as number;
	const [open] = openServersIn(serversFolder);
	await until(() => !isAlive(pid) && !isAlive(open!.host.pid), 'the end of both');
	expect(openServersIn(serversFolder)).toEqual([]);
});

test('another environment gets another server, and none of them knows of the attempt that started it', async () => {
	const {call, serversFolder} = toolPlace(`mcp: { command: node, args: [${everything}, stdio] }\npass-env: [LOGIN]`);
	const environmentOf = async (environment: Record<string, string>) => {
		const {result} = await call({operation: 'get-env', environment});
		return JSON.parse(result!.text) as Record<string, string>;
	};
	const marks = {AIWORKFLOW_RUN_ID: 'r1', AIWORKFLOW_STEP_KEY: 'k'};
	expect(await environmentOf({LOGIN: 'a', ...marks})).toMatchObject({LOGIN: 'a', AIWORKFLOW_RUN_ID: 'tool'});
	expect(await environmentOf({LOGIN: 'a', ...marks, AIWORKFLOW_RUN_ID: 'r2'})).toMatchObject({LOGIN: 'a'});
	expect(openServersIn(serversFolder)).toHaveLength(1);
	expect(await environmentOf({LOGIN: 'b'})).not.toHaveProperty('AIWORKFLOW_STEP_KEY');
	expect(openServersIn(serversFolder)).toHaveLength(2);
});
