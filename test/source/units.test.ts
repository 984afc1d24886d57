import {expect, test} from 'vitest';
import {parseDurationMs} from '../../source/units.ts';

test('a length beyond a hundred years is no duration: its end would have no date', () => {
	expect(parseDurationMs('36525d')).toBe(36_525 * 86_400_000);
	expect(parseDurationMs('36526d')).toBeUndefined();
	expect(parseDurationMs(`${'9'.repeat(400)}d`)).toBeUndefined();
});
