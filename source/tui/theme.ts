import {defaultTheme} from '../../themes/default.ts';
import {monoTheme} from '../../themes/mono.ts';
import {asciiGlyphs, type Glyphs, unicodeGlyphs} from './glyphs.ts';

/** How one kind of text looks. `color` is a name of the terminal's 16 colours, `#rrggbb` or `ansi256(n)`. */
export interface Style {
	readonly color?: string;
	readonly isBold?: boolean;
	readonly isDim?: boolean;
	readonly isInverse?: boolean;
}

export type StyleName = keyof (typeof defaultTheme)['styles'];

/** A theme is data: a style for every name. Files in `themes/` hold nothing else. */
export interface Theme {
	readonly name: string;
	readonly styles: Readonly<Record<StyleName, Style>>;
}

/** Everything about the look that panes are given. */
export interface Look {
	readonly theme: Theme;
	readonly glyphs: Glyphs;
}

export const themes: Readonly<Record<'default' | 'mono', Theme>> = {default: defaultTheme, mono: monoTheme};

export const lookOf = ({isAscii = false, isMono = false}: {isAscii?: boolean; isMono?: boolean}): Look => ({
	theme: isMono ? themes.mono : themes.default,
	glyphs: isAscii ? asciiGlyphs : unicodeGlyphs,
});
