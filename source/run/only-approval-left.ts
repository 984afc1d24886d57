import {type ApprovalState, type ItemsState, isStepEnded, type RunState, unitNameOf} from './state.ts';
import {openApprovalsOf} from './views.ts';

/** A run started with `--yes` has its approval steps answered by the daemon; all other questions remain. */
export const approvalsToAskOf = (run: RunState): ApprovalState[] =>
	openApprovalsOf(run).filter(({kind}) => kind !== 'approval' || !run.approveAll);

/** Whether only answers of people can move the run: nothing runs, no timer ticks, nothing is ready to start. */
export const isOnlyApprovalLeft = (run: RunState): boolean => {
	if (run.phase !== 'open' || run.rollback?.status === 'running') return false;
	const asking = new Set(approvalsToAskOf(run).map(({stepId, item}) => unitNameOf(stepId, item)));
	return (
		asking.size > 0 &&
		run.stepOrder.every(id => {
			const {status, needs, items} = run.steps[id]!;
			if (status === 'waiting') return asking.has(id);
			if (status === 'running' && items) return areItemsAsking(id, items, asking);
			if (status !== 'pending') return isStepEnded(status);
			return run.paused || needs.some(need => !isStepEnded(run.steps[need]!.status));
		})
	);
};

const areItemsAsking = (stepId: string, {active}: ItemsState, asking: ReadonlySet<string>): boolean =>
	active.length > 0 && active.every(item => asking.has(unitNameOf(stepId, item)));
