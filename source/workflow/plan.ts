import type {StepOutline} from '../run/events.ts';
import type {StepDefinition, WorkflowDefinition} from './definition.ts';

/** What a run knows of its steps from the start. */
export const stepOutlinesOf = ({steps}: WorkflowDefinition): StepOutline[] =>
	steps.map(({id, title, kind, needs, continueOnError}) => ({
		id,
		title,
		kind,
		needs: [...needs],
		...(continueOnError ? {continueOnError} : undefined),
	}));

/** What will execute, one line a step: number, id, what it is, what it waits for. */
export const planLinesOf = (definition: WorkflowDefinition): string[] => {
	const {steps} = definition;
	const rows = steps.map((step, index) => ({
		number: `${index + 1}`.padStart(`${steps.length}`.length),
		id: cut(step.id, idWidthMax),
		what: cut(whatOf(step, definition), whatWidthMax),
		when: whenOf(step, steps[index - 1]),
	}));
	const idWidth = Math.max(0, ...rows.map(({id}) => id.length));
	const whatWidth = Math.max(0, ...rows.map(({what}) => what.length));
	return rows.map(({number, id, what, when}) => {
		const start = `${number}  ${id.padEnd(idWidth)}  ${what.padEnd(whatWidth)}`;
		return cut(`${start}  ${when}`.trimEnd(), lineWidthMax);
	});
};

/** Leaves room for an indentation at 80 columns. */
const lineWidthMax = 78;
const idWidthMax = 24;
const whatWidthMax = 28;

const whatOf = (step: StepDefinition, definition: WorkflowDefinition): string => {
	switch (step.kind) {
		case 'script':
			return `script ${step.language}`;
		case 'agent': {
			const agents = step.agents.length > 0 ? step.agents : definition.agents;
			return agents.length > 0 ? `agent ${agents.join(', ')}` : 'agent';
		}

		case 'approval':
			return 'approval';
		case 'wait':
			return `wait ${step.wait.replaceAll(/\s+/g, ' ')}`;
	}
};

/** The step above goes without saying. */
const whenOf = (step: StepDefinition, above: StepDefinition | undefined): string => {
	const [only] = step.needs;
	const isUsual = above ? step.needs.length === 1 && only === above.id : step.needs.length === 0;
	const notes = isUsual ? [] : [step.needs.length > 0 ? `after ${step.needs.join(', ')}` : 'at once'];
	if (step.if !== undefined) notes.push(`if ${step.if.trim().replaceAll(/\s+/g, ' ')}`);
	if (step.continueOnError) notes.push('may fail');
	return notes.join('; ');
};

const cut = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, width - 1)}…`);
