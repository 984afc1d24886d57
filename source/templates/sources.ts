import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {packageFolder} from '../install.ts';
import {limits} from '../limits.ts';
import {configFolderOf} from '../paths.ts';
import type {LoadedTemplate, TemplateSource} from './definition.ts';
import {templateNotFound} from './failures.ts';
import {loadTemplate, metadataFile} from './load.ts';

export interface TemplatePlaces {
	/** Absolute. */
	readonly workspace: string;
	/** The user's own settings; default: where they are. */
	readonly configFolder?: string;
}

/** A template as lists show it. */
export interface ListedTemplate {
	readonly id: string;
	readonly template: LoadedTemplate;
	/** Sources of others of the same id, which this one hides. */
	readonly shadows: readonly TemplateSource[];
}

/** @returns Every template there is, by id. Own ones come before those of packages, and those before built-in ones. */
export const listTemplates = async (places: TemplatePlaces): Promise<ListedTemplate[]> => {
	const found = (await foldersOf(places)).map(async ({folder, source}) => loadTemplate(folder, source));
	const listed = new Map<string, ListedTemplate>();
	for (const template of await Promise.all(found)) {
		const id = template.metadata?.id ?? path.basename(template.folder);
		const winner = listed.get(id);
		listed.set(id, winner ? {...winner, shadows: [...winner.shadows, template.source]} : {id, template, shadows: []});
	}

	return [...listed.values()].sort((a, b) => a.id.localeCompare(b.id));
};

/**
 * @param reference An id, or the path of a folder, which begins with `.` or `/`.
 * @throws AiworkflowError `template.not-found`
 */
export const findTemplate = async (reference: string, places: TemplatePlaces, cwd: string): Promise<ListedTemplate> => {
	if (/^[./~]/.test(reference)) {
		const folder = path.resolve(cwd, reference);
		const template = await loadTemplate(folder, {kind: 'folder', of: folder});
		return {id: template.metadata?.id ?? path.basename(folder), template, shadows: []};
	}

	const listed = await listTemplates(places);
	const found = listed.find(({id}) => id === reference);
	if (found) return found;
	throw templateNotFound(
		reference,
		listed.map(({id}) => id),
	);
};

export const builtInFolder = path.join(packageFolder, 'templates');

interface Place {
	readonly folder: string;
	readonly source: TemplateSource;
}

const foldersOf = async ({workspace, configFolder = configFolderOf()}: TemplatePlaces): Promise<Place[]> => {
	const inFolder = async (folder: string, source: TemplateSource): Promise<Place[]> =>
		(await templateFoldersIn(folder)).map(each => ({folder: each, source}));
	const packages = await packagesWithTemplates(workspace);
	return (
		await Promise.all([
			inFolder(path.join(workspace, '.aiworkflow', 'templates'), {kind: 'workspace'}),
			inFolder(path.join(configFolder, 'templates'), {kind: 'user'}),
			...packages.map(({name, folder}) => inFolder(folder, {kind: 'package', of: name})),
			inFolder(builtInFolder, {kind: 'built-in'}),
		])
	).flat();
};

/** @returns The folders right below one that have a template.yaml, by name. */
export const templateFoldersIn = async (folder: string): Promise<string[]> => {
	const entries = await readdir(folder, {withFileTypes: true}).catch(() => []);
	const folders = entries.filter(entry => entry.isDirectory() && !entry.name.startsWith('.')).map(({name}) => name);
	const found = await Promise.all(
		folders.sort().map(async name => {
			const names = await readdir(path.join(folder, name)).catch(() => [] as string[]);
			return names.includes(metadataFile) ? [path.join(folder, name)] : [];
		}),
	);
	return found.flat().slice(0, limits.templatesMax);
};

/** Those in the workspace's `node_modules` whose package.json says `"aiworkflow": {"templates": "<folder>"}`. Loads no code. */
const packagesWithTemplates = async (workspace: string): Promise<{name: string; folder: string}[]> => {
	const root = path.join(workspace, 'node_modules');
	const names = await packageNamesIn(root);
	const found = await Promise.all(
		names.slice(0, limits.templatePackagesMax).map(async name => {
			const folder = await declaredFolderOf(path.join(root, name));
			return folder === undefined ? [] : [{name, folder}];
		}),
	);
	return found.flat();
};

const packageNamesIn = async (root: string): Promise<string[]> => {
	const names = await readdir(root).catch(() => [] as string[]);
	const nested = await Promise.all(
		names
			.filter(name => !name.startsWith('.'))
			.sort()
			.map(async name => {
				if (!name.startsWith('@')) return [name];
				const scoped = await readdir(path.join(root, name)).catch(() => [] as string[]);
				return scoped.sort().map(each => `${name}/${each}`);
			}),
	);
	return nested.flat();
};

const declaredFolderOf = async (folder: string): Promise<string | undefined> => {
	try {
		const text = await readFile(path.join(folder, 'package.json'), 'utf8');
		if (!text.includes('"aiworkflow"')) return undefined;
		const place: unknown = JSON.parse(text).aiworkflow?.templates;
		if (typeof place !== 'string' || path.isAbsolute(place) || place.split(/[/\\]/).includes('..')) return undefined;
		return path.join(folder, place);
	} catch {
		return undefined;
	}
};
