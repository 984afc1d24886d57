import type {WorkflowDefinition} from '../../workflow/definition.ts';
import type {Exported} from '../export.ts';
import type {Lost} from '../lost.ts';
import {createReading} from '../readings.ts';
import {stepWords} from '../step-words.ts';

/** A page for people: what goes in, what is done, what comes out. It has no `name:`, so it never runs. */
export const markdownOf = (definition: WorkflowDefinition): Exported => {
	const {name, title, description, inputs, outputs, steps} = definition;
	const read = createReading(input => `\`${input}\``, []);
	const lost: Lost[] = [{what: 'all of it', detail: 'is a page for people: nothing runs it'}];
	const parts = [
		`# ${title ?? name}`,
		...(description ? [description] : []),
		...tableOf(
			'Inputs',
			['name', 'type', 'needed', 'meaning'],
			Object.entries(inputs).map(([input, {type, required, default: fallback, description: about}]) => [
				`\`${input}\``,
				type,
				required ? 'yes' : fallback === undefined ? 'no' : `no: \`${JSON.stringify(fallback)}\``,
				about ?? '',
			]),
		),
		'## Steps',
		...steps.map((step, index) => {
			const after = step.needs.length === 0 ? '' : `*After ${step.needs.map(id => `“${id}”`).join(', ')}.*\n\n`;
			return `### ${index + 1}. ${step.title} (${step.kind})\n\n${after}${stepWords(step, read, [])}`;
		}),
		...tableOf(
			'Outputs',
			['name', 'is'],
			Object.entries(outputs).map(([output, value]) => [`\`${output}\``, `\`${value}\``]),
		),
	];
	return {text: `${parts.join('\n\n')}\n`, lost};
};

const tableOf = (title: string, head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => {
	if (rows.length === 0) return [];
	const lines = [head, head.map(() => '---'), ...rows].map(
		cells => `| ${cells.map(cell => cell.replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`,
	);
	return [`## ${title}`, lines.join('\n')];
};
