import {existsSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {describe, expect, test, vi} from 'vitest';
import {replaySpec} from '../../../runtime/agents/spec.ts';
import type {BridgeRequest} from '../../../runtime/attempts/tool-bridge.ts';
import {mainEntry} from '../../../source/install.ts';
import {scriptedSpec, temporaryFolder} from '../agents/run-agent.ts';
import {notesIn} from '../tools/given.ts';
import {type AttemptOptions, interruptAttempt, runAttempt} from './agent-attempt.ts';

/** Agents that are given tools: a scripted one that really connects to the server of MCP it gets. Needs `dist/`. */
vi.setConfig({testTimeout: 60_000});

const notesOf = (workspace: string) => {
	const file = path.join(workspace, 'notes.txt');
	return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
};

const giving = (prompt: string, more: Partial<AttemptOptions> & {readonly scene?: string} = {}) => {
	const workspace = more.workspace ?? temporaryFolder();
	const log = path.join(temporaryFolder(), 'log');
	const spec = more.spec ?? scriptedSpec(more.scene ?? 'tools', {set: {AGENT_LOG: log}, readOnlyMode: 'plan'});
	const options: AttemptOptions = {spec, workspace, prompt, tools: notesIn(workspace), ...more};
	const attempt = runAttempt(options);
	const logged = () =>
		(existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []).map(line => JSON.parse(line));
	return {...attempt, workspace, options, logged};
};

type Given = ReturnType<typeof giving>;
const preview = async ({outcome}: Given) => {
	const ended = await outcome;
	expect(ended).toMatchObject({status: 'completed'});
	return ended.status === 'completed' ? ended.text?.preview : undefined;
};

describe('an agent that takes servers of MCP', () => {
	test('is offered the operations of its tools, with what they are said to do', async () => {
		const attempt = giving('');
		expect(await preview(attempt)).toBe('notes_read\nnotes_add\nnotes_fail\nnotes_slow\nnotes_key');
		expect(attempt.logged()).toContainEqual({
			tools: [
				{name: 'notes_read', readOnlyHint: true},
				{name: 'notes_add'},
				{name: 'notes_fail'},
				{name: 'notes_slow'},
				{name: 'notes_key', readOnlyHint: true},
			],
		});
	});

	test('calls one when a person allows it; the journal says what was called', async () => {
		const attempt = giving('CALL notes_add {"text":"buy ink"}');
		const asked = await attempt.when('approval.requested');
		expect(asked).toMatchObject({
			kind: 'permission',
			question: 'scripted: Call notes.add',
			preview: '{\n  "text": "buy ink"\n}',
			action: {kind: 'tool', tool: 'notes', operation: 'add'},
			options: [
				{id: 'allow', isAllow: true},
				{id: 'reject', isAllow: false},
			],
		});
		expect(notesOf(attempt.workspace)).toEqual([]);
		await attempt.answerPermission!(asked.approvalId, 'allow');
		expect(await preview(attempt)).toBe('{"added":true}');
		expect(notesOf(attempt.workspace)).toEqual(['buy ink']);
		expect(attempt.of('agent.tool-called')).toMatchObject([
			{stepId: 'judge', attempt: 1, tool: 'notes', operation: 'add', outcome: 'ok'},
		]);
		expect(attempt.stdout()).toContain('⚒ notes.add: ');
	});

	test('is told where it is not allowed, and goes on', async () => {
		const attempt = giving('CALL notes_add {"text":"no"}\nCALL notes_nothing {}');
		const {approvalId} = await attempt.when('approval.requested');
		await attempt.answerPermission!(approvalId, 'reject');
		expect(await preview(attempt)).toBe(
			'ERROR tool.refused: notes.add was not called: It was not allowed. Go on without it, and say what you could not do.\n' +
				'ERROR tool.refused: The tool `notes_nothing` was not given. The tools that are given: notes.',
		);
		expect(notesOf(attempt.workspace)).toEqual([]);
		expect(attempt.of('agent.tool-called')).toMatchObject([{operation: 'add', outcome: 'refused', durationMs: 0}]);
	});

	test('that asks by itself is not asked about twice', async () => {
		const attempt = giving('CALL notes_read {}', {scene: 'tools-asking'});
		const {approvalId} = await attempt.when('approval.requested');
		await attempt.answerPermission!(approvalId, 'allow');
		expect(await preview(attempt)).toBe('{"notes":[]}');
		expect(attempt.of('approval.requested')).toHaveLength(1);
		expect(attempt.logged()).toContainEqual({permission: {outcome: 'selected', optionId: 'once'}});
	});

	test('gets what failed as an answer, and the journal gets the code', async () => {
		const attempt = giving('CALL notes_fail {}');
		const {approvalId} = await attempt.when('approval.requested');
		await attempt.answerPermission!(approvalId, 'allow');
		expect(await preview(attempt)).toContain('ERROR tool.failed: notes.fail failed: ');
		expect(attempt.of('agent.tool-called')).toMatchObject([{outcome: 'failed', code: 'tool.failed'}]);
	});

	test('that gives up waiting for a person gets the answer with the same call again', async () => {
		const attempt = giving('CALL notes_read {} WITHIN 300\nCALL notes_read {}');
		const {approvalId} = await attempt.when('approval.requested');
		const gaveUp = {answer: expect.stringContaining('THROWN')};
		await vi.waitFor(() => expect(attempt.logged()).toContainEqual(gaveUp), {timeout: 20_000});
		await attempt.answerPermission!(approvalId, 'allow');
		expect(await preview(attempt)).toMatch(/^THROWN .*timed out\n\{"notes":\[\]\}$/);
		expect(attempt.of('approval.requested')).toHaveLength(1);
	});
});

describe('what it is given', () => {
	test('is no more than the operations that are named', async () => {
		const workspace = temporaryFolder();
		const attempt = giving('CALL notes_add {"text":"x"}\nCALL notes.add {"text":"x"}', {
			workspace,
			tools: notesIn(workspace, ['read']),
		});
		const text = await preview(attempt);
		expect(text).toContain('ERROR tool.refused: The tool `notes_add` was not given.');
		expect(text).toContain('ERROR tool.operation-unknown: ');
		expect(notesOf(workspace)).toEqual([]);
		expect(attempt.of('approval.requested')).toEqual([]);
	});

	test('is only what does no more than read, where it may only read', async () => {
		const attempt = giving('CALL notes_add {"text":"x"}\nCALL notes_read {}', {access: 'read-only'});
		const {approvalId, action} = await attempt.when('approval.requested');
		expect(action).toMatchObject({operation: 'read'});
		await attempt.answerPermission!(approvalId, 'allow');
		expect(await preview(attempt)).toMatch(
			/^ERROR tool\.refused: notes\.add was not called: This run may only read.*\n\{"notes":\[\]\}$/,
		);
		expect(notesOf(attempt.workspace)).toEqual([]);
		expect(attempt.of('agent.warned').map(({message}) => message)).toEqual([
			'This run may only read, so the agent was refused: notes.add',
		]);
	});

	test('is nothing where nothing is given', async () => {
		const attempt = giving('', {tools: undefined});
		expect(await preview(attempt)).toBe('I was given no tools.');
	});

	test('is nothing to a replay, whose prompt stays what it was', async () => {
		const attempt = giving('CALL notes_read {}', {spec: replaySpec});
		expect(await attempt.outcome).toMatchObject({status: 'failed', failure: {code: 'replay.missing'}});
		expect(existsSync(path.join(attempt.context.folder, 'tools.json'))).toBe(false);
	});

	test('leaves the others where one tool cannot be opened, with a warning', async () => {
		const workspace = temporaryFolder();
		const notes = notesIn(workspace);
		const [tool] = notes.tools;
		const [script] = tool!.definition.implementations;
		const server = {transport: 'stdio', command: '/no/such/server', args: [], env: {}} as const;
		const broken = {...script!, kind: 'mcp', server} as const;
		const tools: BridgeRequest = {
			...notes,
			tools: [
				{...tool!, tool: 'gone', definition: {...tool!.definition, name: 'gone', implementations: [broken]}},
				tool!,
			],
		};
		const attempt = giving('', {workspace, tools});
		expect(await preview(attempt)).toBe('notes_read\nnotes_add\nnotes_fail\nnotes_slow\nnotes_key');
		expect(attempt.of('agent.warned').map(({message}) => message)).toEqual([
			expect.stringMatching(/^The tool gone cannot be given: /),
		]);
	});
});

describe('an agent that takes no servers', () => {
	const command = (prompt: string, more: Partial<AttemptOptions> = {}) => {
		const set = {AGENT_COMMAND: `'${process.execPath}' '${mainEntry}' tools`};
		return giving(prompt, {spec: scriptedSpec('commands', {tools: 'command', set}), ...more});
	};

	test('calls by a command that its prompt names, and a person is asked all the same', async () => {
		const attempt = command(`RUN call notes.add --with '{"text":"by hand"}'`);
		const {approvalId, action} = await attempt.when('approval.requested');
		expect(action).toEqual({kind: 'tool', tool: 'notes', operation: 'add'});
		await attempt.answerPermission!(approvalId, 'allow');
		expect(await preview(attempt)).toContain('"added"');
		expect(notesOf(attempt.workspace)).toEqual(['by hand']);
		expect(attempt.of('agent.tool-called')).toMatchObject([{operation: 'add', outcome: 'ok'}]);
	});

	test('cannot call what it was not given', async () => {
		const workspace = temporaryFolder();
		const attempt = command(`RUN call notes.add --with '{"text":"x"}'`, {
			workspace,
			tools: notesIn(workspace, ['read']),
		});
		expect(await preview(attempt)).toContain('notes');
		expect(notesOf(workspace)).toEqual([]);
	});

	test('can call nothing where it is given nothing', async () => {
		const attempt = command(`RUN call notes.add --with '{"text":"x"}'`, {tools: undefined});
		expect(await preview(attempt)).toContain('was given no tools');
	});
});

describe('the file with what tools need', () => {
	test('is private, and gone when the attempt has ended', async () => {
		const attempt = giving('CALL notes_read {}');
		const {approvalId} = await attempt.when('approval.requested');
		const file = path.join(attempt.context.folder, 'tools.json');
		expect(statSync(file).mode & 0o777).toBe(0o600);
		await attempt.answerPermission!(approvalId, 'allow');
		await attempt.outcome;
		expect(existsSync(file)).toBe(false);
	});
});

test('a call waits for its answer while the daemon is killed and comes back', async () => {
	const workspace = temporaryFolder();
	const spec = scriptedSpec('tools');
	const options: AttemptOptions = {
		spec,
		workspace,
		prompt: 'CALL notes_add {"text":"late"}',
		tools: notesIn(workspace),
	};
	const {reattach, events} = await interruptAttempt(options, journalled =>
		journalled.some(({type}) => type === 'approval.requested'),
	);
	const [asked] = events.filter(event => event.type === 'approval.requested');
	const attempt = reattach();
	await attempt.answerPermission!(asked!.body.approvalId, 'allow');
	expect(await attempt.outcome).toMatchObject({status: 'completed', text: {preview: '{"added":true}'}});
	expect(notesOf(workspace)).toEqual(['late']);
	expect(attempt.of('agent.tool-called')).toMatchObject([{operation: 'add', outcome: 'ok'}]);
	expect(attempt.of('approval.requested')).toEqual([]);
});
