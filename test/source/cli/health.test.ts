import {expect, test} from 'vitest';
import {findingOfAgent} from '../../../source/cli/health/agents.ts';
import {versionFinding} from '../../../source/cli/health/daemon.ts';
import {diskFinding, journalFinding} from '../../../source/cli/health/journal.ts';
import {findingOfQueue} from '../../../source/cli/health/queues.ts';
import {terminalFinding} from '../../../source/cli/health/terminal.ts';
import type {AgentView, QueueView} from '../../../source/client/client.ts';
import {version} from '../../../source/version.ts';

const gib = 1024 ** 3;

test('a large journal is advised to be pruned', () => {
	expect(journalFinding(1000)).toMatchObject({status: 'ok'});
	expect(journalFinding(2 * gib)).toMatchObject({status: 'warn', fix: expect.stringContaining('runs prune')});
});

test('a disk that is nearly full is a warning, one that is full is broken', () => {
	expect(diskFinding(100 * gib, '/state').status).toBe('ok');
	expect(diskFinding(gib / 2, '/state').status).toBe('warn');
	expect(diskFinding(1000, '/state')).toMatchObject({status: 'fail', fix: expect.stringContaining('Make room')});
});

test('a daemon of another version is told to be restarted', () => {
	expect(versionFinding(version, 1).status).toBe('ok');
	expect(versionFinding('0.0.1', 1)).toMatchObject({
		status: 'warn',
		fix: expect.stringContaining('aiworkflow daemon restart'),
	});
});

const agent = {
	id: 'gemini',
	adapter: 'gemini',
	isHealthy: true,
	version: '1.0',
	detail: null,
	breaker: null,
	disabled: null,
	login: 'in',
} as unknown as AgentView;

test('an agent that says it is not logged in is a warning that says what to do', () => {
	expect(findingOfAgent(agent)).toMatchObject({status: 'ok', detail: '1.0'});
	expect(findingOfAgent({...agent, login: 'out'})).toMatchObject({
		status: 'warn',
		detail: '1.0, not logged in',
		fix: expect.stringContaining('Log in'),
	});
});

const queue = {
	queue: 'mails',
	backend: 'redis',
	isPaused: false,
	dead: 0,
	problem: null,
	consumers: [],
} as unknown as QueueView;

test('a queue whose server does not answer, and one with dead letters, are warnings', () => {
	expect(findingOfQueue(queue).status).toBe('ok');
	expect(findingOfQueue({...queue, problem: 'Connection refused.'})).toMatchObject({
		status: 'warn',
		detail: 'Connection refused.',
	});
	expect(findingOfQueue({...queue, dead: 2})).toMatchObject({
		status: 'warn',
		fix: expect.stringContaining('queue dead list mails'),
	});
});

test.each([
	[{isTerminal: false}, {}, 'ok', 'none here'],
	[
		{isTerminal: true, columns: 120, rows: 40},
		{TERM: 'xterm-256color', LANG: 'en_US.UTF-8', COLORTERM: 'truecolor'},
		'ok',
		'all colours',
	],
	[{isTerminal: true, columns: 120, rows: 40}, {TERM: 'dumb', LANG: 'C.UTF-8'}, 'warn', 'TERM is "dumb"'],
	[{isTerminal: true, columns: 30, rows: 40}, {TERM: 'xterm', LANG: 'C.UTF-8'}, 'warn', 'smaller than 40 x 10'],
	[{isTerminal: true, columns: 120, rows: 40}, {TERM: 'xterm', LANG: 'C'}, 'warn', 'locale "C"'],
])('the terminal %j with %j is %s: %s', (facts, environment, status, words) => {
	const finding = terminalFinding(facts, environment);
	expect(finding.status).toBe(status);
	expect(finding.detail).toContain(words);
});
