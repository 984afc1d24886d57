import {expect, test} from 'vitest';
import {offeredNamesOf} from '../../../../runtime/tools/bridge/names.ts';

const named = (...names: readonly string[]) =>
	offeredNamesOf(
		names.map(name => {
			const [tool = '', operation = ''] = name.split(':');
			return {tool, operation};
		}),
	);

test('an operation is called after its tool and itself', () => {
	expect(named('github:list-issues', 'files:read')).toEqual(['github_list-issues', 'files_read']);
});

test('characters that models do not take become others', () => {
	expect(named('pets:store.find pet/{id}')).toEqual(['pets_store_find_pet__id_']);
});

test('a name that two would have is told apart, the same way every time', () => {
	const names = named('pets:a.b', 'pets:a_b', 'pets:c');
	expect(new Set(names).size).toBe(3);
	expect(names[2]).toBe('pets_c');
	expect(named('pets:a.b', 'pets:a_b')).toEqual(names.slice(0, 2));
});

test('a long name is cut, and stays another than one with the same beginning', () => {
	const long = 'x'.repeat(80);
	const [a, b] = named(`github:${long}1`, `github:${long}2`);
	expect(a).not.toBe(b);
	expect([a!.length, b!.length]).toEqual([46, 46]);
	expect(a).toMatch(/^github_x+_[0-9a-f]{6}$/);
});
