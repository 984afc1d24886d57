import {searchTemplates} from '../../templates/search.ts';
import {listTemplates} from '../../templates/sources.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {templateDocumentOf, templateLinesOf} from '../template-words.ts';
import {workspaceOf} from '../templates-here.ts';
import type {Verb} from '../verb.ts';

export const searchForTemplates: Verb<typeof tables.workspaceOnly> = async ({args, options, output}) => {
	const found = searchTemplates(await listTemplates({workspace: workspaceOf(options.workspace)}), args[0]!);
	if (output.isJson) await output.document({templates: found.map(templateDocumentOf)});
	for (const line of templateLinesOf(found, output)) await output.print(line);
	if (found.length === 0 && !output.isJson)
		output.note('No template fits. `aiworkflow template list` has all of them.');
	return exitCodes.done;
};
