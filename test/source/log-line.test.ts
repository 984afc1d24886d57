import {expect, test} from 'vitest';
import {logEntryOf, logLineOf} from '../../source/log-line.ts';

test('a line of the log is words for a person', () => {
	const entry = {level: 30, time: '2026-11-20T14:02:11.000Z', pid: 7, version: '0.1.0', recovered: 2, msg: 'started'};
	expect(logLineOf(JSON.stringify(entry))).toBe('2026-11-20T14:02:11.000Z  info   started  version=0.1.0  recovered=2');
});

test('an error brings its stack', () => {
	const err = {type: 'Error', message: 'no', stack: 'Error: no\n    at here'};
	const entry = {level: 50, time: '2026-11-20T14:02:11.000Z', pid: 7, err, msg: 'failed'};
	expect(logLineOf(JSON.stringify(entry))).toBe('2026-11-20T14:02:11.000Z  error  failed\n  Error: no\n      at here');
});

test('what is no entry stays as it is', () => {
	expect(logLineOf('node: out of memory')).toBe('node: out of memory');
	expect(logLineOf('42')).toBe('42');
});

test('an entry is taken apart', () => {
	const entry = {level: 40, time: '2026-11-20T14:02:11.000Z', pid: 7, url: '/v1/runs', count: 2, msg: 'slow'};
	expect(logEntryOf(JSON.stringify(entry))).toEqual({
		level: 'warn',
		time: '2026-11-20T14:02:11.000Z',
		message: 'slow',
		facts: ['url=/v1/runs', 'count=2'],
		stack: [],
	});
});
