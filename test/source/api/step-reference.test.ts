import {expect, test} from 'vitest';
import {unitRefOf} from '../../../source/api/step-reference.ts';

test.each([
	['fix', {stepId: 'fix'}],
	['fix[3]', {stepId: 'fix', item: 3}],
	['fix.3', {stepId: 'fix', item: 3}],
	['fix_2', {stepId: 'fix_2'}],
	['fix[]', {stepId: 'fix[]'}],
	['fix[-1]', {stepId: 'fix[-1]'}],
	['fix[1', {stepId: 'fix[1'}],
])('%s names %o', (reference, unit) => {
	expect(unitRefOf(reference)).toEqual(unit);
});
