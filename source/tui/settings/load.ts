import {readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {AiworkflowError, usageInvalid} from '../../errors.ts';
import {configFolderOf, settingsFileIn} from '../../paths.ts';
import type {Diagnostic} from '../../workflow/diagnostics.ts';
import {cockpitLimits} from '../limits.ts';
import {type Theme, themes} from '../theme.ts';
import {type CockpitSettings, defaultSettings} from './settings.ts';

/** The settings of a person, and the theme they name. */
export interface LoadedSettings {
	readonly settings: CockpitSettings;
	readonly theme: Theme;
	/** What is wrong in the files; the defaults stand in its place. */
	readonly diagnostics: readonly Diagnostic[];
}

export interface LoadOptions {
	readonly environment?: NodeJS.ProcessEnv;
	/** Instead of the theme of the settings: asked for on the command line, so a wrong one is a wrong command. */
	readonly theme?: string;
}

/**
 * Reads the user's own settings of the cockpit; never a workspace's, which whoever wrote the repository wrote.
 *
 * @throws AiworkflowError `usage.invalid` for a theme asked for that there is not, or that cannot be read.
 */
export const loadSettings = async ({
	environment = process.env,
	theme: asked,
}: LoadOptions = {}): Promise<LoadedSettings> => {
	const folder = configFolderOf(environment);
	const diagnostics: Diagnostic[] = [];
	const files = themeFilesIn(path.join(folder, 'themes'), diagnostics);
	const names = [...Object.keys(themes), ...files.keys()];
	const file = settingsFileIn(folder);
	const text = textOf(file, diagnostics);
	let settings = defaultSettings;
	// Without a file there is nothing to parse, and the parser need not be loaded.
	if (text !== undefined) {
		const {parseCockpitSettings} = await import('./read-settings.ts');
		const parsed = parseCockpitSettings(text, file, names);
		({settings} = parsed);
		diagnostics.push(...parsed.diagnostics);
	}

	if (asked !== undefined && !names.includes(asked)) throw await themeUnknown(asked, names);
	const problems: Diagnostic[] = [];
	const theme = await themeOf(asked ?? settings.theme, files, names, problems);
	const first = problems.find(({severity}) => severity === 'error');
	if (asked !== undefined && first) throw themeUnreadable(asked, first, problems);
	return {settings, theme, diagnostics: distinct([...diagnostics, ...problems])};
};

/** @returns The problems of all files that the cockpit would read, those of every theme among them. */
export const checkSettings = async (environment: NodeJS.ProcessEnv = process.env): Promise<readonly Diagnostic[]> => {
	const {diagnostics} = await loadSettings({environment});
	const found = [...diagnostics];
	const files = themeFilesIn(path.join(configFolderOf(environment), 'themes'), found);
	const names = [...Object.keys(themes), ...files.keys()];
	for (const name of files.keys()) await themeOf(name, files, names, found);
	return distinct(found);
};

/** @returns Every theme there is, the built-in ones first; a person's own only where nothing is wrong with it. */
export const loadThemes = async (environment: NodeJS.ProcessEnv = process.env): Promise<readonly Theme[]> => {
	const files = themeFilesIn(path.join(configFolderOf(environment), 'themes'), []);
	const names = [...Object.keys(themes), ...files.keys()];
	const own: Theme[] = [];
	for (const name of files.keys()) {
		const problems: Diagnostic[] = [];
		const theme = await themeOf(name, files, names, problems);
		if (!problems.some(({severity}) => severity === 'error')) own.push(theme);
	}

	return [...Object.values(themes), ...own];
};

/** A theme that others build on is read with each of them. */
const distinct = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => [
	...new Map(diagnostics.map(each => [`${each.file}:${each.line}:${each.column}:${each.message}`, each])).values(),
];

/** A person's own themes, by name. A built-in name is not taken: whoever says `dark` gets the same one everywhere. */
const themeFilesIn = (folder: string, problems: Diagnostic[]): ReadonlyMap<string, string> => {
	const files = new Map<string, string>();
	for (const fileName of namesIn(folder).sort()) {
		const {name, ext} = path.parse(fileName);
		const file = path.join(folder, fileName);
		if (!['.yaml', '.yml', '.json'].includes(ext)) continue;
		if (!Object.hasOwn(themes, name) && !files.has(name)) files.set(name, file);
		else problems.push(themeNameTaken(name, file));
	}

	return files;
};

const themeNameTaken = (name: string, file: string): Diagnostic => ({
	code: 'theme.duplicate',
	severity: 'warning',
	message: `There is another theme called \`${name}\`; this one is not used.`,
	file,
	line: 1,
	column: 1,
	suggestion: `Give the file another name, and build on the other one with \`extends: ${name}\`.`,
});

const namesIn = (folder: string): string[] => {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
};

/** @returns The theme, or the default one with the reason in `problems`. */
const themeOf = async (
	name: string,
	files: ReadonlyMap<string, string>,
	names: readonly string[],
	problems: Diagnostic[],
	depth = 0,
): Promise<Theme> => {
	const builtIn = (themes as Readonly<Record<string, Theme>>)[name];
	if (builtIn) return builtIn;
	const file = files.get(name)!;
	const text = textOf(file, problems);
	if (text === undefined) return themes.default;
	const {parseTheme} = await import('./read-theme.ts');
	const {theme, diagnostics} = parseTheme(text, file, names);
	problems.push(...diagnostics);
	if (diagnostics.some(({severity}) => severity === 'error')) return themes.default;
	if (depth >= cockpitLimits.themeDepthMax) {
		problems.push({
			code: 'theme.circular',
			severity: 'error',
			message: `Themes build on each other more than ${cockpitLimits.themeDepthMax} deep, or in a circle.`,
			file,
			line: 1,
			column: 1,
			suggestion: `Give \`extends:\` a built-in theme: ${Object.keys(themes).join(', ')}.`,
		});
		return themes.default;
	}

	const base = await themeOf(theme.base, files, names, problems, depth + 1);
	return {name, background: theme.background ?? base.background, styles: {...base.styles, ...theme.styles}};
};

/** @returns `undefined` where there is no file, or none that can be read; the reason of the latter is in `problems`. */
const textOf = (file: string, problems: Diagnostic[]): string | undefined => {
	try {
		const found = statSync(file, {throwIfNoEntry: false});
		if (!found) return undefined;
		if (!found.isFile()) throw new Error('it is no file');
		if (found.size > cockpitLimits.settingsBytesMax)
			throw new Error(`it is larger than ${cockpitLimits.settingsBytesMax} bytes`);
		return readFileSync(file, 'utf8');
	} catch (error) {
		const {code, message} = error as NodeJS.ErrnoException;
		problems.push({
			code: 'settings.unreadable',
			severity: 'error',
			message: `It cannot be read: ${code ?? message}.`,
			file,
			line: 1,
			column: 1,
			suggestion: 'Make it a readable text file, or remove it.',
		});
		return undefined;
	}
};

const themeUnknown = async (name: string, names: readonly string[]): Promise<AiworkflowError> => {
	const {didYouMean} = await import('../../workflow/text/nearest.ts');
	return usageInvalid(`There is no theme "${name}".`, didYouMean(name, names, `Themes: ${names.join(', ')}.`));
};

const themeUnreadable = (
	name: string,
	{file, line, message, suggestion}: Diagnostic,
	diagnostics: readonly Diagnostic[],
) =>
	new AiworkflowError({
		code: 'usage.invalid',
		message: `The theme "${name}" has mistakes: ${file}:${line}: ${message}`,
		suggestion,
		diagnostics,
	});
