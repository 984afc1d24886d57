import {expect, test} from 'vitest';
import {createFileFilter} from '../../../../runtime/triggers/files/globs.ts';

const matched = (paths: string[], ignore: string[], files: string[]) =>
	files.filter(createFileFilter(paths, ignore).matches);
const held = (paths: string[], ignore: string[], folders: string[]) =>
	folders.filter(createFileFilter(paths, ignore).mayHold);

test('a glob matches as it does in a shell with `**`', () => {
	const files = ['a.md', 'inbox/a.md', 'inbox/deep/er/a.md', 'inbox/a.txt', 'other/a.md'];
	expect(matched(['inbox/**/*.md'], [], files)).toEqual(['inbox/a.md', 'inbox/deep/er/a.md']);
	expect(matched(['./inbox/*.{md,txt}'], [], files)).toEqual(['inbox/a.md', 'inbox/a.txt']);
	expect(matched(['**/*.md', '**/*.txt'], ['inbox/deep', '*.md'], files)).toEqual([
		'inbox/a.md',
		'inbox/a.txt',
		'other/a.md',
	]);
});

test('what begins with a dot, and node_modules, is left out unless it is named', () => {
	const files = [
		'.env',
		'.git/HEAD',
		'.aiworkflow/workflows/a.md',
		'node_modules/x/a.md',
		'src/node_modules/b.md',
		'a.md',
	];
	expect(matched(['**'], [], files)).toEqual(['a.md']);
	expect(matched(['.env', '.aiworkflow/**'], [], files)).toEqual(['.env', '.aiworkflow/workflows/a.md']);
	expect(matched(['**/node_modules/**'], [], files)).toEqual(['node_modules/x/a.md', 'src/node_modules/b.md']);
	expect(held(['**'], [], ['.git', 'node_modules', 'src/node_modules', 'src'])).toEqual(['src']);
	expect(held(['**/.github/*.yml'], [], ['src', 'src/.github', '.git'])).toEqual(['src', 'src/.github']);
});

test('only folders are entered that can hold something', () => {
	const folders = ['inbox', 'inbox/a', 'inbox/a/b', 'other', 'drafts', 'drafts/a'];
	expect(held(['inbox/*/*.md'], [], folders)).toEqual(['inbox', 'inbox/a']);
	expect(held(['{inbox/a,drafts}/*.md'], [], folders)).toEqual(folders);
	expect(held(['**/*.md'], ['inbox/a', 'drafts/**'], folders)).toEqual(['inbox', 'other', 'drafts']);
	expect(held(['a.md'], [], folders)).toEqual([]);
});
