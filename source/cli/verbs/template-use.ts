import {soundTemplate} from '../../templates/load.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {noteOf} from '../template-words.ts';
import {templateOf, workspaceOf} from '../templates-here.ts';
import {makeFromTemplate, tellUsed} from '../use-template.ts';
import type {Verb} from '../verb.ts';

/** Makes a workflow of a template, in a folder of its own. */
export const useTemplate: Verb<typeof tables.templateUse> = async ({args, options, output}) => {
	const workspace = workspaceOf(options.workspace);
	const {template: found, shadows} = await templateOf(args[0]!, workspace);
	const template = soundTemplate(found);
	const note = noteOf(template.source, shadows);
	if (note !== '') output.note(output.paint.dim(`Of ${note}.`));
	const {to, yes: isSure, force: isForced, var: variables} = options;
	const made = await makeFromTemplate({template, workspace, to, variables, isSure, isForced}, output);
	if (!made) return exitCodes.interrupted;
	await tellUsed(made, template, output);
	return exitCodes.done;
};
