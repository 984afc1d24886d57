import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {open, readdir, stat} from 'node:fs/promises';
import path from 'node:path';
import {detectWorkflow} from './bundles/detect.ts';
import {bundleAmbiguous, workflowInvalid, workflowNotFound} from './errors.ts';
import {limits} from './limits.ts';
import type {DeclaredTrigger} from './workflow/declared-triggers.ts';
import type {WorkflowDefinition} from './workflow/definition.ts';
import type {Diagnostic} from './workflow/diagnostics.ts';
import {nearestOf} from './workflow/text/nearest.ts';

export interface WorkflowFile {
	/** Absolute. */
	readonly file: string;
	readonly text: string;
	/** SHA-256 of the bytes, in hex; in a bundle with a `config.yaml`, of both files: what a run pins. */
	readonly hash: string;
	/** Only where no diagnostic is an error. */
	readonly definition?: WorkflowDefinition;
	readonly diagnostics: Diagnostic[];
}

/**
 * Reads and checks a workflow file, and the `config.yaml` of its bundle where there is one. Of a file over the limit only the beginning is read, enough to refuse it.
 *
 * @throws AiworkflowError `workflow.not-found`; `workflow.invalid` where the bytes are no text.
 */
export const readWorkflow = async (reference: string): Promise<WorkflowFile> => {
	const file = path.resolve(reference);
	const bytes = await readBytes(file);
	const text = textOf(bytes, file);
	const hash = createHash('sha256').update(bytes).digest('hex');
	// Whoever only looks for a workspace must not wait for the parser to load.
	const {parseWorkflow} = await import('./workflow/parse.ts');
	const {withBundle} = await import('./bundles/with-bundle.ts');
	return withBundle({file, text, hash, ...parseWorkflow(text, file)});
};

/**
 * Reads a file of text, as much of it as a workflow may have and a byte more.
 *
 * @throws AiworkflowError `workflow.not-found`; `workflow.invalid` where the bytes are no text.
 */
export const readMarkdown = async (file: string): Promise<string> => textOf(await readBytes(file), file);

/**
 * Finds a workflow by what a person calls it: a file, a folder, or the name of one under `.aiworkflow/workflows/`, that of
 * its file first, then the `name:` inside.
 *
 * @returns The absolute path of its file.
 * @throws AiworkflowError `workflow.not-found`.
 */
export const findWorkflow = async (reference: string, cwd: string): Promise<string> => {
	const asked = path.resolve(cwd, reference);
	const found = await stat(asked).catch(() => undefined);
	if (found?.isFile()) return asked;
	if (!/[/\\]|\.md$/i.test(reference)) {
		const named = await findByName(reference, findWorkspace(cwd));
		if (named) return named;
	}

	if (found?.isDirectory()) return workflowOfFolder(reference, asked);
	if (found) throw workflowNotFound(reference, 'that is neither a file nor a folder.');
	const titled = await findByTitle(reference, findWorkspace(cwd));
	if (titled) return titled;
	const folder = path.join(workflowsFolderOf(findWorkspace(cwd)), reference);
	if ((await stat(folder).catch(() => undefined))?.isDirectory()) return workflowOfFolder(reference, folder);
	const names = (await namedWorkflows(findWorkspace(cwd))).map(({name}) => name);
	const meant = nearestOf(reference, names);
	throw workflowNotFound(reference, meant ? `did you mean "${meant}"?` : 'there is no such file, folder or name.');
};

/** @returns The nearest folder upwards with `.aiworkflow/`, else the root of the git repository, else the folder itself. */
export const findWorkspace = (from: string): string => {
	const start = path.resolve(from);
	return nearestWith(start, '.aiworkflow') ?? nearestWith(start, '.git') ?? start;
};

export interface WorkflowListing {
	readonly name: string;
	readonly file: string;
	readonly description: string | null;
	readonly steps: number;
	/** Errors the file has; it cannot be run while there are any. */
	readonly problems: number;
	/** What it writes under `on:`. */
	readonly triggers: readonly DeclaredTrigger[];
}

/** @returns The workflows of a workspace that have a name, sorted by it. */
export const listWorkflows = async (workspace: string): Promise<WorkflowListing[]> => {
	const {declaredTriggersOf} = await import('./workflow/declared-triggers.ts');
	return Promise.all(
		(await namedWorkflows(workspace)).map(async ({name, file}) => {
			const {definition, diagnostics, text} = await readWorkflow(file).catch(error => ({
				definition: undefined,
				text: '',
				diagnostics: (error.diagnostics ?? [{severity: 'error'}]) as Diagnostic[],
			}));
			return {
				name,
				file,
				description: definition?.description ?? null,
				steps: definition?.steps.length ?? 0,
				problems: diagnostics.filter(({severity}) => severity === 'error').length,
				triggers: declaredTriggersOf(text),
			};
		}),
	);
};

const readBytes = async (file: string): Promise<Buffer> => {
	const found = await stat(file).catch(() => undefined);
	if (!found) throw workflowNotFound(file, 'there is no such file.');
	if (found.isDirectory()) throw workflowNotFound(file, 'that is a folder, not a file.');
	if (!found.isFile()) throw workflowNotFound(file, 'that is not a regular file.');
	const handle = await open(file).catch(error => {
		throw workflowNotFound(file, `it cannot be read (${error.code}).`);
	});
	try {
		const bytes = Buffer.alloc(Math.min(found.size, limits.workflowBytesMax + 1));
		const {bytesRead} = await handle.read(bytes, 0, bytes.length, 0);
		return bytes.subarray(0, bytesRead);
	} finally {
		await handle.close();
	}
};

/** Bytes that are no UTF-8 must not reach an agent as question marks. */
const textOf = (bytes: Buffer, file: string): string => {
	// The beginning of a file over the limit may end within a character; it is refused for its size.
	const isWhole = bytes.length <= limits.workflowBytesMax;
	if (!isWhole || bytes.includes(0)) return bytes.toString();
	try {
		return new TextDecoder('utf-8', {fatal: true}).decode(bytes);
	} catch {
		const text = bytes.toString();
		const before = text.slice(0, text.indexOf('\uFFFD')).split('\n');
		const diagnostic: Diagnostic = {
			code: 'file.encoding',
			severity: 'error',
			message: 'This file is not UTF-8 text.',
			file,
			line: before.length,
			column: before.at(-1)!.length + 1,
			suggestion: 'Save it as UTF-8.',
		};
		throw workflowInvalid(file, [diagnostic]);
	}
};

const nearestWith = (from: string, name: string): string | undefined => {
	for (let folder = from; ; folder = path.dirname(folder)) {
		if (existsSync(path.join(folder, name))) return folder;
		if (folder === path.dirname(folder)) return undefined;
	}
};

const workflowOfFolder = async (reference: string, folder: string): Promise<string> => {
	const found = await detectWorkflow(folder);
	if (found.kind === 'found') return found.file;
	if (found.kind === 'ambiguous') throw bundleAmbiguous(reference, found.names);
	const {names} = found;
	const detail =
		names.length === 0
			? 'the folder holds no workflow.md.'
			: `the folder holds no workflow.md, and ${names.length} Markdown files: ${names.slice(0, 5).join(', ')}.`;
	throw workflowNotFound(reference, detail);
};

const workflowsFolderOf = (workspace: string) => path.join(workspace, '.aiworkflow', 'workflows');

const findByName = async (name: string, workspace: string): Promise<string | undefined> =>
	(await namedWorkflows(workspace)).find(workflow => workflow.name === name)?.file;

/** By the `name:` inside the file, which is what runs are listed under. */
const findByTitle = async (name: string, workspace: string): Promise<string | undefined> => {
	const files: string[] = [];
	for (const {file} of await namedWorkflows(workspace)) {
		const workflow = await readWorkflow(file).catch(() => undefined);
		if (workflow?.definition?.name === name) files.push(file);
	}

	if (files.length < 2) return files[0];
	const listed = files.map(file => path.relative(workspace, file)).join(', ');
	throw workflowNotFound(name, `${files.length} files have that name: ${listed}. Give one of them.`);
};

/** @returns The workflow of a folder that is a bundle; a folder of many workflows, or of none, is none. */
const workflowIn = async (folder: string): Promise<string | undefined> => {
	const found = await detectWorkflow(folder).catch(() => undefined);
	return found?.kind === 'found' && found.isCertain ? found.file : undefined;
};

/** @returns Names and files of the workflows of a workspace, unread. */
export const namedWorkflows = async (workspace: string): Promise<{name: string; file: string}[]> => {
	const folder = workflowsFolderOf(workspace);
	const entries = await readdir(folder, {withFileTypes: true}).catch(() => []);
	const files = new Map<string, string>();
	for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name))) {
		const place = path.join(folder, entry.name);
		const inFolder = entry.isDirectory() || entry.isSymbolicLink() ? await workflowIn(place) : undefined;
		if (inFolder !== undefined) files.set(entry.name, files.get(entry.name) ?? inFolder);
		else if (entry.name.endsWith('.md') && entry.name !== '.md') files.set(entry.name.slice(0, -3), place);
	}

	return [...files].map(([name, file]) => ({name, file})).sort((a, b) => a.name.localeCompare(b.name));
};
