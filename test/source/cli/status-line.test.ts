import {expect, test} from 'vitest';
import type {StatusCounts} from '../../../source/api/contract.ts';
import {formattedStatus, statusLineOf} from '../../../source/cli/status-line.ts';

const nothing: StatusCounts = {
	runsQueued: 0,
	runsRunning: 0,
	runsWaiting: 0,
	runsPaused: 0,
	runsFailed: 0,
	approvalsOpen: 0,
	spentUsd: 0,
	spentKnownUsd: 0,
};
const busy: StatusCounts = {
	...nothing,
	runsRunning: 3,
	approvalsOpen: 2,
	runsFailed: 1,
	spentUsd: 1.84,
	spentKnownUsd: 1.84,
};

test.each([
	[{}, 'idle'],
	[busy, '▶3 ◆2 ✗1 $1.84'],
	[{runsPaused: 1}, '‖1'],
	[{spentUsd: null, spentKnownUsd: 0.5}, '$0.50+?'],
	[{spentUsd: null}, '$?'],
])('%o is told as %s', (counts, line) => {
	expect(statusLineOf({...nothing, ...counts})).toBe(line);
});

test('a format has its placeholders filled in, and everything else left alone', () => {
	expect(formattedStatus('#[fg=red]{waiting}#[default] {running}/{queued} {spent}', busy)).toBe(
		'#[fg=red]2#[default] 3/0 $1.84',
	);
	expect(formattedStatus('[{line}]', busy)).toBe('[▶3 ◆2 ✗1 $1.84]');
});

test('without a daemon numbers are empty, not zero', () => {
	expect(formattedStatus('{waiting}|{line}', undefined)).toBe('|not running');
});

test('a placeholder that there is not is told with those that there are', () => {
	expect(() => formattedStatus('{runing}', busy)).toThrow('--format has no placeholder {runing}.');
});
