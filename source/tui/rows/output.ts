import {isStepEnded, type RunState, type StepState, type UnitState, unitNameOf} from '../../run/state.ts';
import {keyOf} from '../keys/remap.ts';
import type {OutputRow} from '../output/scroll.ts';
import {foldedFor, matchesOf} from '../output/search.ts';
import {isPast} from '../run-view/past.ts';
import {outputStepOf, selectedRunOf, selectedStepOf, shownItemOf} from '../select.ts';
import type {CockpitState} from '../state.ts';
import {cleanLine, cleanText} from '../text/clean.ts';
import {type Row, type Span, span} from '../text/row.ts';
import type {Look, StyleName} from '../theme.ts';
import {waitWords} from './step.ts';

/** @returns What the output pane is called, and what its right end says about following. */
export const outputTitleOf = (state: CockpitState, newLines: number): {title: string; right: string} => {
	const run = selectedRunOf(state);
	const step = selectedStepOf(state);
	if (!run || !step) return {title: 'Output', right: ''};
	const source = outputStepOf(run, step);
	const item = shownItemOf(state, run, source)?.index;
	const title = `${unitNameOf(source.id, item)} output${source === step ? '' : ', before this step'}`;
	const right = [searchWords(state), modeWords(state), followWords(state, newLines)];
	// What was printed has no times of its own: it is there whole.
	const attempt = isPast(state) && state.output.target ? `, all of attempt ${state.output.target.attempt}` : '';
	return {title: cleanText(`${title}${attempt}`), right: right.filter(Boolean).join(', ')};
};

/** `/err 3 of 17` */
const searchWords = ({output, runView: {search, found}}: CockpitState): string => {
	if (search === '' || output.lines.length === 0) return '';
	const numbers = matchesOf(output.lines, search);
	const place = found === undefined ? -1 : numbers.indexOf(found);
	if (numbers.length === 0) return `/${cleanText(search)} is not in it`;
	return `/${cleanText(search)} ${place < 0 ? `${numbers.length}` : `${place + 1} of ${numbers.length}`}`;
};

/** What differs from what one is used to. */
const modeWords = ({output, runView: {isWrapped, column, isRendered}}: CockpitState): string => {
	if (output.lines.length === 0) return '';
	const words = [
		isWrapped ? '' : column === 0 ? 'not wrapped' : `from column ${column + 1}`,
		isRendered === undefined ? '' : isRendered ? 'rendered' : 'raw',
	];
	return words.filter(Boolean).join(', ');
};

/** A row of it: the mark of standard error, what is bold, and what was looked for. */
export const outputRowOf = ({text, stream, style, isProse}: OutputRow, search: string, {glyphs}: Look): Row => {
	const own: StyleName = stream === 'stderr' ? 'stderr' : (style ?? 'text');
	const parts: Row = isProse && text.includes('**') ? boldParts(text, own) : [span(text, own)];
	return [
		span(stream === 'stderr' ? `${glyphs.stderr} ` : '  ', own),
		...(search === '' ? parts : parts.flatMap(part => markedParts(part, search))),
	];
};

const boldParts = (text: string, style: StyleName): Row =>
	text
		.split(/\*\*(?=\S)(.+?)(?<=\S)\*\*/)
		.flatMap((part, index) => (part === '' ? [] : [span(part, index % 2 === 1 ? 'strong' : style)]));

const markedParts = ({text, style}: Span, search: string): Row => {
	const fold = foldedFor(search);
	const folded = fold(text);
	// A few characters change their length with their case: then nothing can be pointed at.
	if (folded.length !== text.length) return [{text, style}];
	const parts: Span[] = [];
	let at = 0;
	for (let next = folded.indexOf(search); next >= 0; next = folded.indexOf(search, at)) {
		if (next > at) parts.push({text: text.slice(at, next), style});
		at = next + search.length;
		parts.push({text: text.slice(next, at), style: 'selected'});
	}

	if (at < text.length) parts.push({text: text.slice(at), style});
	return parts;
};

const followWords = (state: CockpitState, newLines: number): string => {
	const {output} = state;
	const {scroll, status, firstNumber, skippedBytes} = output;
	if (status === 'none' || output.lines.length === 0) return '';
	if (scroll.isFollowing) return status === 'ended' ? 'end' : 'follow';
	const cut = firstNumber > 0 || skippedBytes > 0 ? 'earlier lines: aiworkflow runs logs, ' : '';
	return `${cut}held${newLines > 0 ? `, ${newLines} new` : ''}, ${keyOf('last', state)} follows`;
};

/** @returns What to say in place of an output that is not there; empty where there is one. */
export const outputWordsOf = (state: CockpitState): string[] => {
	const run = selectedRunOf(state);
	const selected = selectedStepOf(state);
	if (!run || !selected) return [];
	const step = outputStepOf(run, selected);
	const {output} = state;
	if (output.lines.length > 0) return [];
	if (output.failure) return [output.failure.message, ...previewOf(step)];
	const unit = shownItemOf(state, run, step) ?? step;
	const childRunId = unit.attempts.at(-1)?.childRunId;
	if (childRunId !== undefined) return [`Its steps are those of run ${childRunId}: enter on the step goes there.`];
	if (step.cached) return [`Taken from run ${step.cached.runId}, where it was found before.`, ...previewOf(step)];
	if (step.adoptedFrom) return [`Taken over from run ${step.adoptedFrom.runId}.`, ...previewOf(step)];
	if (unit.attempts.length === 0) return [notStartedWords(run, step, state)];
	if (output.status === 'ended') return unit.text?.preview ? previewOf(unit) : ['It printed nothing.'];
	return [output.status === 'live' ? 'Nothing printed yet.' : ''];
};

/** What the journal knows of the output, where the output itself cannot be had. */
const previewOf = (step: UnitState): string[] => (step.text?.preview ?? '').trimEnd().split('\n').map(cleanLine);

const notStartedWords = (run: RunState, step: StepState, state: CockpitState): string => {
	switch (step.status) {
		case 'skipped':
			return `Not run: ${cleanText(step.skipped?.detail || step.skipped?.reason || '')}`;
		case 'cancelled':
			return 'Not run: the run was cancelled.';
		case 'waiting':
			return step.kind === 'wait'
				? `It ${waitWords(step, state.nowMs)}.${step.signal === undefined ? '' : ` Send it: aiworkflow runs signal ${run.id} ${step.signal}`}`
				: `It waits for your answer: press ${keyOf('answer', state)}.`;
		case 'pending': {
			const missing = step.needs.filter(id => run.steps[id] && !isStepEnded(run.steps[id].status));
			return missing.length > 0 ? `Not started: it needs ${cleanText(missing.join(', '))}.` : 'Not started yet.';
		}

		default:
			return 'It has no output.';
	}
};
