import {existsSync} from 'node:fs';
import path from 'node:path';
import {usageInvalid} from '../../errors.ts';
import {nameVariable, type Template} from '../../templates/definition.ts';
import {targetExists} from '../../templates/failures.ts';
import type {Instance} from '../../templates/instantiate.ts';
import {loadTemplate, soundTemplate} from '../../templates/load.ts';
import {builtInFolder} from '../../templates/sources.ts';
import {resolveVariables} from '../../templates/values.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {templateOf, workspaceOf} from '../templates-here.ts';
import {makeFromTemplate, tellUsed} from '../use-template.ts';
import type {Verb} from '../verb.ts';

/** Small workflows to begin with; everything else is a template. */
const starters: ReadonlySet<string> = new Set(['basic', 'multi-step', 'with-tools']);

/** Makes a workflow to go on from: one file, or a bundle. */
export const createWorkflow: Verb<typeof tables.workflowCreate> = async ({args, options, output}) => {
	const name = checkedName(args[0]!);
	const workspace = workspaceOf(options.workspace);
	const reference = options.template ?? 'basic';
	const template = starters.has(reference)
		? soundTemplate(await loadTemplate(path.join(builtInFolder, 'starters', reference), {kind: 'built-in'}))
		: soundTemplate((await templateOf(reference, workspace)).template);
	const isFile = starters.has(reference) && !options.bundle && !hasTools(template);
	const folder = path.join(options.to ?? path.join(workspace, '.aiworkflow', 'workflows'), isFile ? '' : name);
	const use = {
		...{template, workspace, name, to: folder, variables: options.var},
		isSure: options.yes,
		isForced: options.force || isFile,
		shaped: isFile ? asOneFile(name, options.force) : undefined,
	};
	const made = await makeFromTemplate(use, output);
	if (!made) return exitCodes.interrupted;
	await tellUsed(made, template, output);
	return exitCodes.done;
};

/** Its tools are files beside the workflow. */
const hasTools = ({files}: Template): boolean => files.some(({path: place}) => place.startsWith('tools/'));

/** Only the workflow, called like the workflow, beside those that are there. */
const asOneFile =
	(name: string, isForced: boolean) =>
	(instance: Instance, folder: string): {readonly folder: string; readonly instance: Instance} => {
		const file = `${name}.md`;
		const place = path.join(folder, file);
		if (!isForced && existsSync(place)) throw targetExists(place);
		const workflow = instance.files.find(each => each.path === instance.workflow)!;
		return {folder, instance: {...instance, files: [{...workflow, path: file}], workflow: file}};
	};

const checkedName = (name: string): string => {
	const [problem] = resolveVariables([nameVariable], {name}).problems;
	if (!problem) return name;
	throw usageInvalid(
		`A workflow cannot be called "${name}".`,
		'Use small letters, digits, `-`, `_` and `.`, such as `fix-issue`; at most 64.',
	);
};
