import {type TemplateCategory, templateCategories} from '../../templates/definition.ts';
import {listTemplates} from '../../templates/sources.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {tableOf} from '../table.ts';
import {workspaceOf} from '../templates-here.ts';
import type {Verb} from '../verb.ts';

export const listTemplateCategories: Verb<typeof tables.workspaceOnly> = async ({options, output}) => {
	const templates = await listTemplates({workspace: workspaceOf(options.workspace)});
	const categories = Object.entries(templateCategories).map(([id, name]) => ({
		id: id as TemplateCategory,
		name,
		templates: templates.filter(({template}) => template.metadata?.category === id).map(each => each.id),
	}));
	if (output.isJson) {
		await output.document({categories: categories.map(each => ({...each, count: each.templates.length}))});
		return exitCodes.done;
	}

	const rows = categories.map(each => [
		each.id,
		String(each.templates.length).padStart(3),
		output.paint.dim(each.templates.join(', ')),
	]);
	for (const line of tableOf(rows, {columns: output.columns, cell: 2})) await output.print(line);
	return exitCodes.done;
};
