import type {Draft, DraftStep} from '../draft.ts';
import {isRecord, textOf} from '../front-matter.ts';
import {githubExpressions} from '../gh-aw/expressions.ts';
import {outputSteps} from '../gh-aw/outputs.ts';
import {permissionRulesOf} from '../gh-aw/permissions.ts';
import {scriptSteps} from '../gh-aw/scripts.ts';
import {triggersOf} from '../gh-aw/triggers.ts';
import type {Notes} from '../notes.ts';
import {promptTextOf} from '../prompt-text.ts';
import {type SourceFile, stemOf} from '../source-file.ts';
import {draftName, tellFrontProblem, tellOtherKeys, titleIn} from './shared.ts';

const engines: Readonly<Record<string, string>> = {
	claude: 'claude',
	codex: 'codex',
	copilot: 'copilot',
	gemini: 'gemini',
};

/** A GitHub Agentic Workflow: what an agent does on GitHub's machines, and what may come of it. */
export const readGhAw = (source: SourceFile, notes: Notes): Draft => {
	const {front} = source;
	tellFrontProblem(source, notes);
	tellOtherKeys(source, notes, told, dropped);
	const name = draftName(textOf(front?.value('name')) ?? stemOf(source.file));
	const {on, inputs} = triggersOf(source, notes);
	const env = envOf(source, notes);
	const context = {inputs: Object.keys(inputs), env: Object.keys(env)};
	const prompt = githubExpressions(
		promptTextOf(withoutTemplating(source, notes), silent, source.lineOf),
		context,
		source,
		notes,
	);
	// The same once more, now to tell of what was changed but for the expressions, which are told of one by one.
	promptTextOf(source.body.replaceAll('${{', '$ {{'), notes, source.lineOf);
	const {outputs, steps: after} = outputSteps(source, notes);
	return {
		name,
		description: textOf(front?.value('description')),
		title: titleIn(source) ?? name,
		settings: {
			...(Object.keys(on).length > 0 && {on}),
			...(Object.keys(inputs).length > 0 && {inputs}),
			...(Object.keys(env).length > 0 && {env}),
			...engineOf(source, notes),
			...permissionRulesOf(source, notes),
			...timeoutOf(source, notes),
			...concurrencyOf(source, notes),
		},
		steps: [
			...scriptSteps(source, 'steps', context, notes),
			workStep(prompt, outputs),
			...after,
			...scriptSteps(source, 'post-steps', context, notes),
		],
	};
};

const told = [
	...['name', 'description', 'on', 'engine', 'permissions', 'tools', 'safe-outputs', 'network', 'mcp-servers'],
	...['timeout-minutes', 'timeout_minutes', 'concurrency', 'env', 'steps', 'post-steps'],
];

const dropped: Readonly<Record<string, string>> = {
	'runs-on': 'workflows run on this machine',
	container: 'workflows run on this machine; docs/security.md shows how to confine them',
	services: 'workflows run on this machine',
	imports: 'one file is imported at a time: import the others as well and join them with `uses:`',
	roles: 'who may start it is who may use this machine',
	bots: 'who may start it is who may use this machine',
	strict: 'every workflow is checked before it runs',
	'run-name': 'runs are named after their workflow and counted',
	'safe-inputs': 'tools of a workspace are described in .aiworkflow/tools',
	cache: 'is for the machines of GitHub; `cache:` of a step keeps its result',
	if: 'conditions belong to a step, or to a trigger',
	labels: 'is for the lists of another tool',
	source: 'says where the file came from',
	tracker: 'is for the lists of another tool',
	'tracker-id': 'is for the lists of another tool',
};

const workStep = (text: string, outputs: Readonly<Record<string, unknown>>): DraftStep => ({
	title: 'Work',
	...(Object.keys(outputs).length > 0 && {settings: {outputs}}),
	text,
});

const silent: Notes = {carried: () => {}, changed: () => {}, dropped: () => {}, list: () => []};

/** `{{#if …}}`, `{{/if}}` and `@include` are worked on by a compiler that is not here. */
const withoutTemplating = ({body, lineOf}: SourceFile, notes: Notes): string => {
	const pattern = /^[ \t]*(?:\{\{[#/][^}\n]*\}\}|@(?:include|import)\??\s+\S+)[ \t]*$/gm;
	for (const {0: found, index} of body.matchAll(pattern))
		notes.dropped(
			lineOf(index),
			found.trim(),
			'is worked on by a compiler that is not here',
			'Write the text itself, or two steps with `if:`.',
		);
	// The lines stay, so that places do.
	return body.replaceAll(pattern, '');
};

const engineOf = ({front}: SourceFile, notes: Notes): Readonly<Record<string, unknown>> => {
	const value = front?.value('engine');
	const line = front?.lineOf('engine') ?? 1;
	const id = isRecord(value) ? textOf(value.id) : textOf(value);
	if (id === undefined) return {agent: 'auto'};
	const agent = Object.hasOwn(engines, id) ? engines[id]! : undefined;
	if (!agent) {
		notes.dropped(
			line,
			`engine: ${id}`,
			'is not known here; any agent that is installed is taken',
			'Describe it in .aiworkflow/agents.yaml and name it under `agent:`.',
		);
		return {agent: 'auto'};
	}

	notes.carried(line, `engine: ${id}`, `agent: ${agent}`);
	if (!isRecord(value)) return {agent};
	for (const key of Object.keys(value).filter(each => each !== 'id' && each !== 'model'))
		notes.dropped(line, `engine: ${key}`, 'has no place in a workflow', 'Set it where the agent itself is set up.');
	const model = textOf(value.model);
	return model === undefined ? {agent} : {agent, model};
};

const timeoutOf = ({front}: SourceFile, notes: Notes): Readonly<Record<string, unknown>> => {
	const key = front?.keys.find(each => each === 'timeout-minutes' || each === 'timeout_minutes');
	const minutes = key && Number(front!.value(key));
	if (!key || !minutes || !Number.isInteger(minutes) || minutes < 1) return {};
	notes.carried(front!.lineOf(key), key, `timeout: ${minutes}m`);
	return {timeout: `${minutes}m`};
};

const concurrencyOf = ({front}: SourceFile, notes: Notes): Readonly<Record<string, unknown>> => {
	const value = front?.value('concurrency');
	const group = isRecord(value) ? textOf(value.group) : textOf(value);
	if (group === undefined) return {};
	const line = front!.lineOf('concurrency');
	if (group.includes('${{')) {
		notes.dropped(
			line,
			'concurrency',
			'its group reads what only GitHub knows',
			'Write `concurrency: { group: … }` with `inputs` or `run.workflow`.',
		);
		return {};
	}

	const overlap = isRecord(value) && value['cancel-in-progress'] === true ? 'cancel-previous' : 'queue';
	notes.carried(line, 'concurrency', `concurrency: ${group}, ${overlap}`);
	return {concurrency: {group, overlap}};
};

const envOf = ({front}: SourceFile, notes: Notes): Readonly<Record<string, string>> => {
	const value = front?.value('env');
	if (!isRecord(value)) return {};
	const env: Record<string, string> = {};
	for (const [name, given] of Object.entries(value)) {
		const text = textOf(given) ?? '';
		const isSecret = /^\$\{\{\s*secrets\.\w+\s*\}\}$/.test(text);
		const isUsable = /^[A-Za-z_]\w*$/.test(name) && name !== 'OUTPUT' && !name.startsWith('AIWORKFLOW_');
		if (isUsable && (isSecret || !text.includes('${{'))) env[name] = text;
		else
			notes.dropped(front!.lineOf('env'), `env: ${name}`, 'reads what only GitHub knows, or is no name of a variable');
	}

	if (Object.keys(env).length > 0) notes.carried(front!.lineOf('env'), 'env', `env: ${Object.keys(env).join(', ')}`);
	return env;
};
