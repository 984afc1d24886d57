import {existsSync, mkdirSync} from 'node:fs';
import path from 'node:path';

/**
 * Makes a folder and its parents, for their owner only.
 *
 * Not `recursive: true`: where a file system refuses a folder that it just said was missing (/proc), Node 24.21 tries for
 * ever.
 */
export const makeFolder = (folder: string): void => {
	if (existsSync(folder)) return;
	const parent = path.dirname(folder);
	if (parent !== folder) makeFolder(parent);
	try {
		mkdirSync(folder, {mode: 0o700});
	} catch (error) {
		// Two clients may make it at the same time.
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
	}
};
