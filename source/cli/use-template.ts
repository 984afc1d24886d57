import {existsSync} from 'node:fs';
import path from 'node:path';
import {usageInvalid} from '../errors.ts';
import type {Template} from '../templates/definition.ts';
import {askedVariablesOf, type Instance, instantiate} from '../templates/instantiate.ts';
import {writeFiles} from '../templates/write.ts';
import {findWorkspace, namedWorkflows} from '../workflow-files.ts';
import {askVariables} from './ask-variables.ts';
import type {Output} from './output.ts';
import {missingRequirementsOf} from './template-requirements.ts';

export interface TemplateUse {
	readonly template: Template;
	readonly workspace: string;
	/** What the workflow is called; default: the last part of `to`, else the id. */
	readonly name?: string;
	/** The folder, from where the command was typed. */
	readonly to?: string;
	readonly variables: readonly string[];
	readonly isSure: boolean;
	readonly isForced: boolean;
	/** Which of the files are written, and where. Default: all of them, into the folder. */
	readonly shaped?: (instance: Instance, folder: string) => {readonly folder: string; readonly instance: Instance};
}

export interface UsedTemplate {
	/** Absolute path of the workflow. */
	readonly file: string;
	/** Absolute. */
	readonly folder: string;
	readonly files: readonly string[];
	readonly instance: Instance;
}

/**
 * Makes the files of a template, after asking for its variables where somebody can answer.
 *
 * @returns `undefined` where the person went away while being asked.
 * @throws AiworkflowError `usage.invalid`, `template.variables-invalid`, `template.result-invalid`, `template.target-exists`.
 */
export const makeFromTemplate = async (use: TemplateUse, output: Output): Promise<UsedTemplate | undefined> => {
	const {template, workspace, to, isSure, isForced} = use;
	const given = variablesOf(use.variables);
	const name = given.name ?? use.name ?? (to === undefined ? template.metadata.id : nameFrom(path.resolve(to)));
	const asked = askedVariablesOf(template, name).slice(1);
	const isAsking = output.isInteractive && !isSure;
	const answers = isAsking ? await askVariables(asked, given, output.paint) : given;
	if (!answers) return undefined;
	const made = instantiate(template, {...answers, name});
	const folder = to === undefined ? path.join(workspace, '.aiworkflow', 'workflows', name) : path.resolve(to);
	const shaped = use.shaped?.(made, folder) ?? {folder, instance: made};
	await writeFiles(shaped.folder, shaped.instance.files, isForced);
	return {
		file: path.join(shaped.folder, shaped.instance.workflow),
		folder: shaped.folder,
		files: shaped.instance.files.map(file => path.join(shaped.folder, file.path)),
		instance: shaped.instance,
	};
};

/** Says what was made, and what to type next. */
export const tellUsed = async (
	{file, folder, files, instance}: UsedTemplate,
	template: Template,
	output: Output,
): Promise<void> => {
	const {paint} = output;
	const here = (place: string) => relativeOf(place);
	if (output.isJson) {
		const {id} = template.metadata;
		await output.document({
			template: id,
			source: template.source,
			workflow: file,
			folder,
			files,
			values: instance.values,
		});
		return;
	}

	for (const each of files) await output.print(`${paint.green('✓')} ${here(each)}`);
	for (const missing of await missingRequirementsOf(template.metadata.requirements))
		output.note(`${paint.yellow('!')} ${missing}`);
	if (isGuarded(files)) output.note(`${paint.yellow('!')} Its tools run only after \`aiworkflow trust\`.`);
	const reference = (await nameOf(file)) ?? quoted(here(path.basename(file) === 'workflow.md' ? folder : file));
	await output.print(`Check it: \`aiworkflow workflow validate ${reference}\``);
	if (files.some(each => /[/\\]tests[/\\]/.test(each)))
		await output.print(`Try it:   \`aiworkflow test ${reference}\`, offline`);
	await output.print(`Run it:   \`aiworkflow run ${reference}\``);
};

/** @returns What a workflow of the workspace is called from here; a file or folder of that name would come first. */
const nameOf = async (file: string): Promise<string | undefined> => {
	const named = await namedWorkflows(findWorkspace(process.cwd()));
	const found = named.find(each => path.resolve(each.file) === path.resolve(file));
	return found && !existsSync(found.name) ? quoted(found.name) : undefined;
};

/** What is inside of `.aiworkflow` may start programs only where the workspace is trusted. */
const isGuarded = (files: readonly string[]): boolean =>
	files.some(each => /[/\\]\.aiworkflow[/\\].*[/\\]tools[/\\][^/\\]+\.ya?ml$/.test(each));

/** @throws AiworkflowError `usage.invalid` */
const variablesOf = (given: readonly string[]): Record<string, string> =>
	Object.fromEntries(
		given.map(text => {
			const at = text.indexOf('=');
			if (at < 1) throw usageInvalid(`--var takes name=value, not "${text}".`, 'Write `--var base=main`.');
			return [text.slice(0, at), text.slice(at + 1)];
		}),
	);

/** @returns What a folder calls its workflow, in the letters that a name has. */
const nameFrom = (folder: string): string =>
	path
		.basename(folder)
		.toLowerCase()
		.replaceAll(/[^a-z0-9._-]+/g, '-')
		.replaceAll(/^[^a-z0-9]+|-+$/g, '') || 'workflow';

const relativeOf = (place: string): string => {
	const relative = path.relative(process.cwd(), place);
	return relative.startsWith('..') ? place : relative || '.';
};

const quoted = (text: string): string => (/^[\w./@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
