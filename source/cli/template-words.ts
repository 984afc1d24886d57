import type {LoadedTemplate, TemplateMetadata, TemplateRequirements, TemplateSource} from '../templates/definition.ts';
import {hasErrors, sourceWordsOf} from '../templates/definition.ts';
import type {ListedTemplate} from '../templates/sources.ts';
import {typedTextOf, variableWordsOf} from '../templates/values.ts';
import type {Output} from './output.ts';
import {tableOf} from './table.ts';

/** One line for each template; its source where it is not built in, and what it hides. */
export const templateLinesOf = (templates: readonly ListedTemplate[], {paint, columns}: Output): string[] => {
	const rows = templates.map(({id, template, shadows}) => [
		id,
		paint.dim(template.metadata?.category ?? ''),
		hasErrors(template) ? paint.red('has mistakes') : (template.metadata?.description ?? ''),
		paint.dim(noteOf(template.source, shadows)),
	]);
	return tableOf(rows, {columns, cell: 2});
};

/** @returns `workspace, hides built in`; nothing for a built-in one. */
export const noteOf = (source: TemplateSource, shadows: readonly TemplateSource[]): string =>
	[
		source.kind === 'built-in' ? '' : sourceWordsOf(source),
		shadows.length > 0 ? `hides ${shadows.map(sourceWordsOf).join(', ')}` : '',
	]
		.filter(Boolean)
		.join(', ');

export const variableLinesOf = ({variables}: TemplateMetadata, {paint, columns}: Output): string[] =>
	tableOf(
		variables.map(variable => [
			`  ${variable.name}`,
			paint.dim(variableWordsOf(variable)),
			variable.default === undefined ? '' : `= ${typedTextOf(variable.default) || '""'}`,
			variable.description,
		]),
		{columns, cell: 3},
	);

/** @returns `needs git, gh; GITHUB_TOKEN; one of claude, codex`; nothing where nothing is needed. */
export const requirementWordsOf = ({commands, env, agents}: TemplateRequirements): string =>
	[
		commands.length > 0 && `the commands ${commands.join(', ')}`,
		env.length > 0 && `the variables ${env.join(', ')}`,
		agents.length > 0 && `an agent: ${agents.join(', ')}`,
	]
		.filter(Boolean)
		.join('; ');

/** A template as `--json` shows it. */
export const templateDocumentOf = ({id, template, shadows}: ListedTemplate) => {
	const {metadata, source, folder, diagnostics, files} = template;
	return {
		id,
		...(metadata ?? {name: null, description: null, category: null}),
		source,
		// What was fetched is gone again.
		folder: source.kind === 'git' ? null : folder,
		shadows,
		valid: metadata !== undefined && !hasErrors(template),
		files: files.map(({path}) => path),
		diagnostics,
	};
};

export const workflowTextOf = ({files}: LoadedTemplate): string | undefined =>
	(files.find(({path}) => path === 'workflow.md') ?? files.find(({path}) => path.endsWith('.md')))?.bytes.toString();
