import {expect, test} from 'vitest';
import {withoutControls} from '../../source/control-sequences.ts';

test.each([
	['a plain line\nand another', 'a plain line\nand another'],
	['\u001B[31mred\u001B[0m', 'red'],
	['a\u001B[2J\u001B[Hb', 'ab'],
	['a\u001B]52;c;cm0=\u0007b', 'ab'],
	['a\u001B]0;title\u001B\\b', 'ab'],
	['a\u001BPq#0\u001B\\b', 'ab'],
	['a\u009B2Jb', 'ab'],
	['cut off \u001B[3', 'cut off '],
	['one\r\ntwo\rthree', 'one\ntwo\nthree'],
	['bell\u0007, back\u0008, tab\tstays', 'bell, back, tab\tstays'],
])('%j', (text, clean) => {
	expect(withoutControls(text)).toBe(clean);
});
