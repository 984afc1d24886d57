import {parseWorkflow} from '../workflow/parse.ts';
import {syntaxOf} from './check-files.ts';
import {
	nameVariable,
	type Template,
	type TemplateFile,
	type TemplateVariable,
	type VariableValues,
} from './definition.ts';
import {resultInvalid, variablesInvalid} from './failures.ts';
import {valuesIntoMarkdown} from './in-markdown.ts';
import {valuesIntoYaml} from './in-yaml.ts';
import {markersOf} from './markers.ts';
import {resolveVariables} from './values.ts';

/** What a template makes. */
export interface Instance {
	readonly files: readonly TemplateFile[];
	readonly values: VariableValues;
	/** Path of the workflow, from the folder of the instance. */
	readonly workflow: string;
}

/** @returns What the template asks, what the workflow is called first. */
export const askedVariablesOf = ({metadata}: Template, name: string = metadata.id): readonly TemplateVariable[] => [
	{...nameVariable, default: name},
	...metadata.variables,
];

/**
 * Fills in the values. Pure: it writes nothing, and the result was read again and checked.
 *
 * @param given By name, as typed; `name` is what the workflow is called.
 * @throws AiworkflowError `template.variables-invalid`, `template.value-misfit`, `template.result-invalid`.
 */
export const instantiate = (template: Template, given: Readonly<Record<string, string>>): Instance => {
	const {id} = template.metadata;
	const {values, problems} = resolveVariables(askedVariablesOf(template), given);
	if (problems.length > 0) throw variablesInvalid(id, problems);
	const files = template.files.map(file => filled(file, values));
	const workflows = files.filter(isWorkflow);
	const diagnostics = workflows.flatMap(({path, bytes}) => parseWorkflow(bytes.toString(), path).diagnostics);
	if (workflows.length === 0 || diagnostics.some(({severity}) => severity === 'error'))
		throw resultInvalid(id, diagnostics);
	const workflow = workflows.find(({path}) => path === 'workflow.md') ?? workflows[0]!;
	return {files, values, workflow: workflow.path};
};

const filled = (file: TemplateFile, values: VariableValues): TemplateFile => {
	const syntax = syntaxOf(file.path);
	if (!syntax) return file;
	const text = file.bytes.toString().replaceAll(/\r\n?/g, '\n');
	if (markersOf(text).length === 0) return file;
	const result = syntax === 'yaml' ? valuesIntoYaml(text, values) : valuesIntoMarkdown(text, values);
	return {...file, bytes: Buffer.from(result)};
};

/** Markdown with `name:` in its frontmatter, that is no case of a test. */
const isWorkflow = ({path, bytes}: TemplateFile): boolean =>
	path.endsWith('.md') &&
	!/(?:^|\/)(?:tests|recordings)\//.test(path) &&
	/^---[ \t]*\r?\n(?:[^\n]*\n)*?name:/.test(bytes.toString());
