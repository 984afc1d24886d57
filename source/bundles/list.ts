import {readdir} from 'node:fs/promises';
import path from 'node:path';
import {detectWorkflow} from './detect.ts';
import {type Bundle, readBundle} from './read-bundle.ts';

/** @returns The bundles right below a folder, sorted by the names of their folders; none where there is no such folder. */
export const bundlesIn = async (folder: string): Promise<readonly Bundle[]> => {
	const entries = await readdir(folder, {withFileTypes: true}).catch(() => []);
	const folders = entries
		.filter(entry => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
		.map(({name}) => path.join(folder, name))
		.sort();
	const bundles: Bundle[] = [];
	for (const each of folders) {
		const found = await detectWorkflow(each).catch(() => undefined);
		if (found?.kind === 'found' && found.isCertain) bundles.push(await readBundle(each));
	}

	return bundles;
};
