import {expect, test} from 'vitest';
import {cockpitLimits} from '../../../../source/tui/limits.ts';
import {emptyLog, withLogChunk} from '../../../../source/tui/pages/logs/buffer.ts';
import {visibleLogOf} from '../../../../source/tui/pages/logs/view.ts';
import type {CockpitState} from '../../../../source/tui/state.ts';
import {playBusy} from '../scenes.ts';
import {noonMs, pressAll, stateOf, withLog} from '../states.ts';

const size = {columns: 120, rows: 32};
const shown = (state: CockpitState): string[] =>
	visibleLogOf(state, size).rows.map(row =>
		row
			.map(({text}) => text)
			.join('')
			.trim(),
	);
const opened = async () => withLog(pressAll(await stateOf(playBusy(noonMs)), '6').state, 100);
const chunk = (text: string, offset = 0) => ({offset, nextOffset: offset + text.length, text});

test('the newest line is at the bottom, and stays there', async () => {
	const state = await opened();
	expect(shown(state).at(-3)).toContain('run=r-99');
	expect(shown(withLog(state, 105)).at(-1)).toContain('run=r-104');
});

test('a log that is scrolled up stays where it is, says what is below, and follows again at its end', async () => {
	const held = pressAll(await opened(), 'k', 'k', 'k').state;
	const grown = withLog(held, 50);
	expect(shown(grown)).toEqual(shown(held));
	expect(visibleLogOf(grown, size).below).toBeGreaterThan(visibleLogOf(held, size).below);
	expect(pressAll(grown, 'G').state.pages.logs.scroll).toEqual({isFollowing: true});
	expect(shown(pressAll(grown, 'g').state)[0]).toContain('run=r-0');
});

test('the filter looks at levels, words and stacks, and can be taken back', async () => {
	const state = pressAll(await opened(), '/', ...'error').state;
	expect(shown(state).filter(row => row.includes('a request failed'))).toHaveLength(10);
	expect(shown(state).some(row => row.includes('a run began'))).toBe(false);
	expect(shown(pressAll(state, 'esc').state).some(row => row.includes('a run began'))).toBe(true);
	expect(shown(pressAll(await opened(), '/', ...'nowhere').state)).toEqual([]);
});

test('a filtered view that is held keeps its first line when the filter goes', async () => {
	const held = pressAll(await opened(), 'g', '/', ...'slow', 'enter').state;
	expect(shown(held)[0]).toContain('run=r-7');
});

test('the same bytes do not come twice, and a log that was put aside begins anew', () => {
	const log = withLogChunk(emptyLog, chunk('one\ntwo\n'));
	expect(withLogChunk(log, chunk('one\ntwo\n'))).toBe(log);
	const anew = withLogChunk(log, chunk('three\n'));
	expect(anew.lines.map(({text}) => text)).toEqual(['one', 'two', 'three']);
	expect(anew.nextOffset).toBe(6);
});

test('of a long log only the end is kept, and what it says cannot move the cursor', () => {
	const text = Array.from({length: cockpitLimits.logLinesMax + 10}, (_, index) => `line ${index}\n`).join('');
	const log = withLogChunk(emptyLog, chunk(text));
	expect(log.lines).toHaveLength(cockpitLimits.logLinesMax);
	expect(log.lines.at(-1)).toMatchObject({number: cockpitLimits.logLinesMax + 9});
	expect(withLogChunk(emptyLog, chunk('\x1b[2Jgone\n')).lines[0]!.text).toBe('gone');
});
