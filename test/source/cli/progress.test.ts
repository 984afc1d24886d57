import {expect, test} from 'vitest';
import {createPaint} from '../../../source/cli/colour.ts';
import {progressLines} from '../../../source/cli/progress.ts';
import {reduce} from '../../../source/run/reduce.ts';
import type {RunState} from '../../../source/run/state.ts';
import {journalEventOf} from '../../../source/run/wire.ts';
import {completed, created, origin, requested, started, step, wireEventsOf} from './run-story.ts';

const linesOf = (story: Parameters<typeof wireEventsOf>[0], isVerbose = false): string[] => {
	let run: RunState | undefined;
	return wireEventsOf(story).flatMap(wire => {
		const event = journalEventOf(wire);
		run = reduce(run, event);
		return progressLines(event, run, {paint: createPaint(false), isVerbose});
	});
};

const steps = [
	step('plan', 'agent'),
	step('judge', 'agent', ['plan']),
	step('test', 'script', ['plan']),
	step('pause', 'wait', ['test']),
	step('ship', 'approval', ['pause']),
	step('publish-report', 'script', ['ship']),
];
const tokens = {input: 1200, cachedInput: 0, output: 300, reasoning: 0};
const usage = (stepId: string, costMicroUsd: number | null) =>
	({
		type: 'usage.recorded',
		body: {stepId, attempt: 1, agent: 'claude', tokens, costMicroUsd, costSource: 'agent'},
	}) as const;
const session = (stepId: string, id: string, isReplay: boolean) =>
	({
		type: 'agent.session-started',
		body: {stepId, attempt: 1, agent: {id, isReplay}, sessionId: 's'},
	}) as const;

const story = [
	[0, created(steps)],
	[0, {type: 'run.started', body: {}}],
	[0, started('plan', 'claude')],
	[1, session('plan', 'claude', false)],
	[40, usage('plan', 110_000)],
	[41, completed('plan')],
	[41, started('judge', 'replay')],
	[41, started('test')],
	[41.2, session('judge', 'replay', true)],
	[41.2, {type: 'agent.warned', body: {stepId: 'judge', attempt: 1, message: 'The recording is of\nanother prompt.'}}],
	[41.4, completed('judge')],
	[42, {type: 'attempt.interrupted', body: {stepId: 'test', attempt: 1, reason: 'vanished'}}],
	[42, started('test', undefined, 2)],
	[53, completed('test', 2)],
	[53, {type: 'wait.started', body: {stepId: 'pause', wakeAtMs: Date.UTC(2026, 10, 20, 12, 1)}}],
	[60, completed('pause', undefined)],
	[60, requested('ship', 'a1')],
	[300, {type: 'approval.approved', body: {approvalId: 'a1', stepId: 'ship', origin, comment: 'looks good'}}],
	[300, completed('ship', undefined)],
	[300, started('publish-report')],
	[300.5, completed('publish-report')],
	[300.5, {type: 'run.completed', body: {outputs: {}}}],
] as const;

test('a run as a person sees it', () => {
	expect(linesOf(story).join('\n')).toMatchInlineSnapshot(`
		"▶ plan            claude
		✓ plan            41s  $0.11
		▶ judge           replay
		! judge           The recording is of another prompt.
		✓ judge           400ms  from a recording
		⟲ test            its process vanished; it is tried again
		⟲ test            attempt 2
		✓ test            12s
		◷ pause           until 2026-11-20T12:01:00.000Z
		✓ pause           7.0s
		◆ ship            Ship these changes?
		· ship            approved by ana: looks good
		✓ ship            4m00s
		✓ publish-report  500ms
		✓ fix-issue 42  completed in 5m00s  $0.11"
	`);
});

test('verbose adds beginnings and usage', () => {
	const quiet = linesOf(story);
	expect(
		linesOf(story, true)
			.filter(line => !quiet.includes(line))
			.join('\n'),
	).toMatchInlineSnapshot(`
		"· plan            claude: 1200 tokens in, 300 out, $0.11
		▶ test            script
		▶ publish-report  script"
	`);
});

test('failures say why and what to do, and what followed from them', () => {
	const failure = {code: 'script.failed', message: 'The script ended with 2.', suggestion: 'See the log.'};
	expect(
		linesOf([
			[
				0,
				created([
					step('test', 'script'),
					{...step('lint', 'script'), continueOnError: true},
					step('ship', 'approval', ['test']),
				]),
			],
			[0, {type: 'run.started', body: {}}],
			[0, started('test')],
			[0, started('lint')],
			[1, {type: 'step.failed', body: {stepId: 'lint', attempt: 1, failure, exitCode: 1}}],
			[12, {type: 'step.failed', body: {stepId: 'test', attempt: 1, failure, exitCode: 2}}],
			[12, {type: 'step.skipped', body: {stepId: 'ship', reason: 'need-failed', detail: 'test failed'}}],
			[12, {type: 'run.failed', body: {failure: {code: 'step.failed', message: 'Step test failed.'}}}],
		]).join('\n'),
	).toMatchInlineSnapshot(`
		"✗ lint  failed, exit 1  1.0s  the run goes on
		  The script ended with 2.
		  See the log.
		✗ test  failed, exit 2  12s
		  The script ended with 2.
		  See the log.
		↷ ship  skipped: test failed
		✗ fix-issue 42  failed after 12s
		  Step test failed."
	`);
});

test('a cancelled run and an unknown cost', () => {
	expect(
		linesOf([
			[0, created([step('plan', 'agent'), step('test', 'script', ['plan'])])],
			[0, {type: 'run.started', body: {}}],
			[0, started('plan', 'claude')],
			[1, session('plan', 'claude', false)],
			[9, {type: 'run.cancel-requested', body: {origin, reason: 'ctrl-c was pressed twice'}}],
			[9, {type: 'step.cancelled', body: {stepId: 'plan', attempt: 1}}],
			[9, {type: 'step.cancelled', body: {stepId: 'test'}}],
			[9, {type: 'run.cancelled', body: {reason: 'asked for'}}],
		]).join('\n'),
	).toMatchInlineSnapshot(`
		"▶ plan  claude
		◷ fix-issue 42  cancelling: ctrl-c was pressed twice
		■ plan  cancelled
		■ test  cancelled
		■ fix-issue 42  cancelled after 9.0s  $?"
	`);
});

test('a question cannot move the cursor or pretend to be another line', () => {
	const question = '\u001B[2J\u001B]52;c;aGk=\u0007Ship?\r\n✓ ship  approved';
	const lines = linesOf([
		[0, created([step('ship', 'approval')])],
		[0, {type: 'approval.requested', body: {approvalId: 'a', stepId: 'ship', kind: 'approval', question}}],
	]);
	expect(lines).toEqual(['◆ ship  Ship? ✓ ship approved']);
});

test('a script that printed one short line has said it; for more there is a command', () => {
	const said = (stepId: string, preview: string) =>
		({
			type: 'step.completed',
			body: {stepId, attempt: 1, outputs: {}, text: {preview, sizeBytes: preview.length, isWhole: true}},
		}) as const;
	const printing = [
		[0, created([step('greet', 'script'), step('list', 'script')])],
		[0, {type: 'run.started', body: {}}],
		[0, started('greet')],
		[1, said('greet', 'Hello, Ada!\n')],
		[1, started('list')],
		[2, said('list', 'a\nb\n')],
		[2, {type: 'run.completed', body: {outputs: {report: 'REPORT.md', count: 2}}}],
	] as const;
	expect(linesOf(printing).join('\n')).toMatchInlineSnapshot(`
		"✓ greet  1.0s  Hello, Ada!
		✓ list   1.0s
		✓ fix-issue 42  completed in 2.0s
		  report = REPORT.md
		  count = 2
		  What the steps said: \`aiworkflow runs logs run1\`."
	`);
});

const failure = {code: 'script.failed', message: 'The script ended with 1.', suggestion: 'See the log.'};
const each = (id: string) => ({...step(id, 'script'), isEach: true});
const atNoon = Date.UTC(2026, 10, 20, 12);

test('retries say when the next one begins, repetitions which one it is', () => {
	expect(
		linesOf([
			[0, created([step('test', 'script'), step('poll', 'script', ['test'])])],
			[0, {type: 'run.started', body: {}}],
			[0, started('test')],
			[1, {type: 'attempt.failed', body: {stepId: 'test', attempt: 1, failure, exitCode: 1, retryAtMs: atNoon + 5000}}],
			[5, started('test', undefined, 2)],
			[6, completed('test', 2)],
			[6, started('poll')],
			[7, {type: 'attempt.completed', body: {stepId: 'poll', attempt: 1, iteration: 1, outputs: {}}}],
			[7, started('poll', undefined, 2)],
			[8, completed('poll', 2)],
		]).join('\n'),
	).toMatchInlineSnapshot(`
		"⟲ test  attempt 1 failed, exit 1, the next one in 4.0s
		  The script ended with 1.
		⟲ test  attempt 2
		✓ test  6.0s
		· poll  iteration 1 done
		⟲ poll  iteration 2
		✓ poll  2.0s"
	`);
});

test('few items have a line each, many are counted', () => {
	const item = (index: number, atSeconds: number) =>
		[
			[atSeconds, {type: 'attempt.started', body: {stepId: 'fix', item: index, attempt: 1}}],
			[atSeconds + 1, {type: 'item.completed', body: {stepId: 'fix', item: index, attempt: 1, outputs: {}}}],
		] as const;
	const failed = (index: number) =>
		[
			[1, {type: 'attempt.started', body: {stepId: 'fix', item: index, attempt: 1}}],
			[2, {type: 'item.failed', body: {stepId: 'fix', item: index, attempt: 1, failure, exitCode: 1}}],
		] as const;
	const begun = (count: number) =>
		[
			[0, created([each('fix')])],
			[0, {type: 'run.started', body: {}}],
			[0, {type: 'items.expanded', body: {stepId: 'fix', items: Array.from({length: count}, (_, index) => index)}}],
		] as const;
	expect(
		linesOf([...begun(3), ...item(0, 0), ...failed(1), ...item(2, 3), [5, completed('fix', undefined)]]).join('\n'),
	).toMatchInlineSnapshot(`
		"▶ fix     3 items
		✓ fix[0]  1.0s
		✗ fix[1]  failed, exit 1  1.0s
		  The script ended with 1.
		✓ fix[2]  1.0s
		✓ fix     3 items  5.0s"
	`);
	const many = Array.from({length: 24}, (_, index) => (index === 7 ? failed(7) : item(index, index))).flat();
	expect(linesOf([...begun(25), ...many]).join('\n')).toMatchInlineSnapshot(`
		"▶ fix     25 items
		· fix     3/25
		· fix     5/25
		✗ fix[7]  failed, exit 1  1.0s
		  The script ended with 1.
		· fix     8/25, 1 failed
		· fix     10/25, 1 failed
		· fix     13/25, 1 failed
		· fix     15/25, 1 failed
		· fix     18/25, 1 failed
		· fix     20/25, 1 failed
		· fix     23/25, 1 failed"
	`);
});

test('what was found before, and what a sub-workflow does', () => {
	expect(
		linesOf([
			[0, created([step('build', 'script'), step('lint', 'script'), step('deploy', 'uses', ['build', 'lint'])])],
			[0, {type: 'run.started', body: {}}],
			[
				0,
				{
					type: 'step.completed',
					body: {
						stepId: 'build',
						outputs: {},
						cached: {runId: 'run0', at: new Date(atNoon - 86_400_000).toISOString()},
					},
				},
			],
			[0, {type: 'step.adopted', body: {stepId: 'lint', outputs: {}, status: 'completed', from: {runId: 'run0'}}}],
			[0, {type: 'attempt.started', body: {stepId: 'deploy', attempt: 1, childRunId: 'run2'}}],
			[9, completed('deploy')],
		]).join('\n'),
	).toMatchInlineSnapshot(`
		"✓ build   cached, from run run0 of yesterday
		✓ lint    taken over from run run0
		▶ deploy  run run2
		✓ deploy  9.0s"
	`);
});

test('what people do to a run is said with their names', () => {
	expect(
		linesOf([
			[0, created([step('draft', 'script'), step('ship', 'approval', ['draft'])])],
			[0, {type: 'run.started', body: {}}],
			[0, {type: 'run.paused', body: {origin, reason: 'lunch'}}],
			[1, {type: 'run.resumed', body: {origin}}],
			[1, started('draft')],
			[2, completed('draft')],
			[2, requested('ship', 'a1')],
			[3, {type: 'approval.rejected', body: {approvalId: 'a1', stepId: 'ship', origin, comment: 'too long'}}],
			[
				3,
				{
					type: 'run.rewound',
					body: {toStepId: 'draft', approvalId: 'a1', stepIds: ['draft', 'ship'], feedback: 'too long'},
				},
			],
			[3, started('draft', undefined, 2)],
			[4, {type: 'signal.received', body: {name: 'go', data: null, origin}}],
			[4, {type: 'step.skip-requested', body: {stepId: 'draft', origin, reason: 'by hand'}}],
			[5, {type: 'step.skipped', body: {stepId: 'draft', reason: 'asked', detail: 'ana skipped it: by hand'}}],
			[6, {type: 'run.failed', body: {failure}}],
			[9, {type: 'run.reopened', body: {origin, stepIds: ['ship'], reason: 'done again from "ship"'}}],
		]).join('\n'),
	).toMatchInlineSnapshot(`
		"‖ fix-issue 42  paused by ana: lunch
		▶ fix-issue 42  goes on; ana resumed it
		✓ draft  1.0s
		◆ ship   Ship these changes?
		· ship   rejected by ana: too long
		⟲ draft  back to here, to do it and 1 step after it again: too long
		· fix-issue 42  signal "go" from ana
		◷ draft  is being stopped, to go on without it: by hand (ana)
		↷ draft  skipped: ana skipped it: by hand
		✗ fix-issue 42  failed after 6.0s
		  The script ended with 1.
		⟲ fix-issue 42  goes on: done again from "ship" (ana)
		  again: ship"
	`);
});

test('what is undone, and what is left', () => {
	const tag = {stepId: 'tag', attempt: 1, how: 'script'} as const;
	const build = {stepId: 'build', item: 2, attempt: 1, how: 'files'} as const;
	expect(
		linesOf([
			[0, created([each('build'), step('tag', 'script', ['build'])])],
			[0, {type: 'rollback.started', body: {origin, reason: 'the run failed', targets: [tag, build]}}],
			[0, {type: 'undo.started', body: tag}],
			[1, {type: 'undo.failed', body: {...tag, failure, exitCode: 1}}],
			[1, {type: 'undo.completed', body: build}],
			[1, {type: 'rollback.completed', body: {undone: 1, left: [tag]}}],
		]).join('\n'),
	).toMatchInlineSnapshot(`
		"⟲ fix-issue 42  rolling back 2 things: the run failed
		✗ tag       not undone (script): failed, exit 1
		  The script ended with 1.
		✓ build[2]  undone (files)
		✗ fix-issue 42  rolled back in part: 1 undone, left: tag (script)"
	`);
});
