import {readdir} from 'node:fs/promises';
import path from 'node:path';
import type {FileFilter} from './globs.ts';

/**
 * @param below A folder, relative to the workspace; `''` is the workspace itself.
 * @returns The files that are there, relative to the workspace; what cannot be read is passed over.
 */
export const filesIn = async (workspace: string, {matches, mayHold}: FileFilter, below = ''): Promise<string[]> => {
	const files: string[] = [];
	const folders = [below];
	for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
		for (const entry of await readdir(path.join(workspace, folder), {withFileTypes: true}).catch(() => [])) {
			const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
			if (entry.isFile() && matches(name)) files.push(name);
			if (entry.isDirectory() && mayHold(name)) folders.push(name);
		}
	}

	return files;
};
