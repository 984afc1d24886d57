import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {glob, lstat, readlink} from 'node:fs/promises';
import path from 'node:path';
import {AiworkflowError} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import {formatSize} from '../../source/units.ts';

/**
 * @param globs Relative to the folder; a folder stands for all that is in it.
 * @returns A digest of the names, kinds and contents of what they match, the same in whatever order it is found.
 * @throws AiworkflowError `cache.too-large`.
 */
export const filesDigestOf = async (cwd: string, globs: readonly string[]): Promise<string> => {
	const names = new Set<string>();
	for (const pattern of globs) {
		for await (const name of glob([pattern, `${pattern.replace(/\/+$/, '')}/**`], {cwd})) {
			names.add(name);
			if (names.size > limits.cacheFilesMax) throw tooMany(globs);
		}
	}

	const digest = createHash('sha256');
	let sizeBytes = 0;
	for (const name of [...names].sort()) {
		const file = path.join(cwd, name);
		const found = await lstat(file).catch(() => undefined);
		if (!found) continue;
		if (found.isSymbolicLink()) digest.update(JSON.stringify([name, 'link', await readlink(file)]));
		if (!found.isFile()) continue;
		sizeBytes += found.size;
		if (sizeBytes > limits.cacheFilesBytesMax) throw tooLarge(globs);
		digest.update(JSON.stringify([name, 'file', await digestOf(file)]));
	}

	return digest.digest('hex');
};

const digestOf = async (file: string): Promise<string> => {
	const digest = createHash('sha256');
	for await (const chunk of createReadStream(file)) digest.update(chunk as Buffer);
	return digest.digest('hex');
};

const tooMany = (globs: readonly string[]) =>
	new AiworkflowError({
		code: 'cache.too-large',
		message: `\`cache.files\` (${globs.join(', ')}) matches more than ${limits.cacheFilesMax} files.`,
		suggestion: 'Name fewer: those that the result depends on.',
	});

const tooLarge = (globs: readonly string[]) =>
	new AiworkflowError({
		code: 'cache.too-large',
		message: `The files of \`cache.files\` (${globs.join(', ')}) have more than ${formatSize(limits.cacheFilesBytesMax)}.`,
		suggestion: 'Name fewer: those that the result depends on.',
	});
