import {expect, test} from 'vitest';
import {pictureScenes} from '../../scripts/pictures/scenes.ts';
import {svgOf} from '../../scripts/pictures/svg.ts';

test('a capture is drawn cell by cell in the 16 colours', () => {
	const drawn = svgOf('a \x1b[31mred\x1b[39m \x1b[1;7mon\x1b[0m <&>\n漢字│\n', {columns: 20, rows: 2, title: 'It'});
	expect(drawn).toContain(
		'<text x="30.8" y="28" textLength="25.2" lengthAdjust="spacingAndGlyphs" fill="#e06c75">red</text>',
	);
	expect(drawn).toMatch(
		/<rect x="64\.4" y="14" width="16\.8" height="18" fill="#d4d7dd"\/>\n<text [^>]* fill="#1b1d23" font-weight="bold">on</,
	);
	expect(drawn).toContain('> &lt;&amp;&gt;<');
	// Two columns each, and the border one.
	expect(drawn).toContain(`textLength="${5 * 8.4}"`);
});

test('every picture has a name of its own', () => {
	expect(new Set(pictureScenes.map(({name}) => name)).size).toBe(pictureScenes.length);
});
