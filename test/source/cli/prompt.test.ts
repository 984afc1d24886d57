import {EventEmitter} from 'node:events';
import {PassThrough} from 'node:stream';
import {expect, test, vi} from 'vitest';
import {ApprovalDesk} from '../../../source/cli/approval-desk.ts';
import {watchInterrupts} from '../../../source/cli/interrupts.ts';
import {askApproval, confirm} from '../../../source/cli/prompt.ts';
import type {Client} from '../../../source/client/client.ts';
import type {NewEvent} from '../../../source/run/events.ts';
import {created, origin, requested, stateAfter, step, wireEventsOf} from './run-story.ts';

const terminal = () => ({input: new PassThrough(), output: new PassThrough()});

const answerTo = async (...lines: string[]) => {
	const streams = terminal();
	const prompt = askApproval(() => ['The details.'], streams);
	for (const line of lines) {
		streams.input.write(`${line}\n`);
		await new Promise(setImmediate);
	}

	return {answer: await prompt.answer, shown: String(streams.output.read())};
};

test.each([
	[['y'], {kind: 'approve', comment: undefined}],
	[['NO'], {kind: 'reject', comment: undefined}],
	[['l'], {kind: 'later'}],
	[['', 'maybe', 'yes'], {kind: 'approve', comment: undefined}],
	[['c', 'not on a Friday', 'n'], {kind: 'reject', comment: 'not on a Friday'}],
])('%j answers %j', async (lines, answer) => {
	expect((await answerTo(...lines)).answer).toEqual(answer);
});

test('details are shown and the question stays', async () => {
	const {answer, shown} = await answerTo('d', 'y');
	expect(shown).toContain('  The details.\n');
	expect(answer).toMatchObject({kind: 'approve'});
});

test('another word than those offered is told so', async () => {
	expect((await answerTo('q', 'y')).shown).toContain('  Type one of the letters in brackets, then enter.\n');
	expect((await answerTo('', 'y')).shown).not.toContain('Type one of');
});

test('the end of the input leaves it open, a question taken back has no answer', async () => {
	const streams = terminal();
	const prompt = askApproval(() => [], streams);
	streams.input.end();
	expect(await prompt.answer).toEqual({kind: 'later'});
	const other = askApproval(() => [], terminal());
	other.close();
	expect(await other.answer).toBeUndefined();
});

test('only yes is yes', async () => {
	for (const [typed, isYes] of [
		['y\n', true],
		['yes\n', true],
		['\n', false],
		['yep\n', false],
		['', false],
	] as const) {
		const streams = terminal();
		const confirmed = confirm('Sure?', streams);
		streams.input.end(typed);
		expect(await confirmed).toBe(isYes);
	}
});

test('the desk asks one approval after the other and takes back what was answered elsewhere', async () => {
	const streams = terminal();
	const answered: string[] = [];
	const client = {
		approve: async (id: string) => void answered.push(`yes ${id}`),
		reject: async (id: string) => void answered.push(`no ${id}`),
	} as unknown as Client;
	const desk = new ApprovalDesk(client, {streams});
	const story: NewEvent[] = [
		created([step('one', 'approval'), step('two', 'approval'), step('three', 'approval')]),
		{type: 'run.started', body: {}},
		requested('one', 'a1'),
		requested('two', 'a2'),
		requested('three', 'a3'),
	];
	const show = () => desk.update(stateAfter(wireEventsOf(story.map(event => [0, event]))));
	show();
	story.push({type: 'approval.approved', body: {approvalId: 'a1', stepId: 'one', origin}});
	show();
	await vi.waitFor(() => expect(String(streams.output.read() ?? '')).toContain('Answered elsewhere.'));
	await new Promise(setImmediate);
	streams.input.write('n\n');
	await vi.waitFor(() => expect(answered).toEqual(['no a2']));
	await new Promise(setImmediate);
	streams.input.write('y\n');
	await vi.waitFor(() => expect(answered).toEqual(['no a2', 'yes a3']));
	desk.close();
});

test('the desk does not ask what was settled before the run was watched', () => {
	const streams = terminal();
	const desk = new ApprovalDesk({} as Client, {streams, settled: ['a1']});
	const story = [created([step('one', 'approval')]), {type: 'run.started', body: {}} as const, requested('one', 'a1')];
	desk.update(stateAfter(wireEventsOf(story.map(event => [0, event]))));
	expect(streams.output.read()).toBeNull();
	desk.close();
});

test('ctrl-c detaches, twice within the time it cancels, a hang-up detaches at once', async () => {
	const source = new EventEmitter();
	const once = watchInterrupts(source);
	expect(once.signal.aborted).toBe(false);
	source.emit('SIGINT');
	expect(once.signal.aborted).toBe(true);
	expect(await once.isRepeatedWithin(5)).toBe(false);
	const repeated = once.isRepeatedWithin(1000);
	source.emit('SIGINT');
	expect(await repeated).toBe(true);
	once.dispose();
	expect(source.listenerCount('SIGINT')).toBe(0);
	const gone = watchInterrupts(source);
	source.emit('SIGHUP');
	expect([gone.signal.aborted, gone.isHangup()]).toEqual([true, true]);
	gone.dispose();
});
