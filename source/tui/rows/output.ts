import {isStepEnded, type RunState, type StepState, type UnitState, unitNameOf} from '../../run/state.ts';
import {notableItemOf, outputStepOf, selectedRunOf, selectedStepOf} from '../select.ts';
import type {CockpitState} from '../state.ts';
import {cleanLine, cleanText} from '../text/clean.ts';
import {waitWords} from './step.ts';

/** @returns What the output pane is called, and what its right end says about following. */
export const outputTitleOf = (state: CockpitState, newLines: number): {title: string; right: string} => {
	const run = selectedRunOf(state);
	const step = selectedStepOf(state);
	if (!run || !step) return {title: 'Output', right: ''};
	const source = outputStepOf(run, step);
	const item = source.items && notableItemOf(source.items)?.index;
	const title = `${unitNameOf(source.id, item)} output${source === step ? '' : ', before this step'}`;
	return {title: cleanText(title), right: followWords(state, newLines)};
};

const followWords = ({output}: CockpitState, newLines: number): string => {
	const {scroll, status, firstNumber, skippedBytes} = output;
	if (status === 'none' || output.lines.length === 0) return '';
	if (scroll.isFollowing) return status === 'ended' ? 'end' : 'follow';
	const cut = firstNumber > 0 || skippedBytes > 0 ? 'earlier lines: aiworkflow runs logs, ' : '';
	return `${cut}held${newLines > 0 ? `, ${newLines} new` : ''}, G follows`;
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
	const unit = (step.items && notableItemOf(step.items)) ?? step;
	const childRunId = unit.attempts.at(-1)?.childRunId;
	if (childRunId !== undefined) return [`Its steps are those of run ${childRunId}, which is in the list of runs.`];
	if (step.cached) return [`Taken from run ${step.cached.runId}, where it was found before.`, ...previewOf(step)];
	if (step.adoptedFrom) return [`Taken over from run ${step.adoptedFrom.runId}.`, ...previewOf(step)];
	if (unit.attempts.length === 0) return [notStartedWords(run, step, state.nowMs)];
	if (output.status === 'ended') return unit.text?.preview ? previewOf(unit) : ['It printed nothing.'];
	return [output.status === 'live' ? 'Nothing printed yet.' : ''];
};

/** What the journal knows of the output, where the output itself cannot be had. */
const previewOf = (step: UnitState): string[] => (step.text?.preview ?? '').trimEnd().split('\n').map(cleanLine);

const notStartedWords = (run: RunState, step: StepState, nowMs: number): string => {
	switch (step.status) {
		case 'skipped':
			return `Not run: ${cleanText(step.skipped?.detail || step.skipped?.reason || '')}`;
		case 'cancelled':
			return 'Not run: the run was cancelled.';
		case 'waiting':
			return step.kind === 'wait'
				? `It ${waitWords(step, nowMs)}.${step.signal === undefined ? '' : ` Send it: aiworkflow runs signal ${run.id} ${step.signal}`}`
				: 'It waits for your answer: press a.';
		case 'pending': {
			const missing = step.needs.filter(id => run.steps[id] && !isStepEnded(run.steps[id].status));
			return missing.length > 0 ? `Not started: it needs ${cleanText(missing.join(', '))}.` : 'Not started yet.';
		}

		default:
			return 'It has no output.';
	}
};
