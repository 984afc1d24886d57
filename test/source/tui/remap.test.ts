import {expect, test} from 'vitest';
import type {ActionName} from '../../../source/tui/keys/actions.ts';
import {bindings} from '../../../source/tui/keys/bindings.ts';
import {keyClashesOf, keyOf, remappedKeys, typingPlacesOf} from '../../../source/tui/keys/remap.ts';
import {cockpitLimits} from '../../../source/tui/limits.ts';
import {approvalRowsOf} from '../../../source/tui/rows/approval.ts';
import {helpRowsOf} from '../../../source/tui/rows/help.ts';
import {bottomRowOf} from '../../../source/tui/rows/hints.ts';
import {approvalOf} from '../../../source/tui/select.ts';
import {placeOf} from '../../../source/tui/state.ts';
import {lookOf} from '../../../source/tui/theme.ts';
import {playBusy} from './scenes.ts';
import {later, noonMs, pressAll, stateOf} from './states.ts';

const look = lookOf({});
const textOf = (rows: readonly (readonly {readonly text: string}[])[]) =>
	rows.map(row => row.map(({text}) => text).join('')).join('\n');

const withKeys = async (keys: Partial<Record<ActionName, readonly string[]>>) => ({
	...(await stateOf(playBusy(noonMs), 160, 45)),
	keyTable: remappedKeys(bindings, new Map(Object.entries(keys) as [ActionName, readonly string[]][])),
});

test('the table as it is has no key twice in one place', () => {
	expect(keyClashesOf(bindings)).toEqual([]);
});

test('text is typed where no key is a character', () => {
	expect(typingPlacesOf()).toContain('comment');
	expect(typingPlacesOf()).not.toContain('runs');
});

test('a key that was changed works, and the one before it does nothing', async () => {
	const state = await withKeys({answer: ['ctrl-a'], approve: ['z', 'ctrl-y'], help: ['F']});
	expect(pressAll(state, 'a').state.dialog).toBeUndefined();
	const asked = later(pressAll(state, 'ctrl-a').state, cockpitLimits.armMs);
	expect(placeOf(asked)).toBe('approval');
	expect(pressAll(asked, 'y').effects).toEqual([]);
	expect(pressAll(asked, 'ctrl-y').effects).toMatchObject([{kind: 'approve'}]);
	expect(placeOf(pressAll(state, 'F').state)).toBe('help');
});

test('hints, help and sentences show the changed keys', async () => {
	const state = await withKeys({answer: ['ctrl-a'], approve: ['z'], quit: ['ctrl-q'], 'next-question': ['ctrl-n']});
	const hints = textOf([bottomRowOf(state, 160, look)]);
	expect(hints).toContain('ctrl-a answer');
	expect(hints).toContain('ctrl-q quit');
	expect(hints).not.toMatch(/ a answer| q quit/);
	const help = textOf(helpRowsOf(state));
	expect(help).toMatch(/^ ctrl-a +open the question/m);
	expect(help).toMatch(/^ z +say yes/m);
	expect(help).toContain('A question, opened with ctrl-a');
	expect(keyOf('answer', state)).toBe('ctrl-a');
});

test('a question says which key is which answer, also where yes and no have changed places', async () => {
	const state = pressAll(await withKeys({approve: ['n'], reject: ['y'], answer: ['ctrl-a']}), 'ctrl-a').state;
	const dialog = state.dialog?.kind === 'approval' ? state.dialog : undefined;
	const text = textOf(approvalRowsOf(approvalOf(state, dialog!)!, 80, state));
	expect(text).toMatch(/^n {2}Allow once/m);
	expect(text).toMatch(/^y {2}Reject/m);
	const hints = textOf([bottomRowOf(later(state, cockpitLimits.armMs), 160, look)]);
	expect(hints).toContain('n yes');
	expect(hints).toContain('y no');
});

test('ctrl-c leaves whatever the settings say', async () => {
	const state = await withKeys({quit: ['Q']});
	expect(pressAll(state, 'ctrl-c').effects).toEqual([{kind: 'quit'}]);
});
