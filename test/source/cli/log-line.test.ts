import {expect, test} from 'vitest';
import {logLineOf} from '../../../source/cli/log-line.ts';

test('a line of the log is words for a person', () => {
	const entry = {level: 30, time: '2026-11-20T14:02:11.000Z', pid: 7, version: '0.1.0', recovered: 2, msg: 'started'};
	expect(logLineOf(JSON.stringify(entry))).toBe('2026-11-20T14:02:11.000Z  info   started  version=0.1.0  recovered=2');
});

test('an error brings its stack, without what would move the cursor', () => {
	const err = {type: 'Error', message: 'no', stack: 'Error: no\n    at \u001B[2Jhere'};
	const entry = {level: 50, time: '2026-11-20T14:02:11.000Z', pid: 7, err, msg: 'failed'};
	expect(logLineOf(JSON.stringify(entry))).toBe('2026-11-20T14:02:11.000Z  error  failed\n  Error: no\n      at here');
});

test('what is no entry stays as it is', () => {
	expect(logLineOf('node: out of memory')).toBe('node: out of memory');
	expect(logLineOf('42')).toBe('42');
});
