import {open, readdir, stat} from 'node:fs/promises';
import path from 'node:path';
import {AiworkflowError, usageInvalid, workflowNotFound} from '../errors.ts';
import {limits} from '../limits.ts';
import type {WorkflowDefinition} from '../workflow/definition.ts';
import type {Diagnostic} from '../workflow/diagnostics.ts';
import {findWorkflow, readWorkflow} from '../workflow-files.ts';
import type {CaseReading, TestCase} from './case.ts';
import {isWorkflowText} from './frontmatter.ts';
import {readCase} from './read-case.ts';

/** A workflow and what it is tested by. */
export interface Rehearsal {
	/** Absolute. */
	readonly file: string;
	/** Absent where the file has errors. */
	readonly definition?: WorkflowDefinition;
	readonly diagnostics: readonly Diagnostic[];
	readonly cases: readonly TestCase[];
	/** Files of cases that cannot be read. */
	readonly broken: readonly Extract<CaseReading, {diagnostics: readonly Diagnostic[]}>[];
}

/**
 * Finds what a person asks to be tested: a workflow by file or name, all workflows below a folder, or one file of a case.
 *
 * @throws AiworkflowError `workflow.not-found`.
 */
export const findRehearsals = async (reference: string, cwd: string): Promise<readonly Rehearsal[]> => {
	const asked = path.resolve(cwd, reference);
	const found = await stat(asked).catch(() => undefined);
	if (found?.isDirectory()) return rehearsalsBelow(reference, asked);
	if (found?.isFile() && !(await isWorkflow(asked)) && /\.(?:ya?ml|md)$/.test(asked))
		return [await rehearsalOfCase(asked)];
	return [await rehearsalOf(found?.isFile() ? asked : await findWorkflow(reference, cwd))];
};

const rehearsalsBelow = async (reference: string, folder: string): Promise<readonly Rehearsal[]> => {
	const files = await workflowsBelow(folder);
	if (files.length === 0)
		throw workflowNotFound(reference, 'the folder holds no workflow: no Markdown file with `name:`.');
	return Promise.all(files.map(rehearsalOf));
};

const rehearsalOf = async (file: string): Promise<Rehearsal> => {
	const {definition, diagnostics} = await checked(file);
	const files = await caseFilesOf(file, definition?.name);
	const readings = await Promise.all(files.map(readCase));
	const cases = readings.flatMap(reading => reading.case ?? []);
	return {
		file,
		definition,
		diagnostics,
		// A file may speak for another workflow than the one it lies beside.
		cases: cases.filter(({workflow}) => workflow === undefined || workflow === file),
		broken: readings.flatMap(reading => (reading.diagnostics ? [reading] : [])),
	};
};

const rehearsalOfCase = async (file: string): Promise<Rehearsal> => {
	const reading = await readCase(file);
	const workflow = reading.case?.workflow ?? (await workflowOfCase(file));
	if (workflow === undefined) {
		const suggestion = 'Name it with `workflow: <path from this file>`.';
		throw usageInvalid(`${file} does not say which workflow it tests, and several or none are beside it.`, suggestion);
	}

	return {
		file: workflow,
		...(await checked(workflow)),
		cases: reading.case ? [reading.case] : [],
		broken: reading.diagnostics ? [reading] : [],
	};
};

const checked = async (file: string): Promise<Pick<Rehearsal, 'definition' | 'diagnostics'>> => {
	try {
		const {definition, diagnostics} = await readWorkflow(file);
		return {definition, diagnostics};
	} catch (error) {
		if (error instanceof AiworkflowError && error.diagnostics) return {diagnostics: error.diagnostics};
		throw error;
	}
};

/** `<name>.test.yaml`, `<name>.<anything>.test.yaml` beside a workflow, and the files in `tests/` that are meant for it. */
const caseFilesOf = async (file: string, name: string | undefined): Promise<readonly string[]> => {
	const folder = path.dirname(file);
	const names = new Set([stemOf(file), name]);
	const beside = (await filesIn(folder)).filter(
		each => /\.test\.ya?ml$/.test(each) && names.has(path.basename(each).split('.')[0]),
	);
	const inTests: string[] = [];
	for (const each of (await filesIn(path.join(folder, 'tests'))).filter(isCaseName)) {
		if (each.endsWith('.md') && !(await isMarkdownCase(each))) continue;
		if ((await workflowOfTestsFile(each)) === file) inTests.push(each);
	}

	return [...beside, ...inTests];
};

const isCaseName = (file: string) => /\.(?:ya?ml|md)$/.test(file);

const isMarkdownCase = async (file: string): Promise<boolean> => {
	const text = await beginningOf(file);
	return text.startsWith('---') && !isWorkflowText(text);
};

const workflowOfCase = async (file: string): Promise<string | undefined> => {
	if (path.basename(path.dirname(file)) === 'tests') return workflowOfTestsFile(file);
	const workflows = await workflowsIn(path.dirname(file));
	return workflows.find(each => stemOf(each) === stemOf(file)) ?? (workflows.length === 1 ? workflows[0] : undefined);
};

/** The one it names; else the only one there is, or the one it is called after, or `workflow.md`. */
const workflowOfTestsFile = async (file: string): Promise<string | undefined> => {
	const named = (await readCase(file)).case?.workflow;
	if (named !== undefined) return named;
	const workflows = await workflowsIn(path.dirname(path.dirname(file)));
	if (workflows.length === 1) return workflows[0];
	return (
		workflows.find(each => stemOf(each) === stemOf(file)) ??
		workflows.find(each => path.basename(each) === 'workflow.md')
	);
};

const stemOf = (file: string) => path.basename(file).split('.')[0]!;

const workflowsIn = async (folder: string): Promise<string[]> => {
	const found: string[] = [];
	for (const file of await filesIn(folder)) if (file.endsWith('.md') && (await isWorkflow(file))) found.push(file);
	return found;
};

const skippedFolders: ReadonlySet<string> = new Set(['node_modules', 'tests', 'recordings']);

const workflowsBelow = async (root: string): Promise<string[]> => {
	const found: string[] = [];
	let seen = 0;
	const visit = async (folder: string): Promise<void> => {
		const entries = (await readdir(folder, {withFileTypes: true})).sort((a, b) => a.name.localeCompare(b.name));
		// What is in a template is no workflow before values are in it.
		if (entries.some(({name}) => name === 'template.yaml')) return;
		for (const entry of entries) {
			if (++seen > limits.testEntriesMax) throw tooMany(root);
			const place = path.join(folder, entry.name);
			const isHidden = entry.name.startsWith('.') && entry.name !== '.aiworkflow';
			if (entry.isDirectory() && !isHidden && !skippedFolders.has(entry.name)) await visit(place);
			else if (entry.isFile() && entry.name.endsWith('.md') && (await isWorkflow(place))) found.push(place);
		}
	};

	await visit(root);
	return found;
};

const tooMany = (root: string) =>
	usageInvalid(
		`${root} holds more than ${limits.testEntriesMax} files and folders, the limit.`,
		'Name a folder further down, or one workflow.',
	);

/** @returns Absolute paths, sorted; none where there is no such folder. */
const filesIn = async (folder: string): Promise<string[]> => {
	const entries = await readdir(folder, {withFileTypes: true}).catch(() => []);
	return entries
		.filter(entry => entry.isFile())
		.map(entry => path.join(folder, entry.name))
		.sort();
};

const isWorkflow = async (file: string): Promise<boolean> =>
	file.endsWith('.md') && isWorkflowText(await beginningOf(file));

const beginningOf = async (file: string): Promise<string> => {
	const handle = await open(file);
	try {
		const bytes = Buffer.alloc(limits.workflowBytesMax);
		const {bytesRead} = await handle.read(bytes, 0, bytes.length, 0);
		return bytes.toString('utf8', 0, bytesRead).replaceAll('\r\n', '\n');
	} finally {
		await handle.close();
	}
};
