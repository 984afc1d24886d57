import path from 'node:path';

/** What a trigger looks at. Paths are relative to the workspace, with slashes. */
export interface FileFilter {
	/** Whether it is about this file. */
	readonly matches: (file: string) => boolean;
	/** Whether a file that matches can be below this folder; `''` is the workspace. */
	readonly mayHold: (folder: string) => boolean;
}

/**
 * Nothing whose name begins with a dot, and nothing in `node_modules`, is matched by a wildcard: who wants it names it.
 * An ignored folder goes with all that is in it.
 */
export const createFileFilter = (paths: readonly string[], ignore: readonly string[]): FileFilter => {
	const globs = paths.map(pattern => trimmed(pattern));
	const ignored = ignore.flatMap(pattern => [trimmed(pattern), `${trimmed(pattern)}/**`]);
	const isIgnored = (name: string): boolean => ignored.some(pattern => path.matchesGlob(name, pattern));
	return {
		matches: file =>
			globs.some(glob => path.matchesGlob(file, glob) && (namesModules(glob) || !namesModules(file))) &&
			!isIgnored(file),
		mayHold(folder) {
			if (folder === '') return true;
			const names = folder.split('/');
			return globs.some(glob => leadsTo(names, partsOf(glob))) && !isIgnored(folder);
		},
	};
};

const trimmed = (pattern: string): string => pattern.replace(/^(\.\/)+/, '').replace(/\/+$/, '');

const modules = 'node_modules';
const namesModules = (name: string): boolean => name.split('/').includes(modules);

/** Braces may hold slashes: whatever stands in such a glob from there on may be at any depth. */
const partsOf = (glob: string): readonly string[] => {
	const parts = glob.split('/');
	const braced = parts.findIndex(part => part.split('{').length !== part.split('}').length);
	return braced === -1 ? parts : [...parts.slice(0, braced), '**'];
};

/** Whether something below this folder can match. */
const leadsTo = (names: readonly string[], parts: readonly string[]): boolean => {
	const [name, ...deeper] = names;
	const [part, ...others] = parts;
	if (name === undefined) return part !== undefined;
	if (part === undefined) return false;
	if (part === '**') {
		const isPassed = !name.startsWith('.') && name !== modules;
		return (isPassed && leadsTo(deeper, parts)) || leadsTo(names, others);
	}

	if (name === modules && part !== modules) return false;
	return path.matchesGlob(name, part) && leadsTo(deeper, others);
};
