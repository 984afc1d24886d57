import {lstat, readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {limits} from '../limits.ts';
import {formatSize} from '../units.ts';
import type {Diagnostic} from '../workflow/diagnostics.ts';
import {createReport} from '../workflow/text/report.ts';
import {sourceTextOf} from '../workflow/text/source-text.ts';
import {checkFile, unusedIn} from './check-files.ts';
import {
	hasErrors,
	type LoadedTemplate,
	nameVariable,
	type Template,
	type TemplateFile,
	type TemplateMetadata,
	type TemplateSource,
} from './definition.ts';
import {templateInvalid} from './failures.ts';
import {readMetadata} from './read-metadata.ts';

export const metadataFile = 'template.yaml';

/** Reads a template and everything in its folder, and checks all of it. Runs nothing. */
export const loadTemplate = async (folder: string, source: TemplateSource): Promise<LoadedTemplate> => {
	const place = path.join(folder, metadataFile);
	// Whatever folder somebody names: without metadata nothing more of it is read.
	const isTemplate = await lstat(place).then(
		stat => stat.isFile(),
		() => false,
	);
	if (!isTemplate) return {folder, source, files: [], diagnostics: [wrongAt(place, 'There is no template.yaml.')]};
	const found = await readFiles(folder);
	const described = found.files.find(file => file.path === metadataFile);
	const files = found.files.filter(file => file !== described);
	if (!described) return {folder, source, files, diagnostics: found.diagnostics};
	const report = createReport(sourceTextOf(described.bytes.toString(), place));
	const metadata = readMetadata(report);
	if (metadata) reportUnused(report, files, metadata);
	if (!files.some(file => file.path.endsWith('.md')))
		report.error('template.invalid', 0, 'The template makes no workflow.', 'Put a workflow.md beside template.yaml.');
	const variables = [...(metadata?.variables ?? []), nameVariable];
	const diagnostics = [
		...found.diagnostics,
		...report.diagnostics(),
		...(metadata ? files.flatMap(file => checkFile(file, path.join(folder, file.path), variables)) : []),
	];
	return {folder, source, files, diagnostics, ...(metadata && {metadata})};
};

/** @throws AiworkflowError `template.invalid` with every problem. */
export const soundTemplate = (template: LoadedTemplate): Template => {
	if (template.metadata && !hasErrors(template)) return {...template, metadata: template.metadata};
	throw templateInvalid(template.folder, template.diagnostics);
};

const reportUnused = (
	report: ReturnType<typeof createReport>,
	files: readonly TemplateFile[],
	{variables}: TemplateMetadata,
): void => {
	for (const {name} of unusedIn(files, variables)) {
		const at = report.source.text.search(new RegExp(`^\\s+${name}:`, 'm'));
		report.warning('template.variable-unused', Math.max(0, at), `No file has a \`<% ${name} %>\`.`, 'Remove it.');
	}
};

interface Found {
	readonly files: TemplateFile[];
	readonly diagnostics: Diagnostic[];
}

/** Links are refused: what they lead to is not part of the template. */
const readFiles = async (folder: string): Promise<Found> => {
	const found: Found = {files: [], diagnostics: []};
	let sizeBytes = 0;
	const readFolder = async (below: string): Promise<void> => {
		const entries = await readdir(path.join(folder, below)).catch(() => []);
		// The metadata first: of a template that is too large they are known all the same.
		entries.sort((a, b) => Number(b === metadataFile) - Number(a === metadataFile) || a.localeCompare(b));
		for (const entry of entries) {
			if (entry === '.git') continue;
			if (found.diagnostics.some(({code}) => code === tooLarge)) return;
			const place = path.posix.join(below, entry);
			const absolute = path.join(folder, place);
			const {size, mode, ...stat} = await lstatOf(absolute);
			if (stat.isFolder) await readFolder(place);
			else if (!stat.isFile) found.diagnostics.push(wrongAt(absolute, 'This is neither a file nor a folder.'));
			else if (found.files.length >= limits.templateFilesMax || sizeBytes + size > limits.templateBytesMax) {
				const most = `${limits.templateFilesMax} files and ${formatSize(limits.templateBytesMax)}`;
				found.diagnostics.push(wrongAt(absolute, `A template has at most ${most}.`, tooLarge));
			} else {
				sizeBytes += size;
				const bytes = await readFile(absolute);
				found.files.push({
					path: place,
					bytes,
					isExecutable: (mode & 0o100) !== 0 || bytes.subarray(0, 2).toString() === '#!',
				});
			}
		}
	};
	await readFolder('');
	return found;
};

const tooLarge = 'template.too-large';

const lstatOf = async (file: string) => {
	const found = await lstat(file);
	return {isFile: found.isFile(), isFolder: found.isDirectory(), size: found.size, mode: found.mode};
};

const wrongAt = (file: string, message: string, code = 'template.invalid'): Diagnostic => ({
	code,
	severity: 'error',
	message,
	file,
	line: 1,
	column: 1,
});
