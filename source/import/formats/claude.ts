import type {PermissionRules} from '../../workflow/permissions.ts';
import {allowedToolsOf, joinedRules, onlyToolsOf, refusedToolsOf} from '../claude-tools.ts';
import type {Draft} from '../draft.ts';
import {listOf, textOf} from '../front-matter.ts';
import type {Notes} from '../notes.ts';
import {filledPlaceholders} from '../placeholders.ts';
import {promptTextOf} from '../prompt-text.ts';
import {type SourceFile, stemOf} from '../source-file.ts';
import {draftName, tellFrontProblem, tellOtherKeys, titleIn} from './shared.ts';

/** `.claude/commands/*.md`: a prompt with placeholders, given by its file's name. */
export const readClaudeCommand = (source: SourceFile, notes: Notes): Draft => {
	const {front} = source;
	tellFrontProblem(source, notes);
	const name = draftName(stemOf(source.file));
	const description = textOf(front?.value('description'));
	const hint = hintOf(front?.value('argument-hint'));
	const known = ['description', 'argument-hint', 'allowed-tools', 'disallowed-tools', 'model', 'name'];
	tellOtherKeys(source, notes, known, {
		'disable-model-invocation': 'only people and triggers start a workflow',
		'user-invocable': 'every workflow can be started by hand',
	});
	if (description) notes.carried(front!.lineOf('description'), 'description', 'description');
	if (hint) notes.carried(front!.lineOf('argument-hint'), 'argument-hint', 'names and description of the inputs');
	tellFileReferences(source, notes);
	const prompt = promptTextOf(source.body, notes, source.lineOf);
	const {text, inputs, steps} = filledPlaceholders(prompt, hint, source.bodyLine, notes);
	return {
		name,
		description,
		title: titleIn(source) ?? name,
		settings: {
			...(Object.keys(inputs).length > 0 && {inputs}),
			...agentOf(source, notes),
			...permissionsOf(source, notes),
		},
		steps: [...steps, {title: freeTitle('Answer', steps), text}],
	};
};

/** `.claude/agents/*.md`: who the agent is; what it is to do comes with the call. */
export const readClaudeAgent = (source: SourceFile, notes: Notes): Draft => {
	const {front} = source;
	tellFrontProblem(source, notes);
	tellOtherKeys(source, notes, ['name', 'description', 'tools', 'disallowedTools', 'model'], {
		color: 'is for the screen of another tool',
		hooks: 'run inside of another tool',
		skills: 'are loaded by another tool',
		mcpServers: 'are set up where the agent finds them',
	});
	const line = front?.lineOf('tools') ?? 1;
	const rules = joinedRules(
		onlyToolsOf(front?.value('tools'), line, notes),
		refusedToolsOf(front?.value('disallowedTools'), front?.lineOf('disallowedTools') ?? 1, notes),
	);
	return withTask(source, notes, rules);
};

/** `SKILL.md`: instructions for a kind of task; the task comes with the call. */
export const readSkill = (source: SourceFile, notes: Notes): Draft => {
	tellFrontProblem(source, notes);
	const known = ['name', 'description', 'allowed-tools', 'disallowed-tools', 'model', 'argument-hint'];
	tellOtherKeys(source, notes, known, {
		license: 'holds for the imported text as before',
		compatibility: 'is for people to read',
		metadata: 'is for people to read',
		'disable-model-invocation': 'only people and triggers start a workflow',
		'user-invocable': 'every workflow can be started by hand',
		context: 'every agent step begins with a context of its own',
	});
	return withTask(source, notes, permissionRulesOf(source, notes));
};

const withTask = (source: SourceFile, notes: Notes, rules: PermissionRules): Draft => {
	const {front} = source;
	const name = draftName(textOf(front?.value('name')) ?? stemOf(source.file));
	const description = textOf(front?.value('description'));
	if (description) notes.carried(front!.lineOf('description'), 'description', 'description');
	const prompt = promptTextOf(source.body, notes, source.lineOf);
	const {text, inputs, steps} = filledPlaceholders(
		prompt,
		hintOf(front?.value('argument-hint')),
		source.bodyLine,
		notes,
	);
	const hasInputs = Object.keys(inputs).length > 0;
	if (!hasInputs) notes.changed(1, 'the task', 'is the input `task`, which comes after the instructions');
	const parts = [
		text.trimEnd(),
		...besideOf(source, notes),
		...(hasInputs ? [] : ['### The task', '${{ inputs.task }}']),
	];
	const task = {task: {type: 'string', required: true, description: 'What is to be done'}};
	return {
		name,
		description,
		title: titleIn(source) ?? name,
		settings: {
			inputs: hasInputs ? inputs : task,
			...agentOf(source, notes),
			...(Object.keys(rules).length > 0 && {permissions: rules}),
		},
		steps: [...steps, {title: freeTitle('Work', steps), text: parts.join('\n\n')}],
	};
};

const besideOf = ({beside}: SourceFile, notes: Notes): readonly string[] => {
	if (beside === undefined) return [];
	notes.carried(1, 'the other files of its folder', `lie beside the workflow, in ${beside}`);
	return [`The files that these instructions name are in the folder \`${beside}\` of the workspace.`];
};

const freeTitle = (title: string, steps: readonly {readonly title: string}[]): string =>
	steps.some(step => step.title === title.toLowerCase()) ? `${title} now` : title;

/** A model is one of Claude's, so that Claude is meant; otherwise any agent will do. */
const agentOf = ({front}: SourceFile, notes: Notes): Readonly<Record<string, unknown>> => {
	const model = textOf(front?.value('model'));
	if (model === undefined || model === 'inherit') return {agent: 'auto'};
	notes.carried(front!.lineOf('model'), `model: ${model}`, 'agent: claude, with this model');
	return {agent: 'claude', model};
};

const permissionRulesOf = ({front}: SourceFile, notes: Notes): PermissionRules =>
	joinedRules(
		allowedToolsOf(front?.value('allowed-tools'), front?.lineOf('allowed-tools') ?? 1, notes),
		refusedToolsOf(front?.value('disallowed-tools'), front?.lineOf('disallowed-tools') ?? 1, notes),
	);

const permissionsOf = (source: SourceFile, notes: Notes): Readonly<Record<string, unknown>> => {
	const rules = permissionRulesOf(source, notes);
	return Object.keys(rules).length > 0 ? {permissions: rules} : {};
};

/** `[issue]` alone is a list to YAML. */
const hintOf = (value: unknown): string | undefined =>
	Array.isArray(value)
		? listOf(value)
				.map(word => `[${word}]`)
				.join(' ')
		: textOf(value);

const tellFileReferences = ({body, lineOf}: SourceFile, notes: Notes): void => {
	for (const {0: found, index} of [...body.matchAll(/(?<=^|\s)@[\w./-]*[./][\w/-]+/gm)].slice(0, 20))
		notes.changed(lineOf(index), found, 'stays in the text: the agent opens the file itself');
};
