import {describe, expect, test} from 'vitest';
import {cleanLine, cleanText} from '../../../source/tui/text/clean.ts';
import {fitRow, rowWidthOf, span, spread} from '../../../source/tui/text/row.ts';
import {fitText, truncate, widthOf, wrap} from '../../../source/tui/text/width.ts';

describe('cleaning foreign text', () => {
	test.each([
		['colours', '\x1b[1;32mgreen\x1b[0m', 'green'],
		['cursor moves', 'a\x1b[2J\x1b[10;10Hb\x1b[K', 'ab'],
		['titles and clipboard writes', '\x1b]0;title\x07a\x1b]52;c;aGk=\x1b\\b', 'ab'],
		['links', '\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\', 'link'],
		['a device control string', '\x1bPq#0;1\x1b\\a', 'a'],
		['one-byte controls', 'a\x07b\x00c\x7f\x9b31md', 'abcd'],
		['a sequence cut off at the end', 'ab\x1b[3', 'ab'],
		['a title cut off at the end', 'ab\x1b]0;ti', 'ab'],
		['an escape alone', 'ab\x1b', 'ab'],
		['a progress bar', '10%\r55%\r100%', '100%'],
		['a returned cursor that printed nothing yet', '100%\r', '100%'],
		['tabs', 'a\tb', 'a       b'],
		['joined emoji', '👩‍👩‍👧 ok', '👩 ok'],
		['skin tones', '👍🏽', '👍'],
		['keycaps', '1️⃣', '1'],
		['a Thai vowel of two parts', 'ก\u0e33', 'ก\u0e4d\u0e32'],
		['flags', '🇩🇪', 'DE'],
		['presentation selectors', '❤️', '❤'],
		['direction marks', 'a\u202Eb\u2066c\u200Fd', 'abcd'],
		['soft hyphens and zero-width spaces', 'a\u00ADb\u200Bc', 'abc'],
		['half a character', 'a\uD800', 'a\uFFFD'],
	])('takes care of %s', (_, dirty, clean) => {
		expect(cleanLine(dirty)).toBe(clean);
	});

	test('puts several lines on one', () => {
		expect(cleanText('one\r\ntwo\nthree\n')).toBe('one two three');
		expect(cleanLine('日本語\tタブ\tx')).toBe('日本語  タブ    x');
		// What a person decides about must not be printed over.
		expect(cleanText('rm -rf /\rls')).toBe('rm -rf / ls');
	});
});

describe('measuring', () => {
	test('counts columns, not characters', () => {
		expect(widthOf('価格')).toBe(4);
		expect(widthOf('é')).toBe(1);
	});

	test('cuts before a wide character that would stick out', () => {
		expect(truncate('価格価格', 6, '…')).toBe('価格…');
		expect(fitText('価格価格', 6, '…')).toBe('価格… ');
		expect(fitText('ab', 4, '…', 'right')).toBe('  ab');
	});

	test.each([1, 2, 3, 7, 20, 80])('wraps to rows of at most %i columns and loses nothing but spaces', columns => {
		const text = '  価格 the total is computed before 割引 the discount-is-applied 👩 x';
		const rows = wrap(text, columns);
		for (const row of rows) expect(widthOf(row)).toBeLessThanOrEqual(columns);
		if (columns > 1) expect(rows.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
	});

	test('breaks at spaces and keeps indentation', () => {
		expect(wrap('the quick brown fox', 10)).toEqual(['the quick', 'brown fox']);
		expect(wrap('    indented-and-long', 10)).toEqual(['    indent', 'ed-and-lon', 'g']);
		expect(wrap('', 10)).toEqual(['']);
	});
});

describe('rows', () => {
	test('are exactly as wide as asked, cut or padded', () => {
		const row = [span('▶ '), span('価格の割引', 'strong'), span(' tail')];
		for (let columns = 0; columns < 30; columns++) expect(rowWidthOf(fitRow(row, columns, '…'))).toBe(columns);
	});

	test('show with an ellipsis that something is missing, also at the edge of a span', () => {
		expect(fitRow([span('abc'), span('def')], 3, '…')).toEqual([span('ab…')]);
		expect(fitRow([span('abc'), span('def')], 5, '…')).toEqual([span('abc'), span('d…')]);
	});

	test('keep the right part when the left has to give way', () => {
		const row = spread([span('a long left part')], [span('right')], 12, '…');
		expect(row.map(({text}) => text).join('')).toBe('a long…right');
	});
});
