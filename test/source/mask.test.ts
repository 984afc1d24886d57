import {expect, test} from 'vitest';
import {createMasker, maskText} from '../../source/mask.ts';

const secret = 'hunter2-secret';

test('a secret in one piece is masked', () => {
	expect(maskText(`a ${secret} b ${secret}`, [secret])).toBe('a *** b ***');
});

test('a secret cut at any place between two pieces never shows', () => {
	for (let cut = 0; cut <= secret.length; cut++) {
		const masker = createMasker([secret]);
		const shown = masker.push(`x${secret.slice(0, cut)}`) + masker.push(`${secret.slice(cut)}y`) + masker.end();
		expect(shown).toBe('x***y');
	}
});

test('what only looked like a secret is shown in the end', () => {
	const masker = createMasker([secret]);
	expect(masker.push('ends with hunter')).toBe('ends with ');
	expect(masker.heldBytes()).toBe(6);
	expect(masker.push('s and gatherers')).toBe('hunters and gatherers');
});

test('very short values are not masked: they would be everywhere', () => {
	expect(maskText('abc', ['a'])).toBe('abc');
});
