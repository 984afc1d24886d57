import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {asciiGlyphs, unicodeGlyphs} from '../../../source/tui/glyphs.ts';
import {themes} from '../../../source/tui/theme.ts';

const charactersOf = (glyphs: object): string[] =>
	Object.values(glyphs).flatMap(value => (typeof value === 'string' ? [value] : charactersOf(value)));

test.each(Object.entries({unicodeGlyphs, asciiGlyphs}))('every glyph of %s takes one column', (_, glyphs) => {
	for (const character of charactersOf(glyphs)) expect([character, stringWidth(character)]).toEqual([character, 1]);
});

test('the ASCII glyphs are ASCII, and states differ', () => {
	expect(charactersOf(asciiGlyphs).join('')).toMatch(/^[ -~]+$/);
	const {queued: _, ...states} = asciiGlyphs.status;
	expect(new Set(Object.values(states)).size).toBe(Object.keys(states).length);
});

test('themes style the same names, and mono has no colour', () => {
	expect(Object.keys(themes.mono.styles)).toEqual(Object.keys(themes.default.styles));
	expect(Object.values(themes.mono.styles).some(style => style.color)).toBe(false);
});

test('the default theme keeps the foreground of the terminal for text', () => {
	expect(themes.default.styles.text).toEqual({});
	const named = /^(black|red|green|yellow|blue|magenta|cyan|white|gray)(Bright)?$/;
	for (const {color} of Object.values(themes.default.styles)) if (color) expect(color).toMatch(named);
});
