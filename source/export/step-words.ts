import type {StepDefinition} from '../workflow/definition.ts';
import type {Lost} from './lost.ts';
import type {Reading} from './readings.ts';

/** A step as an instruction to whoever reads it. */
export const stepWords = (step: StepDefinition, read: Reading, lost: Lost[]): string => {
	const lose = (what: string, detail: string) => lost.push({step: step.id, what, detail});
	return [conditionWords(step, read), loopWords(step, read), taskWords(step, read, lose)]
		.filter(part => part !== '')
		.join('\n\n');
};

const conditionWords = (step: StepDefinition, read: Reading): string =>
	step.if === undefined ? '' : `Only if \`${read.expression(step.if, step.id)}\`.`;

const loopWords = (step: StepDefinition, read: Reading): string => {
	if (step.foreach !== undefined) {
		const items = typeof step.foreach === 'string' ? read.text(step.foreach, step.id) : JSON.stringify(step.foreach);
		return `Do this once for each of: ${items}`;
	}

	if (step.matrix) return `Do this once for each combination of: ${JSON.stringify(step.matrix)}`;
	return step.repeat
		? `Do this until \`${read.expression(step.repeat.until, step.id)}\`, at most ${step.repeat.max} times.`
		: '';
};

const taskWords = (step: StepDefinition, read: Reading, lose: (what: string, detail: string) => void): string => {
	switch (step.kind) {
		case 'agent':
			return [read.text(step.prompt, step.id), outputWords(step)].filter(part => part !== '').join('\n\n');
		case 'script':
			return [envWords(step, read), `Run this, and stop where it fails:`, fenced(step.language, step.code)]
				.filter(part => part !== '')
				.join('\n\n');
		case 'approval':
			lose('approval', 'nothing keeps a record of the answer, nor stops what goes on without one');
			return `Ask the person, and go on only after a yes:\n\n> ${read.text(step.question, step.id).replaceAll('\n', '\n> ')}`;
		case 'wait':
			lose('wait', 'is said in words; nothing waits');
			return step.signal === undefined
				? `Wait: ${read.text(step.wait, step.id)}.`
				: `Wait for: ${read.text(step.signal, step.id)}.`;
		case 'uses':
			lose('uses', `${step.uses} is a workflow of its own, and not part of this text`);
			return `Do what the workflow \`${step.uses}\` does, with ${JSON.stringify(step.with)}.`;
		default: {
			const {kind, title} = step as StepDefinition;
			lose(kind, 'is work of the daemon, and is only named');
			return `Do what this step stands for: ${title} (\`${kind}\`).`;
		}
	}
};

const outputWords = ({outputs}: StepDefinition): string =>
	outputs
		? `Give as a result: ${Object.keys(outputs.properties)
				.map(name => `\`${name}\``)
				.join(', ')}.`
		: '';

const envWords = ({env, id}: StepDefinition, read: Reading): string => {
	const names = Object.entries(env);
	return names.length === 0
		? ''
		: `With these variables: ${names.map(([name, value]) => `\`${name}\` = ${read.text(value, id)}`).join('; ')}.`;
};

export const fenced = (info: string, code: string): string => {
	const longest = Math.max(2, ...(code.match(/`{3,}/g) ?? []).map(run => run.length));
	const fence = '`'.repeat(longest + 1);
	return `${fence}${info}\n${code.trimEnd()}\n${fence}`;
};
