import type {SnapshotPage} from '../../api/messages.ts';
import type {JournalEvent} from '../../run/events.ts';
import {approvalsToAskOf} from '../../run/only-approval-left.ts';
import {reduce} from '../../run/reduce.ts';
import {type ApprovalState, isRunEnded, isRunSettled, type RunState, unitNameOf} from '../../run/state.ts';
import {howToAnswer} from '../approval-desk.ts';
import {oneLine} from '../clean.ts';
import type {ProgressStyle} from '../progress/pen.ts';
import {progressLines, titleOf} from '../progress.ts';

/** Makes lines of everything that happens in all runs. Holds the state of the open ones. */
export interface Teller {
	/** @returns Lines once the snapshot is whole. */
	takeSnapshot(page: SnapshotPage): string[];
	/** @returns `undefined`: the state of its run has to be fetched and handed to `takeRun`. */
	takeEvent(event: JournalEvent): string[] | undefined;
	/** The state of a run as it was fetched, the event that was missing it perhaps in it already. */
	takeRun(run: RunState, event: JournalEvent): string[];
}

export const createTeller = (style: ProgressStyle): Teller => {
	const runs = new Map<string, RunState>();
	let arriving: RunState[] = [];
	const {paint} = style;

	const linesOf = (event: JournalEvent, run: RunState): string[] => {
		const lines = [
			...beginningOf(event, run),
			...progressLines(event, run, {...style, hasTitles: true}),
			...answerLinesOf(event, run),
		];
		if (isRunSettled(run)) runs.delete(run.id);
		else runs.set(run.id, run);
		return lines;
	};

	const beginningOf = (event: JournalEvent, run: RunState): string[] => {
		if (event.type !== 'run.created') return [];
		const {origin, parent, forkedFrom} = event.body;
		const whence = parent
			? `for step ${parent.stepId} of run ${parent.runId}`
			: forkedFrom
				? `forked from run ${forkedFrom.runId}, by ${origin.by}`
				: `started by ${origin.by}`;
		return [`${paint.cyan('▶')} ${paint.bold(titleOf(run))}  ${whence}  ${paint.dim(run.id)}`];
	};

	return {
		takeSnapshot({runs: page, isLast}) {
			arriving.push(...page.filter(run => !isRunEnded(run)));
			if (!isLast) return [];
			const open = arriving.toReversed();
			arriving = [];
			runs.clear();
			for (const run of open) runs.set(run.id, run);
			return [
				open.length === 0 ? 'Nothing runs.' : `${open.length === 1 ? '1 run is' : `${open.length} runs are`} open:`,
				...open.map(run => `  ${paint.bold(titleOf(run))}  ${paint.dim(run.id)}`),
				...open.flatMap(run =>
					approvalsToAskOf(run).flatMap(approval => [
						`${paint.yellow('◆')} ${paint.bold(titleOf(run))}  ${questionOf(approval)}`,
						`  ${howToAnswer(approval.id)}`,
					]),
				),
			];
		},
		takeEvent(event) {
			if (event.runId === null) return [];
			const known = runs.get(event.runId);
			if (known && event.seq <= known.seq) return [];
			const isNext = known ? event.seq === known.seq + 1 : event.type === 'run.created';
			return isNext ? linesOf(event, reduce(known, event)) : undefined;
		},
		takeRun(run, event) {
			// A state that is behind the event has a gap that only the next fetch closes: its line is told from what is known.
			return linesOf(event, run.seq === event.seq - 1 ? reduce(run, event) : run);
		},
	};
};

const questionOf = ({stepId, item, question}: ApprovalState): string =>
	`${unitNameOf(stepId, item)}  ${oneLine(question)}`;

/** Nothing is answered here: the command that answers is said with the question. */
const answerLinesOf = (event: JournalEvent, run: RunState): string[] => {
	if (event.type !== 'approval.requested') return [];
	const {approvalId} = event.body;
	return approvalsToAskOf(run).some(({id}) => id === approvalId) ? [`  ${howToAnswer(approvalId)}`] : [];
};
