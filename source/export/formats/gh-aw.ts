import {stringify} from 'yaml';
import type {StepDefinition, WorkflowDefinition} from '../../workflow/definition.ts';
import type {Trigger} from '../../workflow/triggers.ts';
import type {Exported} from '../export.ts';
import {type Lost, lostOfSteps, lostOfWorkflow} from '../lost.ts';
import {createReading} from '../readings.ts';
import {stepWords} from '../step-words.ts';

const engines = ['claude', 'codex', 'copilot', 'gemini'];

/** A GitHub Agentic Workflow: one agent on GitHub's machines, with scripts before it. */
export const ghAwOf = (definition: WorkflowDefinition): Exported => {
	const lost: Lost[] = [];
	const read = createReading(input => `\${{ github.event.inputs.${input} }}`, lost);
	const engine = definition.agents.find(agent => engines.includes(agent));
	const first = definition.steps.findIndex(step => !isPlainScript(step));
	const before = first === -1 ? definition.steps : definition.steps.slice(0, first);
	const others = first === -1 ? [] : definition.steps.slice(first);
	const front = stringify(
		{
			...(definition.description && {description: definition.description}),
			on: onOf(definition, lost),
			permissions: 'read-all',
			...(engine && {engine: definition.model ? {id: engine, model: definition.model} : engine}),
			...(definition.timeoutMs && {'timeout-minutes': Math.max(1, Math.ceil(definition.timeoutMs / 60_000))}),
			...toolsOf(definition, lost),
			...(before.length > 0 && {steps: before.flatMap(actionOf)}),
		},
		{lineWidth: 0, aliasDuplicateObjects: false},
	);
	const body = others.map(step => `## ${step.title}\n\n${stepWords(step, read, lost)}`);
	lost.push({
		what: 'rights to write',
		detail: 'a workflow of GitHub writes only through `safe-outputs:`, which has to be added',
	});
	const engineless = engine ? ['on', 'timeout', 'agent'] : ['on', 'timeout'];
	return {
		text: `---\n${front}---\n${[`# ${definition.title ?? definition.name}`, ...body].join('\n\n')}\n`,
		lost: [...lostOfWorkflow(definition, engineless), ...lostOfSteps(definition), ...lost],
	};
};

const isPlainScript = (step: StepDefinition): boolean =>
	step.kind === 'script' &&
	(step.language === 'sh' || step.language === 'bash' || step.language === 'python') &&
	step.if === undefined &&
	step.foreach === undefined &&
	!step.matrix &&
	Object.keys(step.env).length === 0 &&
	!/INPUT_|\bOUTPUT\b|AIWORKFLOW_/.test(step.code);

const actionOf = (step: StepDefinition) =>
	step.kind === 'script' ? [{name: step.title, shell: step.language, run: `${step.code.trimEnd()}\n`}] : [];

const onOf = ({triggers = [], inputs}: WorkflowDefinition, lost: Lost[]): unknown => {
	const crons = triggers.flatMap(trigger => {
		if (trigger.kind === 'schedule') return [{cron: trigger.cron}];
		lost.push({what: `on: ${trigger.kind}`, detail: 'has to be said in the events of GitHub'});
		return [];
	});
	if (triggers.some(isZoned)) lost.push({what: 'timezone', detail: 'GitHub reads schedules in UTC'});
	const asked = Object.entries(inputs).map(([name, {type, required, default: fallback, description}]) => [
		name,
		{
			...(description && {description}),
			required,
			type: type === 'boolean' || type === 'number' ? type : 'string',
			...(fallback !== undefined && {default: fallback}),
		},
	]);
	return {
		...(crons.length > 0 && {schedule: crons}),
		workflow_dispatch: asked.length > 0 ? {inputs: Object.fromEntries(asked)} : null,
	};
};

const isZoned = (trigger: Trigger) => trigger.kind === 'schedule' && trigger.timezone !== 'UTC';

const toolsOf = ({permissions}: WorkflowDefinition, lost: Lost[]): Readonly<Record<string, unknown>> => {
	if (!permissions) return {};
	const run = permissions.run?.filter(pattern => !pattern.startsWith('!')) ?? [];
	const refusals = Object.values(permissions).flatMap(
		patterns => patterns?.filter(pattern => pattern.startsWith('!')) ?? [],
	);
	if (refusals.length > 0)
		lost.push({what: `permissions: ${refusals.join(', ')}`, detail: 'refusals have no place there'});
	const isEditing = permissions.write?.some(pattern => !pattern.startsWith('!')) === true;
	const hosts = permissions.network?.filter(pattern => !pattern.startsWith('!')) ?? [];
	const tools = {
		...(run.length > 0 && {bash: run.map(pattern => pattern.replace(/ \*$/, ':*'))}),
		...(isEditing && {edit: null}),
	};
	return {
		...(Object.keys(tools).length > 0 && {tools}),
		...(hosts.length > 0 && {network: {allowed: ['defaults', ...hosts]}}),
	};
};
