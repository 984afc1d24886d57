import {readdir, stat} from 'node:fs/promises';
import path from 'node:path';
import {workflowNotFound} from '../errors.ts';
import {limits} from '../limits.ts';

/** What `import` was given: files, or the folder of a skill. */
export interface ImportSource {
	/** Absolute, sorted. */
	readonly files: readonly string[];
	/** A person named this very file, or the folder that is a skill: what it is not must be said. */
	readonly isSingle: boolean;
	/** The folder of a skill, whose other files go with it. */
	readonly skillFolder?: string;
}

/** @throws AiworkflowError `workflow.not-found` */
export const findImportSource = async (asked: string): Promise<ImportSource> => {
	const place = path.resolve(asked);
	const found = await stat(place).catch(() => undefined);
	if (!found) throw workflowNotFound(asked, 'there is no such file or folder.');
	if (!found.isDirectory()) {
		const isSkill = path.basename(place).toLowerCase() === 'skill.md';
		return {files: [place], isSingle: true, ...(isSkill && {skillFolder: path.dirname(place)})};
	}

	const skill = (await readdir(place)).find(name => name.toLowerCase() === 'skill.md');
	if (skill) return {files: [path.join(place, skill)], isSingle: true, skillFolder: place};
	const files = await filesBelow(place, name => /\.(md|mdc|markdown)$/i.test(name), limits.importFilesMax);
	if (files.length === 0) throw workflowNotFound(asked, 'the folder holds no Markdown file.');
	return {files, isSingle: false};
};

/** The files that go with a skill; links are not followed. @returns `undefined` where they are too many or too large. */
export const attachmentsOf = async (folder: string): Promise<readonly string[] | undefined> => {
	const files = await filesBelow(folder, name => name.toLowerCase() !== 'skill.md', limits.importAttachmentsMax + 1);
	if (files.length > limits.importAttachmentsMax) return undefined;
	let sizeBytes = 0;
	for (const file of files) sizeBytes += (await stat(file)).size;
	return sizeBytes > limits.importAttachmentsBytesMax ? undefined : files;
};

const skipped: ReadonlySet<string> = new Set(['.git', 'node_modules', '.aiworkflow']);

const filesBelow = async (folder: string, isWanted: (name: string) => boolean, max: number): Promise<string[]> => {
	const files: string[] = [];
	const folders = [folder];
	let seen = 0;
	for (let next = folders.shift(); next !== undefined; next = folders.shift()) {
		const entries = await readdir(next, {withFileTypes: true}).catch(() => []);
		for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name))) {
			if (++seen > limits.importEntriesMax || files.length >= max) return files;
			if (entry.isDirectory() && !skipped.has(entry.name)) folders.push(path.join(next, entry.name));
			else if (entry.isFile() && isWanted(entry.name)) files.push(path.join(next, entry.name));
		}
	}

	return files;
};
