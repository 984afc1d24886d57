import type {EventBody, JournalEvent} from '../../run/events.ts';
import {reduce} from '../../run/reduce.ts';
import {type ItemState, itemsOf, type RunState, type StepState, type UnitState, unitNameOf} from '../../run/state.ts';
import {knownCostOf, runCostOf, runStatusOf} from '../../run/views.ts';
import {formatCost, formatDuration} from '../../units.ts';
import {eventWordsOf} from '../run-view/event-words.ts';

/** Of a foreach step; the others are counted. */
const itemsToldMax = 50;

/** What the journal does not have of an attempt: asked of the daemon, by the name of a step or an item. */
export type Prompts = ReadonlyMap<string, string>;

/**
 * A run as a story: what was asked, what each step did, said and cost, what people decided, and when.
 *
 * @param events Of the run from its beginning; the story ends with the last of them.
 */
export const markdownOf = (events: readonly JournalEvent[], prompts: Prompts = new Map()): string => {
	let run: RunState | undefined;
	const happenings: string[] = [];
	for (const event of events) {
		run = reduce(run, event);
		const {glyph, name, words} = eventWordsOf(event, run);
		const what = [name && `\`${name}\``, words].filter(Boolean).join(' ');
		happenings.push(`| ${event.seq} | ${isoOf(event.atMs)} | ${glyph} | ${cellOf(what)} |`);
	}

	if (!run) return '';
	const last = events.at(-1)!;
	return `${[
		...headOf(run, last),
		...valuesOf('Inputs', run.inputs),
		...run.stepOrder.flatMap(id => stepOf(run, run.steps[id]!, events, prompts)),
		...(run.outputs ? valuesOf('Outputs', run.outputs) : []),
		'## What happened',
		'',
		'| event | when | | |',
		'| --- | --- | --- | --- |',
		...happenings,
	].join('\n')}\n`;
};

const headOf = (run: RunState, last: JournalEvent): string[] => {
	const startedAtMs = run.startedAtMs ?? run.createdAtMs;
	const cost = runCostOf(run) === null ? formatCost(knownCostOf(run), 1) : formatCost(knownCostOf(run));
	return [
		`# ${run.workflow.name} ${run.number}`,
		'',
		`- status: ${runStatusOf(run)}${run.failure ? `: ${run.failure.message}` : ''}`,
		`- told up to event ${last.seq}, ${isoOf(last.atMs)}`,
		`- began: ${isoOf(startedAtMs)}, asked for by ${run.origin.by} (${run.origin.via})`,
		`- took: ${formatDuration((run.endedAtMs ?? last.atMs) - startedAtMs)}`,
		`- cost: ${cost}`,
		`- run: \`${run.id}\`, file \`${run.workflow.file}\`, hash \`${run.workflow.hash}\``,
		`- folder: \`${run.workspace}\``,
		...(run.forkedFrom ? [`- forked from: \`${run.forkedFrom.runId}\`, event ${run.forkedFrom.seq}`] : []),
		'',
	];
};

const stepOf = (run: RunState, step: StepState, events: readonly JournalEvent[], prompts: Prompts): string[] => {
	const items: readonly ItemState[] = step.items
		? [...itemsOf(step.items)].filter(({status}) => status !== 'pending')
		: [];
	const untold = items.length - itemsToldMax;
	return [
		`## ${step.id}${step.title !== step.id && step.title ? `: ${step.title}` : ''}`,
		'',
		...factsOf(step, step),
		...(step.skipped ? [`- why: ${step.skipped.detail || step.skipped.reason}`] : []),
		'',
		...saidOf(step, prompts.get(step.id)),
		...items.slice(0, itemsToldMax).flatMap(item => {
			const name = unitNameOf(step.id, item.index);
			return [
				`### ${name}`,
				'',
				`- item: \`${JSON.stringify(step.items!.values[item.index])}\``,
				...factsOf(step, item),
				'',
				...saidOf(item, prompts.get(name)),
			];
		}),
		...(untold > 0 ? [`${untold} more items are not told here; the events have them.`, ''] : []),
		...decisionsOf(run, step.id),
		...choicesOf(events, step.id),
	];
};

const factsOf = (step: StepState, unit: UnitState): string[] => {
	const {status, startedAtMs, endedAtMs, attempts, exitCode, failure, agent} = unit;
	const isPriced = step.kind === 'agent' && attempts.length > 0;
	return [
		`- ${step.kind}: ${status}${exitCode === undefined ? '' : `, exit ${exitCode}`}${agent?.isReplay ? ', from a recording' : ''}`,
		...(startedAtMs === undefined || endedAtMs === undefined
			? []
			: [`- took: ${formatDuration(endedAtMs - startedAtMs)}`]),
		...(isPriced ? [`- cost: ${formatCost(unit.costMicroUsd, unit.unpriced)}`] : []),
		...attempts.map(attempt => {
			const who = attempt.agent ? ` by ${[attempt.agent, attempt.model].filter(Boolean).join(' ')}` : '';
			const why = attempt.failure ? `: ${attempt.failure.message}` : '';
			return `- attempt ${attempt.number}${who}: ${attempt.status}${why}`;
		}),
		...(failure ? [`- failure: ${failure.code}: ${failure.message}`] : []),
	];
};

const saidOf = ({text, outputs}: UnitState, prompt: string | undefined): string[] => [
	...(prompt === undefined ? [] : ['Asked:', '', ...fenced(prompt), '']),
	...(text?.preview.trim()
		? [text.isWhole ? 'Said:' : 'Said, as far as it is journalled:', '', ...fenced(text.preview), '']
		: []),
	...(outputs && Object.keys(outputs).length > 0 ? ['Outputs:', '', ...fenced(jsonOf(outputs), 'json'), ''] : []),
];

const decisionsOf = ({approvals}: RunState, stepId: string): string[] => {
	const asked = Object.values(approvals).filter(approval => approval.stepId === stepId);
	if (asked.length === 0) return [];
	return [
		...asked.flatMap(({question, preview, status, origin, comment, rule, answeredAtMs}) => [
			`> ${question.replaceAll('\n', '\n> ')}`,
			...(preview ? ['>', ...preview.split('\n').map(line => `>     ${line}`)] : []),
			'',
			`${status}${rule === undefined ? (origin ? ` by ${origin.by} (${origin.via})` : '') : ` by permissions: ${rule}`}${answeredAtMs === undefined ? '' : `, ${isoOf(answeredAtMs)}`}${comment ? `: ${comment}` : ''}`,
			'',
		]),
	];
};

const choicesOf = (events: readonly JournalEvent[], stepId: string): string[] => {
	const lines = events.flatMap(event => {
		if (event.type === 'agent.switched' && event.body.stepId === stepId) return [switchWordsOf(event.body)];
		if (event.type === 'agent.routed' && event.body.stepId === stepId) return [routeWordsOf(event.body)];
		return [];
	});
	return lines.length > 0 ? [...lines, ''] : [];
};

const switchWordsOf = ({from, to, reason, detail, attempt}: EventBody<'agent.switched'>): string =>
	`- attempt ${attempt}: ${from} to ${to}, ${reason.replaceAll('-', ' ')}; ${detail}`;

const routeWordsOf = ({agent, strategy, attempt, candidates}: EventBody<'agent.routed'>): string => {
	const scores = candidates.map(
		({agent: id, score, excluded}) => `${id} ${score === null ? `out (${excluded ?? '?'})` : score.toFixed(2)}`,
	);
	return `- attempt ${attempt}: ${agent} by ${strategy} (${scores.join(', ')})`;
};

const valuesOf = (title: string, values: Readonly<Record<string, unknown>>): string[] =>
	Object.keys(values).length === 0 ? [] : [`## ${title}`, '', ...fenced(jsonOf(values), 'json'), ''];

const jsonOf = (value: unknown): string => JSON.stringify(value, undefined, 2);

/** Longer than any fence inside it, so that what is quoted cannot end it. */
const fenced = (text: string, language = ''): string[] => {
	const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(run => run.length));
	const fence = '`'.repeat(longest + 1);
	return [`${fence}${language}`, text.trimEnd(), fence];
};

const cellOf = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ');

const isoOf = (ms: number): string => new Date(ms).toISOString();
