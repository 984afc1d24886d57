import {cp, mkdir, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {AiworkflowError, usageInvalid} from '../../errors.ts';
import type {ImportFormat} from '../../import/detect.ts';
import {type Imported, importMarkdown} from '../../import/import.ts';
import type {Diagnostic} from '../../workflow/diagnostics.ts';
import {findWorkspace, readMarkdown} from '../../workflow-files.ts';
import {type ExitCode, exitCodes} from '../exit-codes.ts';
import {importFormats} from '../import-formats.ts';
import {tellImport} from '../import-report.ts';
import {attachmentsOf, findImportSource, type ImportSource} from '../import-source.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

/** What became of one file. */
export interface ImportOutcome {
	/** Absolute. */
	readonly from: string;
	/** Absolute; null where nothing was, or would be, written. */
	readonly to: string | null;
	readonly imported: Imported;
}

/** Makes workflows of the files of other tools, and tells what could not be carried over. Overwrites nothing. */
export const importFiles: Verb<typeof tables.import> = async ({args, options, output}) => {
	const as = formatOf(options.as);
	const workspace = findWorkspace(process.cwd());
	const source = await findImportSource(args[0]!);
	if (!source.isSingle && options.to?.endsWith('.md'))
		throw usageInvalid(`${args[0]} is a folder, and --to names a file.`, 'Name a folder with `--to`.');
	const outcomes: ImportOutcome[] = [];
	let skipped = 0;
	for (const file of source.files) {
		const outcome = await importOne(file, source, {as, to: options.to, workspace});
		// A folder holds other texts as well, and nobody said that these were meant.
		if (!source.isSingle && outcome.imported.kind === 'refused') skipped++;
		else outcomes.push(outcome);
	}

	if (!options.dryRun) await writeAll(outcomes, source, options.force);
	const exitCode = codeOf(outcomes);
	if (output.isJson) await output.document({dryRun: options.dryRun, skipped, imports: outcomes.map(documentOf)});
	else await tellImport(outcomes, {skipped, isDryRun: options.dryRun}, output);
	return exitCode;
};

const formatOf = (asked: string | undefined): ImportFormat | undefined => {
	if (asked === undefined) return undefined;
	const format = importFormats.find(known => known === asked);
	if (format) return format;
	throw usageInvalid(`--as has "${asked}", which is no format.`, `There are: ${importFormats.join(', ')}.`);
};

interface Place {
	readonly as: ImportFormat | undefined;
	readonly to: string | undefined;
	readonly workspace: string;
}

const importOne = async (file: string, source: ImportSource, {as, to, workspace}: Place): Promise<ImportOutcome> => {
	const shown = shownPath(file);
	let text: string;
	try {
		text = await readMarkdown(file);
	} catch (error) {
		const problem = error instanceof AiworkflowError ? error.diagnostics?.[0] : undefined;
		if (!problem) throw error;
		return {from: file, to: null, imported: {kind: 'refused', problem: {...problem, file: shown}}};
	}

	const first = importMarkdown(text, shown, {as});
	if (first.kind === 'refused') return {from: file, to: null, imported: first};
	const attachments = source.skillFolder && first.format === 'skill' ? await attachmentsOf(source.skillFolder) : [];
	if (attachments === undefined)
		throw usageInvalid(
			`The folder of ${shown} holds more files than an import takes along.`,
			'Copy its SKILL.md alone, and import that.',
		);
	const target = targetOf(first.name, to, workspace, attachments.length > 0);
	if (attachments.length === 0) return {from: file, to: target, imported: first};
	const beside = path.relative(workspace, path.dirname(target)) || '.';
	return {from: file, to: target, imported: importMarkdown(text, shown, {as, beside})};
};

/** A skill with files of its own becomes a folder, so that they lie beside its workflow. */
const targetOf = (name: string, to: string | undefined, workspace: string, isFolder: boolean): string => {
	if (to?.endsWith('.md')) return path.resolve(to);
	const folder = to === undefined ? path.join(workspace, '.aiworkflow', 'workflows') : path.resolve(to);
	return isFolder ? path.join(folder, name, 'workflow.md') : path.join(folder, `${name}.md`);
};

const writeAll = async (outcomes: readonly ImportOutcome[], {skillFolder}: ImportSource, isForced: boolean) => {
	const files: {readonly to: string; readonly write: () => Promise<void>}[] = [];
	for (const {to, imported} of outcomes) {
		if (to === null || imported.kind === 'refused') continue;
		files.push({to, write: () => writeFile(to, imported.text)});
		if (skillFolder && path.basename(to) === 'workflow.md')
			files.push(...(await copies(skillFolder, path.dirname(to))));
	}

	const targets = new Set<string>();
	for (const {to} of files) {
		if (targets.has(to)) throw targetTwice(to);
		targets.add(to);
		if (!isForced && (await stat(to).catch(() => undefined))) throw targetExists(to);
	}

	for (const {to, write} of files) {
		await mkdir(path.dirname(to), {recursive: true});
		await write();
	}
};

const copies = async (from: string, to: string) =>
	((await attachmentsOf(from)) ?? []).map(file => {
		const target = path.join(to, path.relative(from, file));
		return {to: target, write: () => cp(file, target)};
	});

const targetExists = (file: string) =>
	new AiworkflowError({
		code: 'import.exists',
		message: `${shownPath(file)} is there already; nothing was written.`,
		suggestion: 'Write elsewhere with `--to`, or overwrite it with `--force`.',
	});

const targetTwice = (file: string) =>
	new AiworkflowError({
		code: 'import.exists',
		message: `Two of the files would be written to ${shownPath(file)}; nothing was written.`,
		suggestion: 'Import them one by one, with `--to`.',
	});

/** As seen from here, where it is below. */
export const shownPath = (file: string): string => {
	const relative = path.relative(process.cwd(), file);
	return relative === '' || relative.startsWith('..') ? file : relative;
};

const codeOf = (outcomes: readonly ImportOutcome[]): ExitCode => {
	const isGood = ({imported}: ImportOutcome) => imported.kind === 'workflow' && imported.isValid;
	return outcomes.length > 0 && outcomes.every(isGood) ? exitCodes.done : exitCodes.invalid;
};

const documentOf = ({from, to, imported}: ImportOutcome) => {
	const refusal: Diagnostic | null = imported.kind === 'refused' ? imported.problem : null;
	if (imported.kind === 'refused')
		return {from, to: null, format: null, valid: false, problem: refusal, notes: [], diagnostics: []};
	const {format, isValid, notes, diagnostics, text} = imported;
	return {from, to, format, valid: isValid, problem: null, notes, diagnostics, text};
};
