import {mkdir, mkdtemp, readdir, rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {TemplateFile} from './definition.ts';
import {targetExists, targetUnwritable} from './failures.ts';

/**
 * Writes files into a folder, all or none of them where the folder is new.
 *
 * @param isForced Whether files that are there are overwritten; others in the folder stay.
 * @throws AiworkflowError `template.target-exists`, `template.target-unwritable`.
 */
export const writeFiles = async (folder: string, files: readonly TemplateFile[], isForced: boolean): Promise<void> => {
	const there = await readdir(folder).catch(error => {
		if (error.code === 'ENOENT') return undefined;
		throw error.code === 'ENOTDIR' ? targetExists(folder) : targetUnwritable(folder, error.message);
	});
	const isNew = there === undefined || there.length === 0;
	if (!isNew && !isForced) throw targetExists(folder);
	try {
		if (isNew) await writeNew(folder, files);
		else await writeInto(folder, files);
	} catch (error) {
		throw targetUnwritable(folder, (error as Error).message);
	}
};

const writeNew = async (folder: string, files: readonly TemplateFile[]): Promise<void> => {
	await mkdir(path.dirname(folder), {recursive: true});
	// Hidden, so that nobody who lists workflows meanwhile sees half of it.
	const draft = await mkdtemp(path.join(path.dirname(folder), '.template-'));
	try {
		await writeInto(path.join(draft, 'made'), files);
		await rename(path.join(draft, 'made'), folder);
	} finally {
		await rm(draft, {recursive: true, force: true});
	}
};

const writeInto = async (folder: string, files: readonly TemplateFile[]): Promise<void> => {
	for (const {path: place, bytes, isExecutable} of files) {
		const file = path.join(folder, place);
		await mkdir(path.dirname(file), {recursive: true});
		// A link that is there must not lead the text elsewhere.
		await rm(file, {force: true});
		await writeFile(file, bytes, {flag: 'wx', mode: isExecutable ? 0o755 : 0o644});
	}
};
