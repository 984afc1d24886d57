import {describe, expect, test} from 'vitest';
import {createPaint} from '../../../source/cli/colour.ts';
import {routeOf} from '../../../source/cli/dispatch.ts';
import {spokenLine} from '../../../source/cli/inline/spoken.ts';
import {createTeller} from '../../../source/cli/inline/teller.ts';
import {journalEventOf} from '../../../source/run/wire.ts';
import {completed, created, origin, requested, runId, started, stateAfter, step, wireEventsOf} from './run-story.ts';

const story = wireEventsOf([
	[0, created([step('plan', 'agent'), step('ship', 'approval', ['plan'])])],
	[0, {type: 'run.started', body: {}}],
	[1, started('plan', 'claude')],
	[42, completed('plan')],
	[43, requested('ship', 'ap1')],
	[50, {type: 'approval.approved', body: {approvalId: 'ap1', stepId: 'ship', origin}}],
	[50, completed('ship', undefined)],
	[50, {type: 'run.completed', body: {outputs: {}}}],
]);
const teller = () => createTeller({paint: createPaint(false), isVerbose: false});

describe('everything that happens, as lines', () => {
	test('names the run in each, and says how a question is answered', () => {
		const told = teller();
		expect(told.takeSnapshot({cursor: 1, runs: [], isLast: true})).toEqual(['Nothing runs.']);
		expect(story.flatMap(event => told.takeEvent(journalEventOf(event)))).toEqual([
			`▶ fix-issue 42  started by ana  ${runId}`,
			'▶ fix-issue 42  plan  claude',
			'✓ fix-issue 42  plan  41s  $?',
			'◆ fix-issue 42  ship  Ship these changes?',
			'  Answer it with `aiworkflow approvals approve ap1` or `aiworkflow approvals reject ap1`.',
			'· fix-issue 42  ship  approved by ana',
			expect.stringMatching(/^✓ fix-issue 42 {2}ship/),
			expect.stringMatching(/^✓ fix-issue 42 {2}completed in 50s/),
		]);
	});

	test('begins with what is open, and what waits already', () => {
		const told = teller();
		const run = stateAfter(story.slice(0, 5));
		expect(told.takeSnapshot({cursor: 30, runs: [run], isLast: true})).toEqual([
			'1 run is open:',
			`  fix-issue 42  ${runId}`,
			'◆ fix-issue 42  ship  Ship these changes?',
			'  Answer it with `aiworkflow approvals approve ap1` or `aiworkflow approvals reject ap1`.',
		]);
		expect(told.takeEvent(journalEventOf(story[4]!))).toEqual([]);
		expect(told.takeEvent(journalEventOf(story[5]!))).toEqual(['· fix-issue 42  ship  approved by ana']);
	});

	test('asks for the state of a run that it does not know', () => {
		const told = teller();
		const event = journalEventOf(story[5]!);
		expect(told.takeEvent(event)).toBeUndefined();
		expect(told.takeRun(stateAfter(story.slice(0, 6)), event)).toEqual(['· fix-issue 42  ship  approved by ana']);
		expect(told.takeEvent(event)).toEqual([]);
	});
});

test.each([
	['✓ fix-issue 42  plan  41s  $0.42', 'Done: fix-issue 42, plan, 41s, $0.42'],
	[
		'⇄ fix-issue 42  plan  claude → codex: rate limited',
		'Changes agent: fix-issue 42, plan, claude to codex: rate limited',
	],
	['  Answer it with `x`.', 'Answer it with `x`.'],
	['1 run is open:', '1 run is open:'],
])('%s is heard as %s', (line, heard) => {
	expect(spokenLine(line)).toBe(heard);
});

describe('lines are chosen', () => {
	test('by a flag, without a terminal as well', () => {
		expect(routeOf(['--inline', '--no-color'], false)).toEqual({
			kind: 'inline',
			flags: {noColor: true, isVerbose: false, isSpoken: false},
		});
		expect(routeOf(['--screen-reader', '--read-only'], true)).toMatchObject({kind: 'inline', flags: {isSpoken: true}});
	});

	test('by the variable that programs made with Ink know, in place of the screen only', () => {
		const environment = {INK_SCREEN_READER: 'true'};
		expect(routeOf([], true, environment)).toMatchObject({kind: 'inline', flags: {isSpoken: true}});
		expect(routeOf([], false, environment)).toMatchObject({kind: 'pastel'});
		expect(routeOf(['runs', 'list'], true, environment)).toMatchObject({kind: 'fast'});
	});
});

test('a theme is one flag of two words, and needs its name', () => {
	expect(routeOf(['--theme', 'dark', '--ascii'], true)).toMatchObject({kind: 'cockpit', flags: {theme: 'dark'}});
	expect(routeOf(['--theme=dark'], true)).toMatchObject({kind: 'cockpit', flags: {theme: 'dark'}});
	expect(() => routeOf(['--theme'], true)).toThrow('--theme needs a name');
});
