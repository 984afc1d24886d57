import {expect, test} from 'vitest';
import type {Diagnostic} from '../../../source/workflow/diagnostics.ts';
import {formatDiagnostic} from '../../../source/workflow/format-diagnostic.ts';

const diagnostic: Diagnostic = {
	code: 'x.y',
	severity: 'error',
	message: 'Something is wrong.',
	file: 'w.md',
	line: 12,
	column: 5,
	source: '\tif: x',
	suggestion: 'Mend it.',
};

test('the caret stands below the column, tabs and wide characters included', () => {
	expect(formatDiagnostic({...diagnostic, column: 6})).toBe(
		'w.md:12:6 error Something is wrong.\n  12 | \tif: x\n     | \t    ^\n  Mend it.',
	);
	expect(formatDiagnostic({...diagnostic, source: '語: 🎉x', column: 6})).toContain('\n     |       ^\n');
});

test('a long line is shown around the place', () => {
	const [, source, caret] = formatDiagnostic({...diagnostic, source: 'x'.repeat(240), column: 200}).split('\n');
	expect(source!.length).toBeLessThan(120);
	expect(source![caret!.indexOf('^')]).toBe('x');
});

test('without a line or a suggestion there is only the message', () => {
	expect(formatDiagnostic({...diagnostic, severity: 'warning', source: '', suggestion: undefined})).toBe(
		'w.md:12:5 warning Something is wrong.',
	);
});

test('another name of the file can be shown', () => {
	expect(formatDiagnostic(diagnostic, {file: 'a/w.md'})).toMatch(/^a\/w\.md:12:5 /);
});

test('what would drive the terminal is replaced', () => {
	expect(formatDiagnostic({...diagnostic, source: '\u001B[31mred', column: 1})).toContain('  12 | \uFFFD[31mred');
});
