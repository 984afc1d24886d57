import {formatDuration, parseDurationMs} from '../../units.ts';
import type {Diagnostic} from '../../workflow/diagnostics.ts';
import {readKeys} from '../../workflow/settings/keys.ts';
import {readBoolean, readChoice, readMap, readText, wrong} from '../../workflow/settings/read-value.ts';
import {didYouMean} from '../../workflow/text/nearest.ts';
import {createReport, type Report} from '../../workflow/text/report.ts';
import {sourceTextOf} from '../../workflow/text/source-text.ts';
import {readYaml} from '../../workflow/yaml/read.ts';
import {entryOf, shortened, type YamlEntry} from '../../workflow/yaml/tree.ts';
import {cockpitLimits} from '../limits.ts';
import {readKeyMap} from './read-keys.ts';
import {type CockpitSettings, defaultSettings, desktopKinds, type NotifySettings} from './settings.ts';

/**
 * Reads `cockpit:` of the user's settings and checks all of it. Pure. What is wrong has its default; of the keys, all of
 * them, because half of a table of keys is nobody's.
 *
 * @param file Only named in the diagnostics.
 * @param themeNames Themes that there are.
 */
export const parseCockpitSettings = (
	text: string,
	file: string,
	themeNames: readonly string[],
): {readonly settings: CockpitSettings; readonly diagnostics: Diagnostic[]} => {
	const report = createReport(sourceTextOf(text, file));
	const {root, isBroken} = readYaml(report, text, 0);
	const section = !isBroken && root.kind === 'map' ? entryOf(root, 'cockpit') : undefined;
	const settings = section ? readSection(report, section, themeNames) : defaultSettings;
	return {settings, diagnostics: report.diagnostics()};
};

const readSection = (report: Report, section: YamlEntry, themeNames: readonly string[]): CockpitSettings => {
	const map = readMap(report, section);
	if (!map) return defaultSettings;
	const entries = readKeys(report, map, ['theme', 'ascii', 'notify', 'keys'], [], '`cockpit`');
	const theme = entries.get('theme');
	const ascii = entries.get('ascii');
	const notify = entries.get('notify');
	const keys = entries.get('keys');
	return {
		theme: (theme && readTheme(report, theme, themeNames)) ?? defaultSettings.theme,
		isAscii: (ascii && readBoolean(report, ascii)) ?? defaultSettings.isAscii,
		notify: notify ? readNotify(report, notify) : defaultSettings.notify,
		keys: (keys && readKeyMap(report, keys)) ?? defaultSettings.keys,
	};
};

const readTheme = (report: Report, entry: YamlEntry, themeNames: readonly string[]): string | undefined => {
	const name = readText(report, entry);
	if (name === undefined || themeNames.includes(name)) return name;
	const suggestion = didYouMean(name, themeNames, `Themes: ${themeNames.join(', ')}.`);
	report.error('theme.unknown', entry.value.start, `There is no theme \`${shortened(name)}\`.`, suggestion);
	return undefined;
};

const readNotify = (report: Report, entry: YamlEntry): NotifySettings => {
	const {notify: usual} = defaultSettings;
	const map = readMap(report, entry);
	if (!map) return usual;
	const entries = readKeys(report, map, ['bell', 'title', 'desktop', 'after', 'at-most-every'], [], '`notify`');
	const bell = entries.get('bell');
	const title = entries.get('title');
	const desktop = entries.get('desktop');
	const after = entries.get('after');
	const every = entries.get('at-most-every');
	return {
		isBell: (bell && readBoolean(report, bell)) ?? usual.isBell,
		isTitle: (title && readBoolean(report, title)) ?? usual.isTitle,
		desktop: (desktop && readChoice(report, desktop, desktopKinds)) ?? usual.desktop,
		afterMs: (after && readLengthMs(report, after, 0)) ?? usual.afterMs,
		everyMs: (every && readLengthMs(report, every, cockpitLimits.notifyEveryMsMin)) ?? usual.everyMs,
	};
};

const readLengthMs = (report: Report, {key, value}: YamlEntry, min: number): number | undefined => {
	if (value.kind === 'broken') return undefined;
	const max = cockpitLimits.notifyMsMax;
	const ms = value.kind === 'scalar' ? parseDurationMs(value.text) : undefined;
	if (ms !== undefined && ms >= min && ms <= max) return ms;
	const range = `from ${min === 0 ? '0s' : formatDuration(min)} to ${formatDuration(max)}`;
	return wrong(report, key, value, `a length of time with its unit, ${range}`, `Write \`${key}: 10s\`.`);
};
