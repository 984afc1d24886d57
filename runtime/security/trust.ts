import {createHash} from 'node:crypto';
import {readdir, readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {limits} from '../../source/limits.ts';
import {declaredTriggersOf} from '../../source/workflow/declared-triggers.ts';

/** What in a workspace can make this machine do something by itself: trusting it covers these. */
const covered = ['agents.yaml', 'aiworkflow.yaml', 'tools', 'plugins'];

/** @returns What trusting a workspace covers: the files, and a digest that changes with any of them. */
export const trustOf = async (workspace: string): Promise<{files: readonly string[]; digest: string}> => {
	const root = path.join(workspace, '.aiworkflow');
	const always = await Promise.all(covered.map(name => filesBelow(path.join(root, name))));
	const bundled = await filesBelow(path.join(root, 'workflows'));
	const workflows = await startingThemselves(bundled);
	const tools = bundled.filter(file => isOfTool(path.relative(root, file)));
	const files = [...new Set([...always.flat(), ...workflows, ...tools])].sort();
	const hash = createHash('sha256');
	for (const file of files) {
		const content = await readFile(file);
		hash.update(`${path.relative(root, file)}\0${content.length}\0`).update(content);
	}

	return {files: files.map(file => path.relative(workspace, file)), digest: hash.digest('hex')};
};

/** Tools of a bundle: what its steps and its agents start without asking. */
const isOfTool = (file: string): boolean => path.dirname(file).split(path.sep).includes('tools');

/** Workflows that nobody has to start; the others do nothing by themselves. */
const startingThemselves = async (files: readonly string[]): Promise<string[]> => {
	const found: string[] = [];
	for (const file of files) {
		if (!file.endsWith('.md')) continue;
		const {size} = await stat(file);
		if (size > limits.workflowBytesMax) continue;
		if (declaredTriggersOf(await readFile(file, 'utf8')).length === 0) continue;
		found.push(file);
		// The configuration of its bundle says what it is given, and by whom it is done.
		const config = path.join(path.dirname(file), 'config.yaml');
		if (files.includes(config) && !found.includes(config)) found.push(config);
	}

	return found;
};

const filesBelow = async (place: string): Promise<string[]> => {
	try {
		const entries = await readdir(place, {recursive: true, withFileTypes: true});
		return entries.filter(entry => !entry.isDirectory()).map(entry => path.join(entry.parentPath, entry.name));
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		if (code === 'ENOTDIR') return [place];
		if (code === 'ENOENT') return [];
		throw error;
	}
};
