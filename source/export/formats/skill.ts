import {stringify} from 'yaml';
import type {WorkflowDefinition} from '../../workflow/definition.ts';
import {allowedTools} from '../allowed-tools.ts';
import type {Exported} from '../export.ts';
import {type Lost, lostOfSteps, lostOfWorkflow} from '../lost.ts';
import {createReading} from '../readings.ts';
import {stepWords} from '../step-words.ts';

const nameLengthMax = 64;

/** `SKILL.md`: the steps as instructions to one agent. */
export const skillOf = (definition: WorkflowDefinition): Exported => {
	const lost: Lost[] = [];
	const read = createReading(input => `the ${input.replaceAll('-', ' ')}`, lost);
	const {title, name, inputs, steps} = definition;
	const tools = allowedTools(definition, lost);
	const front = stringify(
		{
			name: skillNameOf(name),
			description: definition.description ?? title ?? name,
			...(tools.length > 0 && {'allowed-tools': tools.join(' ')}),
		},
		{lineWidth: 0},
	);
	const asked = Object.entries(inputs).map(
		([input, {description, required}]) =>
			`- the ${input.replaceAll('-', ' ')}${description ? `: ${description}` : ''}${required ? '' : ' (may be left out)'}`,
	);
	const parts = [
		`---\n${front}---\n# ${title ?? name}`,
		...(asked.length > 0 ? [`You are given:\n\n${asked.join('\n')}`] : []),
		...steps.map((step, index) => `## ${index + 1}. ${step.title}\n\n${stepWords(step, read, lost)}`),
	];
	return {text: `${parts.join('\n\n')}\n`, lost: [...lostOfWorkflow(definition), ...lostOfSteps(definition), ...lost]};
};

/** Small letters, digits and dashes, at most 64 of them. */
export const skillNameOf = (name: string): string =>
	name
		.toLowerCase()
		.replaceAll(/[^a-z0-9]+/g, '-')
		.slice(0, nameLengthMax)
		.replaceAll(/^-+|-+$/g, '') || 'workflow';
