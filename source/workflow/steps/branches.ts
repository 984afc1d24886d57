import {quotedListOf} from '../text/names.ts';
import type {Report} from '../text/report.ts';
import type {StepDraft} from './draft.ts';
import type {StepGraph} from './graph.ts';

/**
 * Warns where a step that does not say what it needs, and so needs the step above, leaves out a parallel branch that no
 * step waits for: it may start before the branch has ended.
 */
export const warnOfLooseBranches = (report: Report, drafts: readonly StepDraft[], graph: StepGraph): void => {
	const needed = new Set(graph.needs.flat());
	let loose: number[] = [];
	for (const {index, id, needs, headingStart} of drafts) {
		if (!needs && index > 0) {
			const left = loose.filter(end => !graph.isUpstream(end, index));
			loose = loose.filter(end => !left.includes(end));
			if (left.length > 0)
				warn(
					report,
					headingStart,
					id,
					drafts[index - 1]!.id,
					left.map(end => drafts[end]!.id),
				);
		}

		if (!needed.has(index)) loose.push(index);
	}
};

const warn = (report: Report, start: number, id: string, above: string, left: readonly string[]): void => {
	const [them, end] = left.length === 1 ? ['it', 'ends'] : ['them', 'end'];
	const message = `\`${id}\` needs only \`${above}\`, the step above; ${quotedListOf(left)} ${end} unwaited for.`;
	const shown = [above, ...left].slice(0, 6).join(', ');
	report.warning(
		'needs.branch-left-out',
		start,
		message,
		`Write \`needs: [${shown}]\` to wait for ${them}, or \`needs: [${above}]\` not to.`,
	);
};
