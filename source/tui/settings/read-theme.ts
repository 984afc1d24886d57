import type {Diagnostic} from '../../workflow/diagnostics.ts';
import {readKeys} from '../../workflow/settings/keys.ts';
import {readBoolean, readMap, readText, wrong} from '../../workflow/settings/read-value.ts';
import {didYouMean, nearestOf} from '../../workflow/text/nearest.ts';
import {createReport, type Report} from '../../workflow/text/report.ts';
import {sourceTextOf} from '../../workflow/text/source-text.ts';
import {readYaml} from '../../workflow/yaml/read.ts';
import {nounOf, shortened, type YamlEntry} from '../../workflow/yaml/tree.ts';
import {type Style, type StyleName, themes} from '../theme.ts';
import {contrastOf, textContrastMin} from './contrast.ts';

/** A theme file of a person's own: what it says, before the theme it builds on is known. */
export interface ThemeFile {
	/** Name of the theme whose styles it takes where it gives none itself. */
	readonly base: string;
	readonly background?: string;
	readonly styles: Partial<Record<StyleName, Style>>;
}

export const styleNames = Object.keys(themes.default.styles) as readonly StyleName[];

const example = 'Write `extends: dark` and `styles: { running: { color: "#88c0d0", bold: true } }`.';

/**
 * Reads a theme, YAML or JSON, and checks all of it. Pure.
 *
 * @param file Only named in the diagnostics.
 * @param themeNames Themes that it may build on.
 */
export const parseTheme = (
	text: string,
	file: string,
	themeNames: readonly string[],
): {readonly theme: ThemeFile; readonly diagnostics: Diagnostic[]} => {
	const report = createReport(sourceTextOf(text, file));
	const {root, isBroken} = readYaml(report, text, 0);
	let theme: ThemeFile = {base: 'default', styles: {}};
	if (!isBroken && root.kind === 'map') {
		const entries = readKeys(report, root, ['extends', 'background', 'styles'], [], 'a theme');
		const base = entries.get('extends');
		const background = entries.get('background');
		const styles = entries.get('styles');
		const behind = background && readBackground(report, background);
		theme = {
			base: (base && readBase(report, base, themeNames)) ?? 'default',
			...(behind !== undefined && {background: behind}),
			styles: styles ? readStyles(report, styles, behind) : {},
		};
	} else if (!isBroken) {
		report.error('theme.invalid', root.start, `A theme must be a mapping, not ${nounOf(root)}.`, example);
	}

	return {theme, diagnostics: report.diagnostics()};
};

const readBase = (report: Report, entry: YamlEntry, themeNames: readonly string[]): string | undefined => {
	const name = readText(report, entry);
	if (name === undefined || themeNames.includes(name)) return name;
	const suggestion = didYouMean(name, themeNames, `Themes: ${themeNames.join(', ')}.`);
	report.error('theme.unknown', entry.value.start, `There is no theme \`${shortened(name)}\`.`, suggestion);
	return undefined;
};

const readBackground = (report: Report, entry: YamlEntry): string | undefined => {
	const {key, value} = entry;
	if (value.kind === 'scalar' && isHex(value.text)) return value.text;
	return wrong(report, key, value, 'a colour as "#rrggbb"', `Write \`${key}: "#1e1e1e"\`, in quotation marks.`);
};

const readStyles = (report: Report, entry: YamlEntry, background: string | undefined) => {
	const map = readMap(report, entry);
	const styles: Partial<Record<StyleName, Style>> = {};
	for (const [name, each] of readKeys(report, map ?? emptyMap, styleNames, [], '`styles`')) {
		const style = readStyle(report, each);
		if (style) styles[name] = style;
		if (style) warnOfFaint(report, each, style, background);
	}

	return styles;
};

const emptyMap = {kind: 'map', start: 0, entries: []} as const;

/** `running: red`, or `running: { color: red, bold: true }`. */
const readStyle = (report: Report, entry: YamlEntry): Style | undefined => {
	const {value} = entry;
	if (value.kind === 'scalar' && value.value !== null) {
		const color = readColor(report, entry);
		return color === undefined ? undefined : {color};
	}

	const map = readMap(report, entry);
	if (!map) return undefined;
	const entries = readKeys(report, map, ['color', 'bold', 'dim', 'inverse'], [], `the style \`${entry.key}\``);
	const flag = (name: 'bold' | 'dim' | 'inverse') => {
		const found = entries.get(name);
		return found ? readBoolean(report, found) : undefined;
	};
	const color = entries.get('color');
	const own = color && readColor(report, color);
	const [isBold, isDim, isInverse] = [flag('bold'), flag('dim'), flag('inverse')];
	return {
		...(own !== undefined && {color: own}),
		...(isBold && {isBold}),
		...(isDim && {isDim}),
		...(isInverse && {isInverse}),
	};
};

const readColor = (report: Report, {key, value}: YamlEntry): string | undefined => {
	if (value.kind === 'broken') return undefined;
	const text = value.kind === 'scalar' ? value.text : '';
	if (
		(colorNames as readonly string[]).includes(text) ||
		isHex(text) ||
		/^ansi256\((?:\d{1,2}|1\d\d|2[0-4]\d|25[0-5])\)$/.test(text)
	) {
		return text;
	}

	const meant = nearestOf(text, colorNames);
	const isLost = value.kind === 'scalar' && value.value === null;
	const suggestion = isLost
		? `YAML reads what follows # as a comment: write \`${key}: "#88c0d0"\`, in quotation marks.`
		: meant
			? `Did you mean \`${meant}\`?`
			: `Colours: ${colorNames.join(', ')}.`;
	return wrong(report, key, value, 'a colour of the terminal, "#rrggbb" or ansi256(0-255)', suggestion);
};

/** The terminal's own 16. */
const colorNames = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'].flatMap(name => [
	name,
	`${name}Bright`,
]);

const isHex = (text: string): boolean => /^#[\da-f]{6}$/i.test(text);

/** Only where both colours are known: what the terminal's own look like is the terminal's. */
const warnOfFaint = (report: Report, entry: YamlEntry, {color, isDim}: Style, background: string | undefined): void => {
	if (!color || !background || !isHex(color) || entry.key.startsWith('border')) return;
	const ratio = contrastOf(color, background);
	if (ratio >= textContrastMin && !isDim) return;
	const message = `\`${entry.key}\` is faint on this background: ${ratio.toFixed(1)} to 1${isDim ? ', and dim besides' : ''}; text needs ${textContrastMin}.`;
	report.warning('theme.faint', entry.keyStart, message, 'Choose a colour further from the background.');
};
