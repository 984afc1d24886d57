import {expect, test} from 'vitest';
import {tableOf} from '../../../source/cli/table.ts';

const red = '\u001B[31m';
const plain = '\u001B[39m';
const rows = [
	[`${red}✗${plain} a-workflow-with-a-long-name 1`, 'failed', 'abc'],
	['✓ 価格 2', 'completed', 'def'],
];

test('columns are aligned by their width on a terminal', () => {
	expect(
		tableOf([
			['a', 'x'],
			['価格', 'y'],
		]),
	).toEqual(['a     x', '価格  y']);
});

test('nothing is cut for a file or a pipe', () => {
	expect(tableOf(rows, {columns: undefined, cell: 0})[0]).toContain('a-workflow-with-a-long-name 1');
});

test('on a terminal one column gives way, so that a row stays one row', () => {
	expect(tableOf(rows, {columns: 32, cell: 0})).toEqual([
		`${red}✗${plain} a-workflow-wi…  failed     abc`,
		'✓ 価格 2          completed  def',
	]);
});

test('the column that gives way keeps enough to be told by', () => {
	expect(tableOf(rows, {columns: 5, cell: 0})[0]).toBe(`${red}✗${plain} a-workflo…  failed     abc`);
});
