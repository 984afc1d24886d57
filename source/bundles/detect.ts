import {open, readdir} from 'node:fs/promises';
import path from 'node:path';
import {limits} from '../limits.ts';
import {isWorkflowText} from '../rehearsal/frontmatter.ts';

/** Which file of a folder is its workflow. */
export type Detection =
	| {readonly kind: 'found'; readonly file: string; readonly isCertain: boolean}
	/** Several files could be it. */
	| {readonly kind: 'ambiguous'; readonly names: readonly string[]}
	/** @see names The Markdown files there are, none of them a workflow. */
	| {readonly kind: 'none'; readonly names: readonly string[]};

/**
 * `workflow.md`, else `main.md`, else the only Markdown file with `name:`. A folder with one Markdown file is taken for
 * that one in any case, so that whoever forgot `name:` is told so; `isCertain` is false then.
 */
export const detectWorkflow = async (folder: string): Promise<Detection> => {
	const entries = await readdir(folder, {withFileTypes: true});
	const names = entries
		.filter(entry => !entry.isDirectory() && entry.name.toLowerCase().endsWith('.md'))
		.map(entry => entry.name)
		.sort();
	const usual = ['workflow.md', 'main.md'].find(name => names.includes(name));
	if (usual) return {kind: 'found', file: path.join(folder, usual), isCertain: true};
	const workflows = await namedOf(folder, names);
	if (workflows.length > 1) return {kind: 'ambiguous', names: workflows};
	const only = workflows[0] ?? (names.length === 1 ? names[0] : undefined);
	if (only === undefined) return {kind: 'none', names};
	return {kind: 'found', file: path.join(folder, only), isCertain: workflows.length === 1};
};

const namedOf = async (folder: string, names: readonly string[]): Promise<string[]> => {
	const found: string[] = [];
	for (const name of names) if (isWorkflowText(await beginningOf(path.join(folder, name)))) found.push(name);
	return found;
};

/** A file that cannot be read is no workflow. */
const beginningOf = async (file: string): Promise<string> => {
	const handle = await open(file).catch(() => undefined);
	if (!handle) return '';
	try {
		const bytes = Buffer.alloc(limits.workflowBytesMax);
		const {bytesRead} = await handle.read(bytes, 0, bytes.length, 0);
		return bytes
			.toString('utf8', 0, bytesRead)
			.replace(/^\uFEFF/, '')
			.replaceAll('\r\n', '\n');
	} catch {
		return '';
	} finally {
		await handle.close();
	}
};
