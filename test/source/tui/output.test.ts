import {describe, expect, test} from 'vitest';
import type {OutputChunk} from '../../../source/api/messages.ts';
import {cockpitLimits} from '../../../source/tui/limits.ts';
import {emptyOutput, nextNumberOf, type OutputState, withChunks} from '../../../source/tui/output/buffer.ts';
import {held, scrolledBy, scrolledToStart, visibleRowsOf} from '../../../source/tui/output/scroll.ts';

const view = {columns: 20, rows: 5};

/** Appends text as the daemon would send it: with offsets that go on from what is there. */
const printed = (output: OutputState, text: string, stream: OutputChunk['stream'] = 'stdout'): OutputState => {
	const offset = output.offsets[stream];
	return withChunks(output, [{stream, offset, nextOffset: offset + Buffer.byteLength(text), text}]);
};

const lines = (from: number, to: number): string => {
	let text = '';
	for (let number = from; number <= to; number++) text += `line ${number}\n`;
	return text;
};

const shown = (output: OutputState) => visibleRowsOf(output, view).rows.map(({text}) => text);

describe('the buffer', () => {
	test('joins chunks into lines, and shows a line before it is finished', () => {
		let output = printed(emptyOutput, 'one\ntw');
		expect(output.lines.map(({text}) => text)).toEqual(['one', 'tw']);
		output = printed(output, 'o\nthree\n');
		expect(output.lines.map(({text}) => text)).toEqual(['one', 'two', 'three']);
	});

	test('keeps unfinished lines of both streams apart', () => {
		let output = printed(emptyOutput, 'out');
		output = printed(output, 'err', 'stderr');
		output = printed(output, 'put\n');
		output = printed(output, 'or\n', 'stderr');
		expect(output.lines.map(({stream, text}) => `${stream} ${text}`)).toEqual(['stdout output', 'stderr error']);
	});

	test('cleans a sequence that two chunks share', () => {
		expect(printed(printed(emptyOutput, 'a\x1b[3'), '2mb\n').lines[0]?.text).toBe('ab');
	});

	test('does not take the same bytes twice', () => {
		const chunk = {stream: 'stdout', offset: 0, nextOffset: 4, text: 'one\n'} as const;
		expect(withChunks(emptyOutput, [chunk, chunk]).lines).toHaveLength(1);
	});

	test('keeps the last lines only, and their numbers', () => {
		const output = printed(emptyOutput, lines(1, cockpitLimits.outputLinesMax + 10));
		expect(output.lines).toHaveLength(cockpitLimits.outputLinesMax);
		expect(output.firstNumber).toBe(10);
		expect(output.lines[0]).toMatchObject({number: 10, text: 'line 11'});
		expect(nextNumberOf(output)).toBe(cockpitLimits.outputLinesMax + 10);
	});

	test('goes on in the next line where one is too long', () => {
		const output = printed(emptyOutput, 'x'.repeat(cockpitLimits.outputLineLengthMax * 2 + 1));
		expect(output.lines.map(({text}) => text.length)).toEqual([4096, 4096, 1]);
	});
});

describe('the view', () => {
	test('follows the end', () => {
		let output = printed(emptyOutput, lines(1, 8));
		expect(shown(output)).toEqual(['line 4', 'line 5', 'line 6', 'line 7', 'line 8']);
		output = printed(output, lines(9, 9));
		expect(shown(output).at(-1)).toBe('line 9');
	});

	test('does not move once it is scrolled up, and counts what is new', () => {
		let output = printed(emptyOutput, lines(1, 20));
		output = {...output, scroll: scrolledBy(output, -3, view)};
		const before = shown(output);
		expect(before[0]).toBe('line 13');
		output = printed(output, lines(21, 500));
		expect(shown(output)).toEqual(before);
		expect(visibleRowsOf(output, view).newLines).toBe(480);
	});

	test('counts as new only what has not been seen since', () => {
		let output = printed(emptyOutput, lines(1, 20));
		output = {...output, scroll: held(output, view)};
		output = printed(output, lines(21, 30));
		output = {...output, scroll: scrolledBy(output, 5, view)};
		expect(shown(output).at(-1)).toBe('line 25');
		expect(visibleRowsOf(output, view).newLines).toBe(5);
	});

	test('follows again when it is moved down at the end', () => {
		let output = printed(emptyOutput, lines(1, 20));
		output = {...output, scroll: scrolledBy(output, -2, view)};
		output = {...output, scroll: scrolledBy(output, 10, view)};
		expect(output.scroll.isFollowing).toBe(false);
		expect(shown(output).at(-1)).toBe('line 20');
		expect(scrolledBy(output, 1, view)).toEqual({isFollowing: true});
	});

	test('stays where it is while the oldest lines fall out of the buffer, as long as it can', () => {
		let output = printed(emptyOutput, lines(1, cockpitLimits.outputLinesMax));
		output = {...output, scroll: scrolledBy(output, -100, view)};
		const before = shown(output);
		output = printed(output, lines(5001, 5500));
		expect(shown(output)).toEqual(before);
		output = printed(output, lines(5501, 20_000));
		expect(shown(output)[0]).toBe('line 15001');
	});

	test('has nowhere to go in an output that is all on the screen', () => {
		const output = printed(emptyOutput, lines(1, 3));
		expect(scrolledBy(output, -1, view)).toEqual({isFollowing: true});
		expect(scrolledToStart(output, view)).toEqual({isFollowing: true});
		expect(scrolledBy(emptyOutput, -1, view)).toEqual({isFollowing: true});
	});

	test('moves by rows where lines are wrapped', () => {
		let output = printed(emptyOutput, `${'word '.repeat(20)}\n`);
		expect(shown(output)).toHaveLength(5);
		output = {...output, scroll: scrolledToStart(printed(output, lines(1, 3)), view)};
		output = printed(output, lines(1, 3));
		expect(shown(output)[0]).toMatch(/^word/);
		expect({...output, scroll: scrolledBy(output, 2, view)}.scroll).toMatchObject({line: 0, row: 2});
	});
});
