import {usageInvalid} from '../../errors.ts';
import {templateCategories} from '../../templates/definition.ts';
import {listTemplates} from '../../templates/sources.ts';
import {didYouMean} from '../../workflow/text/nearest.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {templateDocumentOf, templateLinesOf} from '../template-words.ts';
import {workspaceOf} from '../templates-here.ts';
import type {Verb} from '../verb.ts';

export const listAllTemplates: Verb<typeof tables.templateList> = async ({options, output}) => {
	const {category, tag} = options;
	const known = Object.keys(templateCategories);
	if (category !== undefined && !known.includes(category))
		throw usageInvalid(`There is no category "${category}".`, didYouMean(category, known, ''));
	const all = await listTemplates({workspace: workspaceOf(options.workspace)});
	const templates = all.filter(
		({template: {metadata}}) =>
			(category === undefined || metadata?.category === category) &&
			(tag === undefined || metadata?.tags.includes(tag)),
	);
	if (output.isJson) {
		await output.document({templates: templates.map(templateDocumentOf)});
		return exitCodes.done;
	}

	for (const line of templateLinesOf(templates, output)) await output.print(line);
	if (templates.length === 0) output.note('No template fits.');
	else output.note(output.paint.dim('Use one: `aiworkflow template use <id>`'));
	return exitCodes.done;
};
