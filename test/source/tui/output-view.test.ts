import {describe, expect, test} from 'vitest';
import type {OutputLine} from '../../../source/tui/output/buffer.ts';
import {prepareLines, renderedLineOf} from '../../../source/tui/output/rendered.ts';
import {visibleRowsOf} from '../../../source/tui/output/scroll.ts';
import {errorAfter, matchAfter, matchesOf} from '../../../source/tui/output/search.ts';
import {outputRowOf, outputTitleOf} from '../../../source/tui/rows/output.ts';
import type {CockpitState} from '../../../source/tui/state.ts';
import {withoutColumns} from '../../../source/tui/text/width.ts';
import {lookOf} from '../../../source/tui/theme.ts';
import {outputViewOf} from '../../../source/tui/views.ts';
import {createScriptedDaemon} from './scripted-daemon.ts';
import {noonMs, pressAll, stateOf, withOutput} from './states.ts';

const look = lookOf({});
const linesOf = (...texts: string[]): OutputLine[] => texts.map((text, number) => ({number, stream: 'stdout', text}));

/** The output of an agent's step, with the focus. */
const printing = async (text: string, kind: 'agent' | 'script' = 'agent') => {
	const daemon = createScriptedDaemon(noonMs);
	daemon.createRun('r-1', {steps: [{id: 'say', kind}]});
	daemon.emit('r-1', 'attempt.started', {stepId: 'say', attempt: 1});
	daemon.print('r-1', 'say', text);
	return {daemon, state: pressAll(await stateOf(daemon), 'enter', 'enter').state};
};

const rowsOf = (state: CockpitState): string[] =>
	visibleRowsOf(state.output, outputViewOf(state)).rows.map(({text}) => text);

describe('a search in the output', () => {
	test('finds lines, heeds capitals only where it has some, and goes round', () => {
		const lines = linesOf('An error', 'nothing', 'ERROR again', 'error');
		expect(matchesOf(lines, 'error')).toEqual([0, 2, 3]);
		expect(matchesOf(lines, 'ERROR')).toEqual([2]);
		expect(matchesOf(lines, '')).toEqual([]);
		expect([matchAfter([0, 2, 3], 3, 1), matchAfter([0, 2, 3], 0, -1), matchAfter([], 0, 1)]).toEqual([
			0,
			3,
			undefined,
		]);
	});

	test('brings the line to the screen, counts, and marks what was found', async () => {
		const text = Array.from({length: 200}, (_, index) => `line ${index}\n`).join('');
		const {state} = await printing(text);
		const found = pressAll(state, '/', ...'line 11', 'enter').state;
		expect(rowsOf(found)).toContain('line 11');
		expect(outputTitleOf(found, 0).right).toContain('/line 11 1 of 11');
		expect(pressAll(found, 'N').state.runView.found).toBe(119);
		const row = visibleRowsOf(found.output, outputViewOf(found)).rows.find(({number}) => number === 11)!;
		expect(outputRowOf(row, 'line 11', look).filter(({style}) => style === 'selected')).toEqual([
			{text: 'line 11', style: 'selected'},
		]);
		expect(pressAll(state, '/', ...'gone', 'enter').state.notice?.text).toBe('"gone" is not in it.');
	});

	test('is not begun where the pane shows something else', async () => {
		const {state} = await printing('hello\n');
		expect(pressAll(state, 't', '/').state.notice?.text).toContain('not on the screen: o shows it');
	});
});

describe('a line that looks like an error', () => {
	test.each([
		['error TS2304: Cannot find name', true],
		['TypeError: x is not a function', true],
		['not ok 3 - applies the discount', true],
		['FAIL test/cart.test.ts', true],
		['bash: foo: command not found', true],
		['panicked at src/main.rs:3', true],
		['0 errors, 0 warnings', false],
		['no errors', false],
		['errors: 0', false],
		['terror and mirrors', false],
		['all good', false],
	])('%s: %s', (text, isError) => {
		expect(errorAfter(linesOf(text), -1) === 0).toBe(isError);
	});

	test('is found after the one before, then from the start again', async () => {
		const {state} = await printing('error 1\nfine\nerror 2\n');
		expect(pressAll(state, 'e').state.runView.found).toBe(0);
		expect(pressAll(state, 'e', 'e').state.runView.found).toBe(2);
		expect(pressAll(state, 'e', 'e', 'e').state.runView.found).toBe(0);
	});
});

describe('long lines', () => {
	test('are cut where they are not wrapped, and can be shifted as far as they go', async () => {
		const {daemon, state} = await printing(`${'abcdefghij'.repeat(20)}\nshort\n`);
		expect(rowsOf(state).length).toBeGreaterThan(2);
		const cut = pressAll(state, 'w').state;
		expect(rowsOf(cut)).toEqual(['abcdefghij'.repeat(20), 'short']);
		const shifted = pressAll(cut, '>').state;
		expect(rowsOf(shifted)).toEqual(['abcdefghij'.repeat(20).slice(16), '']);
		daemon.print('r-1', 'say', `${'x'.repeat(20)}\n`);
		const later = {...shifted, output: (await withOutput(daemon, shifted)).output};
		expect(rowsOf(later).at(-1)).toBe('xxxx');
		const far = pressAll(shifted, ...Array.from({length: 40}, () => '>')).state;
		expect(rowsOf(far)[0]!.length).toBeGreaterThan(10);
		expect(pressAll(shifted, '<', '<', '<').state.runView.column).toBe(0);
	});

	test('are shifted by columns, not by characters', () => {
		expect(withoutColumns('価格表', 2)).toBe('格表');
		expect(withoutColumns('価格表', 3)).toBe(' 表');
		expect(withoutColumns('ab', 5)).toBe('');
		expect(withoutColumns('価', 4)).toBe('');
	});
});

describe('what an agent says', () => {
	const rendered = (...texts: string[]) => {
		const lines = linesOf(...texts);
		prepareLines(lines);
		return lines.map(line => renderedLineOf(line)).map(({text, style}) => [text, style]);
	};

	test('has headings, lists and code', () => {
		expect(rendered('# Plan #', '* one', '  + two', '```sh', '# no heading', '```', '> quoted')).toEqual([
			['Plan', 'strong'],
			['- one', undefined],
			['  - two', undefined],
			['```sh', 'muted'],
			['# no heading', 'replay'],
			['```', 'muted'],
			['> quoted', 'muted'],
		]);
	});

	test('has diffs in fences and without, and no diff where a list begins', () => {
		expect(rendered('- a list', 'diff --git a/x b/x', '--- a/x', '+new', '-old', ' same', 'Done.', '- a list')).toEqual(
			[
				['- a list', undefined],
				['diff --git a/x b/x', 'strong'],
				['--- a/x', 'strong'],
				['+new', 'completed'],
				['-old', 'failed'],
				[' same', undefined],
				['Done.', undefined],
				['- a list', undefined],
			],
		);
		expect(rendered('```diff', '+new', '```', '+ two')).toEqual([
			['```diff', 'muted'],
			['+new', 'completed'],
			['```', 'muted'],
			['- two', undefined],
		]);
	});

	test('keeps its fence when the oldest lines are gone', () => {
		const lines = linesOf('```', 'one', 'two');
		prepareLines(lines);
		const left = [...lines.slice(1), {number: 3, stream: 'stdout', text: 'three'} as const];
		prepareLines(left);
		expect(renderedLineOf(left[2]!).style).toBe('replay');
	});

	test('is bold where it says so, within a row', () => {
		const row = {text: 'a **bold** word, 2 ** 3', stream: 'stdout', number: 0, isProse: true} as const;
		expect(outputRowOf(row, '', look).slice(1)).toEqual([
			{text: 'a ', style: 'text'},
			{text: 'bold', style: 'strong'},
			{text: ' word, 2 ** 3', style: 'text'},
		]);
	});

	test('is rendered, what scripts print is raw, and a key says otherwise', async () => {
		const agent = (await printing('# Hi\n')).state;
		expect([rowsOf(agent), rowsOf(pressAll(agent, 'm').state)]).toEqual([['Hi'], ['# Hi']]);
		const script = (await printing('# Hi\n', 'script')).state;
		expect([rowsOf(script), rowsOf(pressAll(script, 'm').state)]).toEqual([['# Hi'], ['Hi']]);
	});
});
