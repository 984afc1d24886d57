import type {EventBody, JournalEvent} from '../../run/events.ts';
import {type AttemptState, type RunState, type StepState, type UnitState, unitNameOf} from '../../run/state.ts';
import {formatCost, formatDuration} from '../../units.ts';
import {layoutOf} from '../layout.ts';
import {selectedRunOf, selectedStepOf, shownItemOf} from '../select.ts';
import type {CockpitState} from '../state.ts';
import {cleanLine, cleanText, linesOf} from '../text/clean.ts';
import {type Row, span} from '../text/row.ts';
import {wrap} from '../text/width.ts';
import {elapsedWords, momentWords} from '../times.ts';
import {indexOfSeq} from './history.ts';
import {isPast} from './past.ts';
import {requestKeyOf} from './select.ts';
import {timelineOf} from './timeline.ts';

/** Of a value, a text or a prompt. */
const linesMax = 200;

/**
 * What went into the selected step and what came out of it: inputs and outputs of the run, its own outputs, who did it,
 * how often and for how much, and why one agent was chosen before another.
 */
export const dataRowsOf = (state: CockpitState, columns: number): Row[] => {
	const run = selectedRunOf(state);
	if (!run) return [];
	const step = selectedStepOf(state);
	return [
		...(step ? stepRowsOf(state, run, step, columns) : []),
		...valueRowsOf('Inputs of the run', run.inputs, columns),
		...(run.outputs ? valueRowsOf('Outputs of the run', run.outputs, columns) : []),
		[span('Run', 'strong')],
		...factRowsOf(
			[
				['id', run.id],
				['file', run.workflow.file],
				['hash', run.workflow.hash],
				['started by', `${run.origin.by} (${run.origin.via})`],
				['forked from', run.forkedFrom ? `${run.forkedFrom.runId}, event ${run.forkedFrom.seq}` : undefined],
				['in', run.workspace],
			],
			columns,
		),
	];
};

const stepRowsOf = (state: CockpitState, run: RunState, step: StepState, columns: number): Row[] => {
	const item = shownItemOf(state, run, step);
	const unit: UnitState = item ?? step;
	const name = unitNameOf(step.id, item?.index);
	return [
		...(item && step.items ? valueRowsOf(`Item of ${name}`, {item: step.items.values[item.index]}, columns) : []),
		...attemptRowsOf(name, step, unit, columns, state.nowMs),
		...routingRowsOf(state, step.id, item?.index, columns),
		...(unit.outputs && Object.keys(unit.outputs).length > 0
			? valueRowsOf(`Outputs of ${name}`, unit.outputs, columns)
			: []),
		...(step.feedback ? [[span('Sent back with', 'strong')], ...textRowsOf(step.feedback, columns)] : []),
		...requestRowsOf(state, step, columns),
	];
};

/** `2  codex gpt-5  completed  58s  $0.09` */
const attemptRowsOf = (
	name: string,
	step: StepState,
	{attempts, exitCode}: UnitState,
	columns: number,
	nowMs: number,
): Row[] => {
	if (attempts.length === 0) return [];
	return [
		[span(`Attempts of ${name}`, 'strong')],
		...attempts.flatMap((attempt, index) => {
			const isLast = index === attempts.length - 1;
			const words = [
				attempt.target,
				attempt.tool && `${attempt.status === 'completed' ? 'by' : 'first asked:'} ${attempt.tool}`,
				attempt.agent && [attempt.agent, attempt.model].filter(Boolean).join(' '),
				attempt.status === 'interrupted' ? 'owner lost' : attempt.status,
				isLast && exitCode !== undefined && `exit ${exitCode}`,
				lengthWords(attempt, nowMs),
				step.kind === 'agent' && costWordsOf(attempt),
				attempt.tokens && `${attempt.tokens.input} tokens in, ${attempt.tokens.output} out`,
				attempt.access === 'read-only' && 'read-only',
				attempt.resumes !== undefined && `went on with the session of attempt ${attempt.resumes}`,
				attempt.next && nextWords[attempt.next],
			];
			const text = `${attempt.number}  ${words.filter(Boolean).join('  ')}`;
			const rows: Row[] = wrapped(text, columns).map(each => [span(each)]);
			if (attempt.failure)
				for (const each of wrapped(`${attempt.failure.code}: ${attempt.failure.message}`, columns - 3))
					rows.push([span('   '), span(each, 'failed')]);
			return rows;
		}),
	];
};

const nextWords = {retry: 'then tried again', failover: 'then another agent', quota: 'then waited for quota'} as const;

const lengthWords = ({startedAtMs, endedAtMs}: AttemptState, nowMs: number): string =>
	endedAtMs === undefined ? elapsedWords(nowMs - startedAtMs) : formatDuration(endedAtMs - startedAtMs);

const costWordsOf = ({costMicroUsd, isUnpriced}: AttemptState): string =>
	formatCost(costMicroUsd ?? 0, isUnpriced ? 1 : 0);

/** Why this agent, and why another one after it: the scores as they are journalled. */
const routingRowsOf = (state: CockpitState, stepId: string, item: number | undefined, columns: number): Row[] => {
	const events = eventsUntil(state).filter(
		({type, body}) =>
			(type === 'agent.routed' || type === 'agent.switched') &&
			(body as EventBody<'agent.routed'>).stepId === stepId &&
			(body as EventBody<'agent.routed'>).item === item,
	);
	if (events.length === 0) return [];
	return [
		[span('Choice of agents', 'strong')],
		...events.flatMap((event): Row[] => {
			const time = span(`${momentWords(event.atMs, state.nowMs)} `, 'muted');
			if (event.type === 'agent.switched') {
				const {from, to, reason, detail} = event.body;
				const words = `${from} to ${to}: ${reason.replaceAll('-', ' ')}; ${detail}`;
				return wrapped(words, columns - 9).map((text, at) => [
					at === 0 ? time : span(' '.repeat(9)),
					span(text, 'retrying'),
				]);
			}

			if (event.type !== 'agent.routed') return [];
			const {agent, strategy, candidates} = event.body;
			return [
				[time, span(cleanText(`${agent} by ${strategy}, attempt ${event.body.attempt}`))],
				...candidates.map((candidate): Row => {
					const score = candidate.score === null ? 'out ' : candidate.score.toFixed(2);
					const parts = Object.entries(candidate.parts).map(([name, value]) => `${name} ${value.toFixed(2)}`);
					const why = candidate.excluded ?? parts.join(', ');
					return [span(cleanText(`   ${score}  ${candidate.agent}  `)), span(cleanText(why), 'muted')];
				}),
			];
		}),
	];
};

const eventsUntil = (state: CockpitState): readonly JournalEvent[] => {
	const history = timelineOf(state);
	const {past} = state.runView;
	if (!history) return [];
	return past && isPast(state) ? history.events.slice(0, indexOfSeq(history, past.seq) + 1) : history.events;
};

const requestNouns: Readonly<Partial<Record<StepState['kind'], string>>> = {
	script: 'Script',
	transform: 'Expression',
	sql: 'Query',
};

/** What the daemon keeps besides the journal: the prompt or the script, and names of the environment. */
const requestRowsOf = (state: CockpitState, step: StepState, columns: number): Row[] => {
	const {request} = state.fetched;
	if (request?.key !== requestKeyOf(state)) return [];
	const title: Row = [span(requestNouns[step.kind] ?? 'Prompt', 'strong')];
	if (request?.failure) return [title, ...wrapped(request.failure.message, columns).map(text => [span(text, 'muted')])];
	if (!request?.value) return [title, [span('Loading.', 'muted')]];
	const {text, isWhole, environment} = request.value;
	return [
		...(text === null ? [] : [title, ...textRowsOf(text, columns)]),
		...(isWhole ? [] : [[span('  the rest is left out here', 'muted')]]),
		...(environment.length > 0
			? [[span('Environment', 'strong')], ...wrapped(environment.join(' '), columns).map(names => [span(names)])]
			: []),
	];
};

const valueRowsOf = (title: string, values: Readonly<Record<string, unknown>>, columns: number): Row[] => {
	const entries = Object.entries(values);
	return [
		[span(title, 'strong')],
		...(entries.length === 0 ? [[span('none', 'muted')]] : []),
		...entries.flatMap(([name, value]) => {
			const text = typeof value === 'string' ? value : (JSON.stringify(value, undefined, 1) ?? 'null');
			const isShort = !text.includes('\n') && text.length + name.length + 3 <= columns;
			if (isShort) return [[span(`${cleanText(name)} = `, 'muted'), span(cleanText(text))]];
			return [[span(`${cleanText(name)} =`, 'muted')], ...textRowsOf(text, columns)];
		}),
	];
};

/** Indented; of a long text only the beginning. */
export const textRowsOf = (text: string, columns: number): Row[] => {
	const rows: Row[] = [];
	for (const line of linesOf(text.trimEnd())) {
		for (const each of wrap(cleanLine(line), Math.max(4, columns - 2))) {
			if (rows.length === linesMax) return [...rows, [span('  the rest is left out here', 'muted')]];
			rows.push([span(`  ${each}`)]);
		}
	}

	return rows;
};

const factRowsOf = (facts: readonly (readonly [string, string | undefined])[], columns: number): Row[] =>
	facts.flatMap(([name, value]) =>
		value === undefined
			? []
			: wrapped(value, columns - 13).map((text, at) => [
					span(at === 0 ? name.padEnd(13) : ' '.repeat(13), 'muted'),
					span(text),
				]),
	);

const wrapped = (text: string, columns: number): string[] => wrap(cleanText(text), Math.max(4, columns));

/** Rows and columns inside the pane. */
const viewOf = (state: CockpitState): {columns: number; rows: number} => {
	const size = layoutOf(state).output;
	return {columns: (size?.columns ?? 40) - 4, rows: Math.max(1, (size?.rows ?? 4) - 2)};
};

export const movedInData = (state: CockpitState, rows: number): CockpitState => {
	const view = viewOf(state);
	const max = Math.max(0, dataRowsOf(state, view.columns).length - view.rows);
	const dataScroll = Math.max(0, Math.min(state.runView.dataScroll + rows, max));
	return {...state, runView: {...state.runView, dataScroll}};
};
