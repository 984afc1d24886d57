import {lstat, readdir} from 'node:fs/promises';
import path from 'node:path';
import {limits} from '../limits.ts';
import {manifestName, pathProblem, tooLarge} from './archive.ts';

export interface FoundFile {
	/** From the folder of the bundle, with `/`. */
	readonly path: string;
	readonly sizeBytes: number;
	readonly isExecutable: boolean;
}

export interface LeftOut {
	readonly path: string;
	/** In words, such as `hidden`. */
	readonly reason: string;
}

/**
 * Looks for what is packed of a folder.
 *
 * @param except Absolute path of a file that is not: the packed bundle itself.
 * @returns Both sorted by path, whatever the language of the machine.
 */
export const collectFiles = async (
	root: string,
	except: string,
): Promise<{readonly files: readonly FoundFile[]; readonly leftOut: readonly LeftOut[]}> => {
	const files: FoundFile[] = [];
	const leftOut: LeftOut[] = [];
	const visit = async (folder: string): Promise<void> => {
		for (const {name} of await readdir(folder, {withFileTypes: true})) {
			const place = path.join(folder, name);
			if (place === except) continue;
			const stats = await lstat(place);
			const inside = path.relative(root, place).split(path.sep).join('/');
			const reason = reasonAgainst(inside, name, stats);
			if (reason !== undefined) leftOut.push({path: inside, reason});
			else if (stats.isDirectory()) await visit(place);
			else files.push({path: inside, sizeBytes: stats.size, isExecutable: (stats.mode & 0o100) !== 0});
			if (files.length + leftOut.length > limits.bundleFilesMax * 2)
				throw tooLarge(root, `more than ${limits.bundleFilesMax} files`);
		}
	};

	await visit(root);
	return {files: files.sort(byPath), leftOut: leftOut.sort(byPath)};
};

const byPath = (a: {readonly path: string}, b: {readonly path: string}) => (a.path < b.path ? -1 : 1);

const reasonAgainst = (
	inside: string,
	name: string,
	stats: {isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean},
): string | undefined => {
	if (looksSecret(name)) return 'looks like a secret';
	if (name.startsWith('.')) return 'hidden';
	if (name === 'node_modules') return 'packages';
	if (inside === manifestName) return 'made anew';
	if (stats.isSymbolicLink()) return 'a link';
	if (!stats.isFile() && !stats.isDirectory()) return 'no ordinary file';
	return pathProblem(inside);
};

/** By its name alone: what it holds is not looked at. */
export const looksSecret = (name: string): boolean => secretNames.some(pattern => pattern.test(name));

const secretNames = [
	/^\.env(?:$|[._-])/i,
	/\.env$/i,
	/^\.(?:npmrc|netrc|pgpass|git-credentials)$/i,
	/\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk)$/i,
	/^id_(?:rsa|dsa|ecdsa|ed25519)/,
	/^(?:credentials?|secrets?|service-account)(?:\.(?:json|ya?ml|toml|ini|txt|csv))?$/i,
];
