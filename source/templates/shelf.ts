import path from 'node:path';
import {
	hasErrors,
	sourceWordsOf,
	type TemplateCategory,
	type TemplateRequirements,
	type TemplateVariable,
} from './definition.ts';
import {askedVariablesOf, instantiate} from './instantiate.ts';
import {soundTemplate} from './load.ts';
import {findTemplate, type ListedTemplate, listTemplates} from './sources.ts';
import {writeFiles} from './write.ts';

/** Templates for a screen: read from the disk of whoever looks, and made there. */
export interface TemplateShelf {
	/** @returns What there is for a workspace, by id. */
	list(workspace: string): Promise<readonly TemplateView[]>;
	/**
	 * Makes a workflow in the workspace.
	 *
	 * @param given By name of the variable, as typed.
	 * @returns The file of the workflow.
	 * @throws AiworkflowError as `instantiate` and `writeFiles` do.
	 */
	use(workspace: string, id: string, given: Readonly<Record<string, string>>): Promise<string>;
}

/** Plain data. */
export interface TemplateView {
	readonly id: string;
	/** Empty where its metadata cannot be read. */
	readonly name: string;
	readonly description: string;
	readonly category?: TemplateCategory;
	readonly version: string;
	readonly tags: readonly string[];
	readonly requirements: TemplateRequirements;
	/** What the workflow is called comes first. */
	readonly variables: readonly TemplateVariable[];
	/** `built in`, and what it hides. */
	readonly source: string;
	/** The workflow as it stands in the template. */
	readonly text: string;
	/** It cannot be used while there are any. */
	readonly problems: readonly string[];
}

export const templateShelf: TemplateShelf = {
	list: async workspace => (await listTemplates({workspace})).map(viewOf),
	async use(workspace, id, given) {
		const template = soundTemplate((await findTemplate(id, {workspace}, workspace)).template);
		const {files, values, workflow} = instantiate(template, {name: id, ...given});
		const folder = path.join(workspace, '.aiworkflow', 'workflows', String(values.name));
		await writeFiles(folder, files, false);
		return path.join(folder, workflow);
	},
};

const viewOf = ({id, template, shadows}: ListedTemplate): TemplateView => {
	const {metadata, files, diagnostics, source} = template;
	const isSound = metadata !== undefined && !hasErrors(template);
	const hides = shadows.length > 0 ? `, hides ${shadows.map(sourceWordsOf).join(', ')}` : '';
	return {
		id,
		name: metadata?.name ?? '',
		description: metadata?.description ?? '',
		category: metadata?.category,
		version: metadata?.version ?? '',
		tags: metadata?.tags ?? [],
		requirements: metadata?.requirements ?? {commands: [], env: [], agents: []},
		variables: isSound ? askedVariablesOf({...template, metadata}) : [],
		source: `${sourceWordsOf(source)}${hides}`,
		text:
			(
				files.find(file => file.path === 'workflow.md') ?? files.find(file => file.path.endsWith('.md'))
			)?.bytes.toString() ?? '',
		problems: isSound ? [] : diagnostics.map(({message}) => message),
	};
};
