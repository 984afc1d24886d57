import {colourBlindTheme} from '../../themes/colour-blind.ts';
import {darkTheme} from '../../themes/dark.ts';
import {defaultTheme} from '../../themes/default.ts';
import {highContrastTheme} from '../../themes/high-contrast.ts';
import {lightTheme} from '../../themes/light.ts';
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
	/** The background it is made for, `#rrggbb`: the cockpit paints none. Absent: it is readable on any. */
	readonly background?: string;
	readonly styles: Readonly<Record<StyleName, Style>>;
}

export type BuiltInTheme = 'default' | 'dark' | 'light' | 'high-contrast' | 'colour-blind' | 'mono';

/** Everything about the look that panes are given. */
export interface Look {
	readonly theme: Theme;
	readonly glyphs: Glyphs;
	/** Without colours, whatever theme is chosen. */
	readonly isMono?: boolean;
}

/** The built-in ones, by name. */
export const themes: Readonly<Record<BuiltInTheme, Theme>> = {
	default: defaultTheme,
	dark: darkTheme,
	light: lightTheme,
	'high-contrast': highContrastTheme,
	'colour-blind': colourBlindTheme,
	mono: monoTheme,
};

export interface LookOptions {
	readonly theme?: Theme;
	readonly isAscii?: boolean;
	/** Without colours, whatever the theme. */
	readonly isMono?: boolean;
}

export const lookOf = ({theme = themes.default, isAscii = false, isMono = false}: LookOptions): Look => ({
	theme: isMono ? themes.mono : theme,
	glyphs: isAscii ? asciiGlyphs : unicodeGlyphs,
	isMono,
});
