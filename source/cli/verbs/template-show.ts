import {hasErrors, sourceWordsOf, templateCategories} from '../../templates/definition.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {tellDiagnostics} from '../tell-diagnostics.ts';
import {missingRequirementsOf} from '../template-requirements.ts';
import {noteOf, requirementWordsOf, templateDocumentOf, variableLinesOf, workflowTextOf} from '../template-words.ts';
import {templateOf, workspaceOf} from '../templates-here.ts';
import type {Verb} from '../verb.ts';

/** What it is, what it asks, and the workflow as it stands in the template. */
export const showTemplate: Verb<typeof tables.workspaceOnly> = async ({args, options, output}) => {
	const listed = await templateOf(args[0]!, workspaceOf(options.workspace));
	const {template, id, shadows} = listed;
	const exitCode = template.metadata && !hasErrors(template) ? exitCodes.done : exitCodes.invalid;
	const workflow = workflowTextOf(template);
	if (output.isJson) {
		await output.document({...templateDocumentOf(listed), workflow: workflow ?? null});
		return exitCode;
	}

	await tellDiagnostics(template.diagnostics, output);
	const {metadata} = template;
	if (!metadata) return exitCode;
	const {paint} = output;
	await output.print(`${paint.bold(metadata.name)}  ${id} ${metadata.version}`);
	await output.print(metadata.description);
	const needs = requirementWordsOf(metadata.requirements);
	const facts = [
		['Category', templateCategories[metadata.category]],
		['Tags', metadata.tags.join(', ')],
		['Author', metadata.author ?? ''],
		['License', metadata.license ?? ''],
		['Source', template.source.kind === 'built-in' ? sourceWordsOf(template.source) : noteOf(template.source, shadows)],
		['Needs', needs],
		['Files', template.files.map(({path}) => path).join(', ')],
	];
	for (const [name, text] of facts) if (text) await output.print(`  ${paint.dim(name!.padEnd(9))} ${text}`);
	for (const missing of await missingRequirementsOf(metadata.requirements))
		output.note(`${paint.yellow('!')} ${missing}`);
	await output.print(metadata.variables.length === 0 ? 'It asks nothing.' : paint.bold('Variables'));
	for (const line of variableLinesOf(metadata, output)) await output.print(line);
	if (workflow !== undefined) await output.print(`${paint.bold('Workflow')}\n${indented(workflow)}`);
	await output.print(`Use it: \`aiworkflow template use ${args[0]}\``);
	return exitCode;
};

const indented = (text: string): string => text.trimEnd().replaceAll(/^(?=.)/gm, '  ');
