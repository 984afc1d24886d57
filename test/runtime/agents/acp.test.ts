import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test, vi} from 'vitest';
import {aliveInGroup, requestIn, runScripted, scriptedSpec, temporaryFolder} from './run-agent.ts';

vi.setConfig({testTimeout: 30_000});

const run = (scene: string, options: Parameters<typeof runScripted>[2] = {}) => {
	const workspace = temporaryFolder();
	return runScripted(scriptedSpec(scene), requestIn(workspace), options).then(result => ({...result, workspace}));
};

const logOf = (file: string): Array<Record<string, unknown>> =>
	readFileSync(file, 'utf8')
		.trim()
		.split('\n')
		.map(line => JSON.parse(line) as Record<string, unknown>);

describe('a conversation', () => {
	test('text arrives in pieces, in order, before the turn ends', async () => {
		const {events, text, end} = await run('text');
		expect(text).toBe('Hello from the script.');
		expect(end).toEqual({t: 'end', outcome: 'ok'});
		expect(events.map(event => event.t)).toEqual([
			'session',
			'thought',
			'text',
			'text',
			'text',
			'text',
			'usage',
			'usage',
			'usage',
			'answered',
			'end',
		]);
	});

	test('usage comes as deltas: the cumulative cost of the session is counted once', async () => {
		const {of} = await run('text');
		expect(of('usage')).toMatchObject([
			{tokens: null, costMicroUsd: 3420, costSource: 'agent'},
			{tokens: null, costMicroUsd: 700, costSource: 'agent'},
			{tokens: {input: 1200, cachedInput: 300, output: 42, reasoning: 7}, costMicroUsd: 0, costSource: 'agent'},
		]);
	});

	test('files are written and read through us, inside the workspace', async () => {
		const {of, text, workspace} = await run('tool');
		expect(readFileSync(path.join(workspace, 'src/x.ts'), 'utf8')).toBe('b\n');
		expect(text).toBe('I will edit.Wrote "b\\n".');
		expect(of('tool').map(tool => tool.status)).toEqual(['pending', 'in_progress', 'completed']);
		expect(of('usage')).toMatchObject([
			{tokens: {input: 2400, output: 84}, model: 'gemini-2.5-flash', costMicroUsd: null},
		]);
	});

	test('files outside the workspace are neither written nor read', async () => {
		const {text, workspace} = await run('outside');
		expect(text).toBe('write refused, read refused');
		expect(existsSync(path.join(workspace, '../outside.txt'))).toBe(false);
	});

	test('junk, unknown updates and bytes that are no UTF-8 are survived and kept as diagnostics', async () => {
		const workspace = temporaryFolder();
		let diagnostics = '';
		const request = requestIn(workspace, {onDiagnostic: text => (diagnostics += text.toString())});
		const {end, text} = await runScripted(scriptedSpec('junk'), request);
		expect(end.outcome).toBe('ok');
		expect(text).toBe('bad \uFFFD( byte');
		expect(diagnostics).toContain('Welcome to Agent 3000!');
	});

	test('the mode and the model are set over the protocol', async () => {
		const workspace = temporaryFolder();
		const log = path.join(workspace, 'log');
		const spec = scriptedSpec('text', {mode: 'plan', set: {AGENT_LOG: log}});
		const {of} = await runScripted(spec, requestIn(workspace, {model: 'large'}));
		expect(of('session')).toEqual([{t: 'session', id: 'scripted-session', model: 'large', canResume: false}]);
		expect(logOf(log)).toMatchObject([
			{initialize: {protocolVersion: 1, clientCapabilities: {terminal: false}}},
			{'session/set_mode': {modeId: 'plan'}},
			{'session/set_config_option': {configId: 'model', value: 'large'}},
			{prompt: 'Do it.'},
		]);
	});

	test('a mode the agent does not have is a failure, not a guess', async () => {
		const {end} = await runScripted(scriptedSpec('text', {mode: 'yolo'}), requestIn(temporaryFolder()));
		expect(end.failure).toMatchObject({
			code: 'agent.unreachable',
			message: 'Agent "scripted" cannot be reached: it has no mode "yolo"; its modes are: default, plan.',
		});
	});
});

describe('permissions', () => {
	test('an allowed one goes on; the narrowest option comes first', async () => {
		const {of, workspace, end} = await run('permission', {reply: 'once'});
		expect(of('approval')[0]).toMatchObject({
			id: 'p1',
			title: 'Writing a file',
			kind: 'edit',
			options: [
				{id: 'once', label: 'Allow', isAllow: true},
				{id: 'always', label: 'Allow for this session', isAllow: true},
				{id: 'no', label: 'Reject', isAllow: false},
			],
		});
		expect(of('approval')[0]!.preview).toContain('@@ -1,1 +1,1 @@\n-old\n+new');
		expect(readFileSync(path.join(workspace, 'out.txt'), 'utf8')).toBe('new\n');
		expect(end.outcome).toBe('ok');
	});

	test('what was said of a call before fills in what the request leaves out', async () => {
		const {of, workspace} = await run('permission-short', {reply: 'once'});
		expect(of('approval')).toMatchObject([
			{
				title: 'Write out.txt',
				kind: 'edit',
				preview: expect.stringContaining('+new'),
				action: {kind: 'write', paths: [path.join(workspace, 'out.txt')]},
			},
		]);
	});

	test('a rejected one does nothing, and the agent may go on', async () => {
		const {workspace, end, text} = await run('permission', {reply: 'no'});
		expect(existsSync(path.join(workspace, 'out.txt'))).toBe(false);
		expect(end.outcome).toBe('ok');
		expect(text).toContain('Then not.');
	});

	test('an agent that ends its turn over a rejection has failed', async () => {
		const {end} = await run('permission-codex', {reply: 'no'});
		expect(end.failure).toMatchObject({code: 'agent.refused', retryable: false});
	});

	test('an open one is cancelled first when the run is', async () => {
		const {events, end} = await run('permission', {
			onEvent: (event, abort) => event.t === 'approval' && abort(),
		});
		expect(end.outcome).toBe('cancelled');
		expect(events).toContainEqual({t: 'approval-closed', id: 'p1'});
	});
});

describe('going on with a session', () => {
	const resume = {sessionId: 'scripted-session', countedMicroUsd: 4120};

	test.each(['load', 'resume'])('%s: only what is new is said and counted', async scene => {
		const workspace = temporaryFolder();
		const log = path.join(workspace, 'log');
		const spec = scriptedSpec(scene, {set: {AGENT_LOG: log}});
		const {text, end, of} = await runScripted(spec, requestIn(workspace, {prompt: 'Go on.', resume}));
		expect(end.outcome).toBe('ok');
		expect(text).toBe('New words.');
		expect(of('session')).toMatchObject([{id: 'scripted-session', canResume: true}]);
		expect(of('usage').map(({costMicroUsd}) => costMicroUsd)).toEqual([3000, 0]);
		expect(logOf(log).slice(1)).toMatchObject([
			{[`session/${scene}`]: {sessionId: 'scripted-session', cwd: workspace}},
			{prompt: 'Go on.'},
		]);
	});

	test('an agent whose cost begins anew is counted from nothing', async () => {
		const {of} = await runScripted(scriptedSpec('resume-anew'), requestIn(temporaryFolder(), {resume}));
		expect(of('usage').map(({costMicroUsd}) => costMicroUsd)).toEqual([1000, 0]);
	});

	test.each([
		['load', 'gone', 'No session gone'],
		['resume', 'gone', 'No session gone'],
		['text', 'scripted-session', 'it cannot go on with sessions'],
	])('%s, %s: a session that is lost says so', async (scene, sessionId, words) => {
		const request = requestIn(temporaryFolder(), {resume: {sessionId, countedMicroUsd: 0}});
		const {end} = await runScripted(scriptedSpec(scene), request);
		expect(end.failure).toMatchObject({
			code: 'agent.session-lost',
			message: expect.stringContaining(words),
			retryable: true,
		});
	});
});

describe('a run that may only read', () => {
	const readOnly = {access: 'read-only'} as const;

	test('starts the agent in the mode for that, and refuses what it asks', async () => {
		const workspace = temporaryFolder();
		const log = path.join(workspace, 'log');
		const spec = scriptedSpec('permission', {readOnlyMode: 'plan', set: {AGENT_LOG: log}});
		const {of, text} = await runScripted(spec, requestIn(workspace, readOnly));
		expect(of('approval')).toEqual([]);
		expect(of('warning')).toMatchObject([{message: expect.stringContaining('Writing a file')}]);
		expect(existsSync(path.join(workspace, 'out.txt'))).toBe(false);
		expect(text).toContain('Then not.');
		expect(logOf(log)).toContainEqual({
			'session/set_mode': {sessionId: 'scripted-session', modeId: 'plan'},
		});
	});

	test('nothing is written through us', async () => {
		const workspace = temporaryFolder();
		await runScripted(scriptedSpec('tool', {readOnlyMode: 'plan'}), requestIn(workspace, readOnly));
		expect(existsSync(path.join(workspace, 'src/x.ts'))).toBe(false);
	});

	test('fails where the agent has no such mode', async () => {
		const {end} = await runScripted(scriptedSpec('text'), requestIn(temporaryFolder(), readOnly));
		expect(end.failure).toMatchObject({
			code: 'agent.unreachable',
			message: expect.stringContaining('may only read'),
			suggestion: expect.stringContaining('read-only-mode:'),
		});
	});
});

describe('cancelling', () => {
	test('mid-stream: the agent ends its turn and is gone', async () => {
		let pid = 0;
		const request = requestIn(temporaryFolder(), {onProcess: started => (pid = started)});
		const {end} = await runScripted(scriptedSpec('stream'), request, {
			onEvent: (event, abort) => event.t === 'text' && abort(),
		});
		expect(end).toEqual({t: 'end', outcome: 'cancelled'});
		expect(aliveInGroup(pid)).toEqual([]);
	});

	test('an agent that ignores all of it is killed with what it started, within 5 s', async () => {
		let pid = 0;
		let abortedMs = 0;
		const request = requestIn(temporaryFolder(), {onProcess: started => (pid = started)});
		const {end} = await runScripted(scriptedSpec('stubborn'), request, {
			onEvent(event, abort) {
				if (event.t !== 'text') return;
				abortedMs = performance.now();
				setTimeout(abort, 100);
			},
		});
		expect(end.outcome).toBe('cancelled');
		expect(performance.now() - abortedMs).toBeLessThan(5000);
		expect(aliveInGroup(pid)).toEqual([]);
	});
});

describe('failures are typed', () => {
	test.each([
		['e401', 'agent.unauthenticated', 'is not logged in, or its key is not accepted: API key not valid.'],
		['e429', 'agent.rate-limited', 'has reached a rate limit: Internal error: API Error (429)'],
		['e529-marker', 'agent.overloaded', 'found its provider overloaded: API Error: 529 Overloaded.'],
		['e429-codex', 'agent.rate-limited', 'Reconnecting... 1/1'],
		['e429-copilot', 'agent.rate-limited', 'Error: Failed to get response'],
		['e401-copilot', 'agent.unauthenticated', 'Error: Authentication failed with provider (HTTP 401).'],
		['crash', 'agent.crashed', 'it exited with code 3: FATAL: out of cheese'],
		['no-protocol', 'agent.unreachable', 'it exited with code 41'],
	])('%s is %s', async (scene, code, words) => {
		const {end} = await run(scene);
		expect(end).toMatchObject({outcome: 'failed', failure: {code}});
		expect(end.failure!.message).toContain(words);
		expect(end.failure!.suggestion).toBeTruthy();
	});

	test.each([
		['e429-reset', 90],
		['e429-reset-words', 7500],
		['e429', undefined],
	])('%s: when the limit resets is told where it is known', async (scene, seconds) => {
		const beforeMs = Date.now();
		const {end} = await run(scene);
		expect(end.failure!.code).toBe('agent.rate-limited');
		if (seconds === undefined) {
			expect(end.failure!.resetAtMs).toBeUndefined();
			return;
		}

		expect(end.failure!.resetAtMs).toBeGreaterThanOrEqual(beforeMs + seconds * 1000);
		expect(end.failure!.resetAtMs).toBeLessThanOrEqual(Date.now() + seconds * 1000);
	});

	test('a command that is not there', async () => {
		const spec = scriptedSpec('text', {command: 'no-such-agent'});
		const {end} = await runScripted(spec, requestIn(temporaryFolder()));
		expect(end.failure).toMatchObject({code: 'agent.unreachable', message: expect.stringContaining('not on the PATH')});
	});
});
