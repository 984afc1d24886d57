import {isRunEnded, isRunSettled, isStepEnded} from '../../run/state.ts';
import {copyOf} from '../copy/text.ts';
import {focusablePanesOf, layoutOf} from '../layout.ts';
import {
	answerableOf,
	approvalOf,
	outputTargetOf,
	selectedAttentionOf,
	selectedRunOf,
	selectedStepOf,
	waitsForTrust,
} from '../select.ts';
import type {CockpitState} from '../state.ts';
import {amountOf} from './amount.ts';

/** Why a key does nothing right now. Each returns a sentence, or `undefined` where the key works. */

export const nothingWaits = (state: CockpitState): string | undefined =>
	state.waiting.length === 0 && !waitsForTrust(state) ? 'Nothing waits for you.' : undefined;

export const nothingElseWaits = ({waiting}: CockpitState): string | undefined =>
	waiting.length < 2 ? 'Nothing else waits for you.' : undefined;

export const nothingToOpen = (state: CockpitState): string | undefined =>
	state.pane === 'needs' || selectedRunOf(state) ? undefined : 'There is no run to open.';

export const nothingToCopy = (state: CockpitState): string | undefined =>
	copyOf(state) ? undefined : 'There is nothing here to copy.';

export const notAFailure = (state: CockpitState): string | undefined =>
	selectedAttentionOf(state)?.kind === 'failed'
		? undefined
		: 'Only a failed run can be put aside; the rest has to be answered or mended.';

export const alreadyLargest = ({zoom}: CockpitState): string | undefined =>
	zoom === 2 ? 'It fills the screen already.' : undefined;

export const alreadySmallest = ({zoom}: CockpitState): string | undefined =>
	zoom === 0 ? 'It has its usual size already.' : undefined;

export const noOutput = (state: CockpitState): string | undefined => {
	if (!layoutOf(state).output) return 'The output is not on the screen.';
	return outputTargetOf(state) ? undefined : 'The selected step has no output.';
};

export const noOtherPane = (state: CockpitState): string | undefined =>
	focusablePanesOf(state).length > 1 ? undefined : 'There is no other pane on the screen.';

export const cannotAnswer = (state: CockpitState): string | undefined => {
	const {dialog} = state;
	if (dialog?.kind !== 'approval') return 'No question is open.';
	const blocked = cannotDecide(state);
	if (blocked) return blocked;
	if (dialog.sent) return 'Your answer is on its way.';
	if (approvalOf(state, dialog)?.approval.status !== 'open') return 'It has been answered.';
	return state.nowMs < dialog.armedAtMs ? 'It appeared only just now: read it first.' : undefined;
};

export const cannotAnswerForRun = (state: CockpitState): string | undefined => {
	const blocked = cannotAnswer(state);
	if (blocked || state.dialog?.kind !== 'approval') return blocked;
	const approval = approvalOf(state, state.dialog)?.approval;
	if (approval?.kind !== 'permission')
		return 'Only what an agent asks leave for can be allowed for the rest of the run.';
	return approval.action ? undefined : 'The agent does not say enough to know the same again.';
};

export const cannotEditAmount = (state: CockpitState): string | undefined => {
	const blocked = cannotAnswer(state);
	if (blocked || state.dialog?.kind !== 'approval') return blocked;
	return approvalOf(state, state.dialog)?.approval.budget ? undefined : 'It is not about a budget.';
};

export const notAnAmount = ({dialog}: CockpitState): string | undefined =>
	dialog?.kind === 'approval' && amountOf(dialog) !== undefined
		? undefined
		: 'Type a number greater than 0, such as 0.50.';

export const cannotAnswerAll = (state: CockpitState): string | undefined =>
	cannotDecide(state) ??
	(answerableOf(state).length < 2 ? 'There are not several questions here that one yes could answer.' : undefined);

export const notYetArmed = (state: CockpitState): string | undefined => {
	const {dialog, nowMs} = state;
	if (dialog?.kind === 'answer-all' && nowMs < dialog.armedAtMs) return 'They appeared only just now: read them first.';
	return cannotDecide(state);
};

export const cannotEditText = (state: CockpitState): string | undefined => {
	const blocked = cannotAnswer(state);
	if (blocked || state.dialog?.kind !== 'approval') return blocked;
	return approvalOf(state, state.dialog)?.approval.isEditable
		? undefined
		: 'Nothing of this question may be changed: the workflow does not say `editable`.';
};

export const cannotCancel = (state: CockpitState): string | undefined => {
	const run = selectedRunOf(state);
	if (!run) return 'No run is selected.';
	if (isRunEnded(run)) return 'The run has ended.';
	if (run.cancelRequested) return 'It is being cancelled already.';
	return cannotDecide(state);
};

export const cannotPause = (state: CockpitState): string | undefined => {
	const run = selectedRunOf(state);
	if (!run) return 'No run is selected.';
	if (isRunEnded(run)) return 'The run has ended.';
	if (run.cancelRequested) return 'It is being cancelled.';
	return cannotDecide(state);
};

export const cannotRetry = (state: CockpitState): string | undefined => {
	const run = selectedRunOf(state);
	if (!run) return 'No run is selected.';
	if (!isRunEnded(run)) return 'The run has not ended.';
	if (!isRunSettled(run)) return 'It is being rolled back.';
	if (run.phase === 'completed') return 'Nothing of it failed.';
	return cannotDecide(state);
};

export const cannotSkip = (state: CockpitState): string | undefined => {
	const run = selectedRunOf(state);
	const step = selectedStepOf(state);
	if (!run || !step) return 'No step is selected.';
	if (isRunEnded(run)) return 'The run has ended.';
	if (isStepEnded(step.status)) return 'The step has ended.';
	if (step.skipRequested) return 'It is being stopped, to go on without it.';
	return cannotDecide(state);
};

export const cannotDecide = ({isReadOnly, connection}: CockpitState): string | undefined => {
	if (isReadOnly) return 'This cockpit is read-only.';
	return connection.status === 'live' ? undefined : 'The daemon is not there to be told.';
};
