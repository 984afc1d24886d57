import {stringify} from 'yaml';
import type {StepDefinition, WorkflowDefinition} from '../../workflow/definition.ts';
import {allowedTools} from '../allowed-tools.ts';
import type {Exported} from '../export.ts';
import {type Lost, lostOfSteps, lostOfWorkflow} from '../lost.ts';
import {createReading} from '../readings.ts';
import {stepWords} from '../step-words.ts';

const argumentsMax = 9;

/** `.claude/commands/<name>.md`: inputs become `$1` to `$9`, or `$ARGUMENTS` where there is one. */
export const claudeCommandOf = (definition: WorkflowDefinition): Exported => {
	const lost: Lost[] = [];
	const names = Object.keys(definition.inputs);
	for (const name of names.slice(argumentsMax))
		lost.push({what: `input ${name}`, detail: 'there are only nine arguments'});
	const placeholder = (name: string) => {
		const index = names.indexOf(name);
		if (names.length === 1) return '$ARGUMENTS';
		return index >= 0 && index < argumentsMax ? `$${index + 1}` : name;
	};

	const read = createReading(placeholder, lost);
	const tools = [...allowedTools(definition, lost), ...definition.steps.flatMap(toolOfLook)];
	const front = stringify(
		{
			...(definition.description && {description: definition.description}),
			...(names.length > 0 && {'argument-hint': names.map(name => `[${name}]`).join(' ')}),
			...(tools.length > 0 && {'allowed-tools': tools.join(', ')}),
			...(definition.model && definition.agents[0] === 'claude' && {model: definition.model}),
		},
		{lineWidth: 0},
	);
	const body = definition.steps.map(step => {
		const look = lookOf(step);
		return `## ${step.title}\n\n${look === undefined ? stepWords(step, read, lost) : `!\`${look}\``}`;
	});
	const head = front === '{}\n' ? '' : `---\n${front}---\n`;
	return {
		text: `${head}${[`# ${definition.title ?? definition.name}`, ...body].join('\n\n')}\n`,
		lost: [...lostOfWorkflow(definition), ...lostOfSteps(definition), ...lost],
	};
};

/** A script of one line that needs nothing: its output can be put in before the agent reads. */
const lookOf = (step: StepDefinition): string | undefined => {
	if (step.kind !== 'script' || step.if !== undefined || step.foreach !== undefined || step.matrix) return undefined;
	const code = step.code.trim();
	const isPlain = (step.language === 'sh' || step.language === 'bash') && !/[`\n]|INPUT_|\$OUTPUT/.test(code);
	return isPlain && Object.keys(step.env).length === 0 && step.stdin === undefined ? code : undefined;
};

const toolOfLook = (step: StepDefinition): readonly string[] => {
	const look = lookOf(step);
	return look === undefined ? [] : [`Bash(${look})`];
};
