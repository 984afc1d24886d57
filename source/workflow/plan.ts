import type {StepOutline} from '../run/events.ts';
import {formatDuration, formatUsd} from '../units.ts';
import {routingOf, type StepDefinition, type ToolCallSettings, type WorkflowDefinition} from './definition.ts';
import {givenToolsOf, givenToolsText} from './given-tools.ts';

/** What a run knows of its steps from the start. */
export const stepOutlinesOf = ({steps}: WorkflowDefinition): StepOutline[] =>
	steps.map(step => {
		const {id, title, kind, needs, continueOnError, foreach, matrix} = step;
		const goto = kind === 'approval' && typeof step.onReject === 'object' ? step.onReject.goto : undefined;
		return {
			id,
			title,
			kind,
			needs: [...needs],
			...(continueOnError ? {continueOnError} : undefined),
			...(foreach !== undefined || matrix ? {isEach: true} : undefined),
			...(goto === undefined ? undefined : {goto}),
		};
	});

/** What will execute, one line a step: number, id, what it is, what it waits for. What a bundle sets stands above. */
export const planLinesOf = (definition: WorkflowDefinition): string[] => [
	...bundleLineOf(definition),
	...stepLinesOf(definition),
];

const bundleLineOf = ({bundle}: WorkflowDefinition): string[] => {
	if (!bundle) return [];
	const title = ['bundle', bundle.name, bundle.version ?? ''].join(' ').trimEnd();
	const set = bundle.defaults.length > 0 ? `; defaults: ${bundle.defaults.map(plain).join(', ')}` : '';
	return [cut(`${title}${set}`, lineWidthMax)];
};

const stepLinesOf = (definition: WorkflowDefinition): string[] => {
	const {steps} = definition;
	const rows = steps.map((step, index) => ({
		number: `${index + 1}`.padStart(`${steps.length}`.length),
		id: cut(step.id, idWidthMax),
		what: cut(whatOf(step, definition), whatWidthMax),
		when: whenOf(step, steps[index - 1], definition),
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
/** Of an expression after which something short may follow. */
const listWidthMax = 20;
const toolsWidthMax = 30;

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
			return step.signal === undefined ? `wait ${plain(step.wait)}` : `wait for signal ${plain(step.signal)}`;
		case 'uses':
			return `uses ${step.uses}`;
		case 'tool':
			return `tool ${toolNameOf(step)}`;
		case 'http':
			return `http ${step.http.method} ${hostOf(step.http.url)}`;
		case 'transform':
			return `transform ${plain(step.expression)}`;
		case 'sql':
			return `sql ${plain(step.query)}`;
		case 'webhook':
			return `webhook ${step.method} ${plain(step.url)}`;
	}
};

const toolNameOf = ({tool, operation}: ToolCallSettings): string =>
	operation === undefined ? tool : `${tool}.${operation}`;

/** Without what is before a `@` and after a `?`: secrets may be there. */
const hostOf = (url: string): string =>
	plain(
		url
			.replace(/^https?:\/\//i, '')
			.replace(/^[^/@]*@/, '')
			.replace(/\?.*$/s, ''),
	);

/** The step above goes without saying. */
const whenOf = (step: StepDefinition, above: StepDefinition | undefined, definition: WorkflowDefinition): string => {
	const [only] = step.needs;
	const isUsual = above ? step.needs.length === 1 && only === above.id : step.needs.length === 0;
	const notes = isUsual ? [] : [step.needs.length > 0 ? `after ${step.needs.join(', ')}` : 'at once'];
	return [
		...notes,
		...timesOf(step),
		...conditionsOf(step),
		...choiceOf(step, definition),
		...toolsOf(step, definition),
		...safetyOf(step),
	].join('; ');
};

/** How often it is done. */
const timesOf = ({foreach, matrix, repeat}: StepDefinition): string[] => [
	...(foreach === undefined ? [] : [`for each of ${listNoteOf(foreach)}`]),
	...(matrix ? [`matrix ${Object.keys(matrix).join(' × ')}`] : []),
	...(repeat ? [`up to ${repeat.max}× until ${cut(plain(repeat.until), listWidthMax)}`] : []),
];

const listNoteOf = (list: string | readonly unknown[]): string =>
	typeof list === 'string' ? cut(plain(list.replace(/^\$\{\{(.*)\}\}$/s, '$1')), listWidthMax) : `${list.length}`;

const conditionsOf = (step: StepDefinition): string[] => [
	...(step.if === undefined ? [] : [`if ${plain(step.if)}`]),
	...(step.continueOnError ? ['may fail'] : []),
	...(step.kind === 'approval' && typeof step.onReject === 'object' ? [`rejected: back to ${step.onReject.goto}`] : []),
];

/** How one of its agents is chosen. */
const choiceOf = (step: StepDefinition, definition: WorkflowDefinition): string[] => {
	const routing = step.kind === 'agent' ? routingOf(definition, step) : undefined;
	if (!routing) return [];
	const {strategy, require, exclude, maxCostUsd, maxLatencyMs} = routing;
	return [
		...(strategy === undefined ? [] : [strategy]),
		...(require.length > 0 ? [`needs ${require.join(', ')}`] : []),
		...(exclude.length > 0 ? [`not ${exclude.join(', ')}`] : []),
		...(maxCostUsd === undefined ? [] : [`at most ${formatUsd(Math.round(maxCostUsd * 1_000_000))}`]),
		...(maxLatencyMs === undefined ? [] : [`within ${formatDuration(maxLatencyMs)}`]),
	];
};

/** What its agent is given. */
const toolsOf = (step: StepDefinition, definition: WorkflowDefinition): string[] => {
	const tools = step.kind === 'agent' ? givenToolsOf(definition, step) : [];
	return tools.length > 0 ? [`tools ${cut(givenToolsText(tools), toolsWidthMax)}`] : [];
};

/** What is done about failures, and what is kept. */
const safetyOf = ({retry, cache, undo, undoScript, undoTool, savepoint}: StepDefinition): string[] => [
	...(retry ? [`retry ${retry.max}×`] : []),
	...(cache ? ['cache'] : []),
	...(undo || undoScript || undoTool
		? [`undo ${[undoScript?.language, undo?.kind, undoTool && toolNameOf(undoTool)].filter(Boolean).join(', ')}`]
		: []),
	...(savepoint === undefined ? [] : [`savepoint ${savepoint}`]),
];

const plain = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');

const cut = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, width - 1)}…`);
