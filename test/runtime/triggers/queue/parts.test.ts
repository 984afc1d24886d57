import {describe, expect, test} from 'vitest';
import type {Settled} from '../../../../runtime/triggers/parts.ts';
import {reasonOf} from '../../../../runtime/triggers/queue/failures.ts';
import {loadPackage} from '../../../../runtime/triggers/queue/load-package.ts';
import {reconnectDelayMs} from '../../../../runtime/triggers/queue/reconnect.ts';
import {verdictOf} from '../../../../runtime/triggers/queue/verdict.ts';

describe('the verdict on a message', () => {
	const trigger = {retries: 2, retryDelayMs: 1000};
	const failure = {code: 'step.failed', message: 'It did not work.'};
	test.each<[string, Settled, number, boolean, unknown]>([
		['completed', {status: 'completed', runId: 'r'}, 1, false, {kind: 'done'}],
		[
			'not wanted',
			{status: 'skipped', runId: 'r', failure: {code: 'trigger.condition', message: ''}},
			1,
			false,
			{kind: 'done'},
		],
		[
			'failed',
			{status: 'failed', runId: 'r', failure},
			2,
			false,
			{kind: 'retry', delayMs: 1000, reason: failure.message},
		],
		[
			'failed for the last time',
			{status: 'failed', runId: 'r', failure},
			3,
			false,
			{kind: 'dead', reason: failure.message},
		],
		['cancelled', {status: 'cancelled', runId: 'r'}, 1, false, {kind: 'dead', reason: 'Its run was cancelled.'}],
		[
			'late',
			{status: 'cancelled', runId: 'r'},
			1,
			true,
			{kind: 'retry', delayMs: 1000, reason: 'Its run had not ended when its time was over.'},
		],
		[
			'disarmed before its run began',
			{status: 'skipped', runId: 'r', failure: {code: 'trigger.disarmed', message: 'Not armed.'}},
			1,
			false,
			{kind: 'retry', delayMs: 1000, reason: 'Not armed.'},
		],
	])('%s', (_, settled, attempt, isLate, verdict) => {
		expect(verdictOf(settled, {attempt}, trigger, isLate)).toEqual(verdict);
	});
});

test('a server that went away is tried again ever more rarely, up to 30 s', () => {
	expect([1, 2, 3, 8, 9, 1000].map(failures => reconnectDelayMs(failures, () => 1))).toEqual([
		...[250, 500, 1000, 30_000, 30_000, 30_000],
	]);
	expect(reconnectDelayMs(1, () => 0)).toBe(125);
});

test('what a server says is told without the password of its address', () => {
	expect(reasonOf(new Error('cannot open amqp://ada:secret@host:5672/x.'))).toBe('cannot open amqp://host:5672/x');
	const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), {code: 'ECONNREFUSED'});
	expect(reasonOf(new AggregateError([refused], ''))).toBe('connect ECONNREFUSED 127.0.0.1:1');
});

test('a package that is not installed is named, with how to install it', async () => {
	const missing = loadPackage('RabbitMQ', ['amqplib'], () => import('no-such-package' as string));
	await expect(missing).rejects.toMatchObject({
		code: 'queue.package-missing',
		message: 'Queues of RabbitMQ need a package that is not installed: amqplib.',
		suggestion: expect.stringContaining('npm install -g amqplib'),
	});
});
