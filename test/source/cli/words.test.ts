import {expect, test} from 'vitest';
import {normalisedArguments} from '../../../source/cli/arguments.ts';
import {meantBy} from '../../../source/cli/did-you-mean.ts';
import {routeOf} from '../../../source/cli/dispatch.ts';
import {exitCodeOf} from '../../../source/cli/exit-codes.ts';
import {parseInputs} from '../../../source/cli/inputs.ts';
import {momentOf} from '../../../source/cli/moments.ts';
import {runtimeProblem} from '../../../source/cli/runtime-check.ts';
import {dataOf} from '../../../source/cli/verbs/runs-signal.ts';

test.each([
	['run list', 'runs list'],
	['run show abc', 'runs show abc'],
	['run ./list.md', 'run ./list.md'],
	['run fix', 'run fix'],
	['run retry x', 'runs retry x'],
	['history --limit 3', 'runs list --limit 3'],
	['agent list', 'agents list'],
	['tool list', 'tools list'],
	[
		'tool call a.b --x 1 --json --deep --y=2',
		'tools call a.b --argument=x=1 --json --argument=deep=true --argument=y=2',
	],
	['tools call a.b --n -5 --timeout 3s --off', 'tools call a.b --argument=n=-5 --timeout 3s --argument=off=true'],
	['workflows list', 'workflow list'],
	['approval approve x', 'approvals approve x'],
	['--json runs list', 'runs list --json'],
	['runs --json --no-color list --limit 3', 'runs list --limit 3 --json --no-color'],
	['run x --input a=1 --input b=2 --yes', 'run x --input=a=1 --input=b=2 --yes'],
	['run --input a=1 x', 'run --input=a=1 x'],
	['approvals approve x --comment --json', 'approvals approve x --comment --json'],
])('`%s` means `%s`', (typed, meant) => {
	expect(normalisedArguments(typed.split(' ')).join(' ')).toBe(meant);
});

test.each([
	['rnu', 'run'],
	['stauts', 'status'],
	['appro', 'approvals'],
	['works', undefined],
	['xyzzy', undefined],
])('%s is near %s', (typed, meant) => {
	expect(meantBy(typed, ['run', 'runs', 'status', 'approvals', 'init', 'trust'])).toBe(meant);
});

test('no arguments open the cockpit on a terminal and show help elsewhere', () => {
	expect(routeOf([], true)).toMatchObject({kind: 'cockpit', flags: {isReadOnly: false, renderMode: 'incremental'}});
	expect(routeOf(['--read-only', '--render=full', '--ascii'], true)).toMatchObject({
		kind: 'cockpit',
		flags: {isReadOnly: true, isAscii: true, renderMode: 'full'},
	});
	expect(routeOf([], false)).toEqual({kind: 'pastel', words: ['--help']});
	expect(() => routeOf(['--read-only'], false)).toThrow('needs a terminal');
});

test('the fast path takes what it knows completely, and leaves the rest to Pastel', () => {
	expect(routeOf(['--version'], false)).toMatchObject({kind: 'fast', call: {path: {words: ['version']}}});
	expect(routeOf(['run', 'list', '--limit', '3', '--no-color', '--json'], false)).toMatchObject({
		kind: 'fast',
		call: {options: {limit: '3', json: true, verbose: false, color: false, status: undefined}},
	});
	for (const typed of ['runs list --help', 'runs list --jsn', 'runs list x', 'runs show', 'run x', 'runs list --limit'])
		expect(routeOf(typed.split(' '), false).kind, typed).toBe('pastel');
});

test.each([
	['usage.invalid', 2],
	['workflow.invalid', 2],
	['secret.missing', 2],
	['run.not-found', 3],
	['workflow.not-found', 3],
	['daemon.unreachable', 4],
	['journal.corrupted', 4],
	['approval.denied', 5],
	['workspace.untrusted', 5],
	['run.denied', 5],
	['savepoint.not-found', 3],
	['run.not-ended', 1],
	['step.ended', 1],
	['rollback.nothing', 1],
	['daemon.busy', 1],
	['approval.answered', 1],
	['internal.unexpected', 1],
])('%s ends with exit code %i', (code, exitCode) => {
	expect(exitCodeOf(code)).toBe(exitCode);
});

test('inputs are read up to the first equals sign and stay text', () => {
	expect(parseInputs(['a=1', 'b=x=y', 'c='])).toEqual({a: '1', b: 'x=y', c: ''});
	expect(() => parseInputs(['a'])).toThrow('The input "a" has no name and value.');
	expect(() => parseInputs(['a=1', 'a=2'])).toThrow('The input a is given twice.');
});

test('moments are so long ago, a day here, or what they say', () => {
	const nowMs = Date.parse('2026-11-20T12:00:00Z');
	expect(momentOf('since', '7d', nowMs)).toBe('2026-11-13T12:00:00.000Z');
	expect(momentOf('since', '2026-11-20T10:00:00+02:00', nowMs)).toBe('2026-11-20T08:00:00.000Z');
	expect(new Date(momentOf('since', '2026-11-20', nowMs)).getHours()).toBe(0);
	for (const text of ['7', 'today', '2026-13-40', '']) expect(() => momentOf('since', text, nowMs)).toThrow('--since');
});

test('the data of a signal is JSON, or else the text it is', () => {
	expect([dataOf('{"a": [1]}'), dataOf('42'), dataOf('hello there'), dataOf(undefined)]).toEqual([
		{a: [1]},
		42,
		'hello there',
		null,
	]);
});

test('a Node.js that is too old gets one clear sentence', () => {
	expect(runtimeProblem('20.20.2', '24.15')).toBe(
		'aiworkflow needs Node.js 24.15 or newer; this is 20.20.2. Install a current Node.js LTS and run the command again.',
	);
	expect(runtimeProblem('24.14.9', '24.15')).toBeDefined();
	for (const version of ['24.15.0', '24.21.0', '26.0.0-nightly'])
		expect(runtimeProblem(version, '24.15')).toBeUndefined();
});
