import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {packageFolder} from '../../source/install.ts';
import {globalNpmFolders} from './find-command.ts';

/**
 * Loads a package that is too heavy to come with every install: from our own folder or one above it, from the folders
 * given, else from where `npm install -g` puts packages.
 *
 * @param folders Each with a `node_modules` in it, or in a folder above.
 * @returns `undefined` where it is nowhere.
 */
export const loadOptional = async <Module>(
	name: string,
	environment: Readonly<Record<string, string>>,
	folders: readonly string[] = [],
): Promise<Module | undefined> => {
	const entry = entryOf(name, environment, folders);
	return entry === undefined ? undefined : ((await import(pathToFileURL(entry).href)) as Module);
};

/** @returns The file to import. Starts nothing and loads nothing. */
export const entryOf = (
	name: string,
	environment: Readonly<Record<string, string>>,
	folders: readonly string[] = [],
): string | undefined => {
	const installed = [packageFolder, ...folders].flatMap(foldersAbove).map(folder => path.join(folder, 'node_modules'));
	const global = globalNpmFolders(environment).map(folder => path.join(folder, '../lib/node_modules'));
	for (const folder of [...installed, ...global]) {
		const home = path.join(folder, name);
		const manifest = path.join(home, 'package.json');
		if (!existsSync(manifest)) continue;
		const main = mainOf(JSON.parse(readFileSync(manifest, 'utf8')) as Manifest);
		if (main) return path.join(home, main);
	}

	return undefined;
};

const foldersAbove = (folder: string): string[] => {
	const above = path.dirname(folder);
	return above === folder ? [folder] : [folder, ...foldersAbove(above)];
};

interface Manifest {
	readonly main?: string;
	readonly module?: string;
	readonly exports?: unknown;
}

const mainOf = ({exports, module, main}: Manifest): string | undefined => {
	const root = (exports as Record<string, unknown> | undefined)?.['.'] ?? exports;
	return fileOf(root) ?? module ?? main;
};

/** What `import` takes of a condition tree. */
const fileOf = (target: unknown): string | undefined => {
	if (typeof target === 'string') return target;
	if (typeof target !== 'object' || target === null) return undefined;
	for (const condition of ['node', 'import', 'module', 'default']) {
		const found = fileOf((target as Record<string, unknown>)[condition]);
		if (found) return found;
	}

	return undefined;
};
