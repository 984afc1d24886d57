import type {PlacedText} from '../settings/read-value.ts';
import {quotedListOf} from '../text/names.ts';
import {didYouMean} from '../text/nearest.ts';
import type {Report} from '../text/report.ts';
import {shortened} from '../yaml/tree.ts';
import type {StepDraft} from './draft.ts';
import type {StepGraph} from './graph.ts';

/** A rejection goes back only to a step that the approval waits for: what comes after it is done again, to the approval. */
export const checkGotos = (report: Report, drafts: readonly StepDraft[], graph: StepGraph): void => {
	for (const draft of drafts) {
		if (draft.goto && !report.isFull()) checkGoto(report, draft, draft.goto, drafts, graph);
	}
};

const checkGoto = (
	report: Report,
	{index, id}: StepDraft,
	{text, start}: PlacedText,
	drafts: readonly StepDraft[],
	graph: StepGraph,
): void => {
	const above = () => drafts.filter(draft => draft.index !== index && graph.isUpstream(draft.index, index));
	const target = graph.indexOf(text);
	if (target === undefined || drafts[target]!.id !== text) {
		const ids = above().map(draft => draft.id);
		const message = `There is no step \`${shortened(text)}\` to go back to.`;
		report.error('goto.unknown', start, message, didYouMean(text, ids, 'Name a step that this one waits for.'));
	} else if (target === index) {
		report.error('goto.not-upstream', start, `\`${id}\` cannot go back to itself.`, suggestionFor(above()));
	} else if (!graph.isUpstream(target, index)) {
		const message = `\`${id}\` does not wait for \`${text}\`, so it cannot go back to it.`;
		report.error('goto.not-upstream', start, message, suggestionFor(above()));
	}
};

const suggestionFor = (above: readonly StepDraft[]): string => {
	if (above.length === 0) return 'Put the step to go back to above it, or write `on-reject: fail`.';
	const names = above.slice(-6).map(({id}) => id);
	return names.length === 1 ? `Write \`goto: ${names[0]}\`.` : `Name one of ${quotedListOf(names)}.`;
};
