import {expect, test} from 'vitest';
import {type Case, definitionOf, expectCase} from './marked.ts';

const on = (files: string) => `---\nname: x\non:\n  files: ${files}\n---\n# A\n\n## b\nDo.\n`;
const triggerOf = (files: string) => definitionOf(on(files)).triggers?.[0];

test('a glob by itself stands for one with defaults', () => {
	expect(triggerOf('"inbox/**/*.md"')).toMatchObject({
		...{id: 'files', kind: 'files', paths: ['inbox/**/*.md'], ignore: [], events: ['add', 'change']},
		...{settleMs: 1000, batch: 'each', debounceMs: 1000, overlap: 'queue'},
	});
	expect(triggerOf('"*.md"')).not.toHaveProperty('pollMs');
});

test('every setting is read', () => {
	const text =
		'{ paths: [a, b], ignore: c, events: [move, move], settle: 2s, poll: 10s, batch: all, debounce: 5s, overlap: skip }';
	expect(triggerOf(text)).toMatchObject({
		...{paths: ['a', 'b'], ignore: ['c'], events: ['move'], settleMs: 2000, pollMs: 10_000},
		...{batch: 'all', debounceMs: 5000, overlap: 'skip'},
	});
});

const cases: readonly Case[] = [
	['no paths', on('{ ignore: a }').replace('files:', '▶files:'), ['key.missing']],
	['an empty glob', on('{ paths: [a, ▶""] }'), ['value.invalid']],
	[
		'a path from the root',
		on('{ paths: [a, ▶/etc/*] }'),
		['value.invalid'],
		'Write it from the workspace, as `inbox/**`.',
	],
	['a path that leaves', on('{ paths: a, ignore: ▶../b }'), ['value.invalid']],
	[
		'an unknown event',
		on('{ paths: a, events: [add, ▶delete] }'),
		['value.invalid'],
		'Known here: `add`, `change`, `unlink`, `move`.',
	],
	['no events', on('{ paths: a, events: ▶[] }'), ['value.invalid']],
	[
		'a settle time without unit',
		on('{ paths: a, settle: ▶5 }'),
		['value.invalid'],
		'Say the unit: `settle: 5s` or `settle: 5m`.',
	],
	['polling too often', on('{ paths: a, poll: ▶10ms }'), ['value.invalid'], 'Write `poll: 10s`.'],
	[
		'a debounce of single files',
		on('{ paths: a, ▶debounce: 2s }'),
		['key.misplaced'],
		'Write `batch: all`, or use `settle`.',
	],
	['an unknown batch', on('{ paths: a, batch: ▶one }'), ['value.invalid']],
	['an unknown key', on('{ paths: a, ▶path: b }'), ['key.unknown'], 'Did you mean `paths`?'],
];

test.each(cases.map(each => [each[0], each] as const))('%s', (_, each) => expectCase(each));

test('a list of globs is a list of triggers', () => {
	expect(definitionOf(on('[a, { paths: b }]')).triggers?.map(({id}) => id)).toEqual(['files', 'files-2']);
});
