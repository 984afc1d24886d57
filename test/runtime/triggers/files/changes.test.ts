import {expect, test} from 'vitest';
import {type Candidate, changesOf, wantedOf} from '../../../../runtime/triggers/files/changes.ts';
import type {Stamp} from '../../../../runtime/triggers/files/stamp.ts';

const stamp = (inode: string, more: Partial<Stamp> = {}): Stamp => ({
	...{inode, sizeBytes: 3, mtimeNs: '1', ctimeNs: '1'},
	...more,
});
const changes = (
	now: Readonly<Record<string, Stamp | undefined>>,
	known: Readonly<Record<string, Stamp>>,
	settled = Object.keys(now),
) => {
	const candidates = new Map<string, Candidate>(
		Object.entries(now).map(([file, found]) => [file, {stamp: found, sinceMs: 0, seenAtMs: 7}]),
	);
	return changesOf(settled, candidates, new Map(Object.entries(known)), () => 5).map(({event, file, from}) =>
		[event, file, from].filter(Boolean).join(' '),
	);
};

test('files come, change and go', () => {
	expect(changes({a: stamp('1')}, {})).toEqual(['add a']);
	expect(changes({a: stamp('1', {sizeBytes: 4})}, {a: stamp('1')})).toEqual(['change a']);
	expect(changes({a: undefined}, {a: stamp('1')})).toEqual(['unlink a']);
});

test('the same inode elsewhere, not written to, has moved', () => {
	expect(changes({a: undefined, b: stamp('1', {ctimeNs: '9'})}, {a: stamp('1')})).toEqual(['move b a']);
});

test('an inode that was used again is another file', () => {
	expect(changes({a: undefined, b: stamp('1', {mtimeNs: '9'})}, {a: stamp('1')})).toEqual(['add b', 'unlink a']);
});

test('a file that is gone waits until what came with its inode stands still', () => {
	expect(changes({a: undefined, b: stamp('1')}, {a: stamp('1')}, ['a'])).toEqual([]);
});

test('of two names of one inode, one that goes is no move', () => {
	expect(changes({b: stamp('1')}, {a: stamp('1')})).toEqual(['add b']);
	expect(changes({a: undefined, b: stamp('1'), c: stamp('1')}, {a: stamp('1')})).toEqual(['move b a', 'add c']);
});

test('a move that nobody asked for is a file that went and a file that came', () => {
	const change = {event: 'move', file: 'b', from: 'a', stamp: stamp('1'), atMs: 5} as const;
	const events = (asked: Parameters<typeof wantedOf>[1]) =>
		wantedOf(change, asked).map(({event, file}) => `${event} ${file}`);
	expect(events(['move', 'add'])).toEqual(['move b']);
	expect(events(['add', 'unlink'])).toEqual(['unlink a', 'add b']);
	expect(events(['add', 'change'])).toEqual(['add b']);
	expect(events(['change'])).toEqual([]);
});
