import type {NewEvent} from '../../source/run/events.ts';
import type {RunState} from '../../source/run/state.ts';
import type {AttemptOutcome} from './parts.ts';

/** @returns The events that an attempt's outcome means, permission requests it leaves behind withdrawn first. */
export const eventsOfOutcome = (
	run: RunState,
	stepId: string,
	attempt: number,
	outcome: AttemptOutcome,
): NewEvent[] => [
	...Object.values(run.approvals)
		.filter(approval => approval.stepId === stepId && approval.status === 'open')
		.map(
			({id: approvalId}): NewEvent => ({
				type: 'approval.withdrawn',
				body: {approvalId, stepId, reason: 'the attempt that asked has ended'},
			}),
		),
	endingOf(run, stepId, attempt, outcome),
];

const endingOf = (run: RunState, stepId: string, attempt: number, outcome: AttemptOutcome): NewEvent => {
	switch (outcome.status) {
		case 'completed': {
			const {outputs, text, agent} = outcome;
			return {type: 'step.completed', body: {stepId, attempt, outputs, text, agent}};
		}

		case 'failed': {
			const {failure, exitCode, outputs, text, agent} = outcome;
			const {code, message, suggestion, retryable} = failure;
			return {
				type: 'step.failed',
				body: {stepId, attempt, failure: {code, message, suggestion, retryable}, exitCode, outputs, text, agent},
			};
		}

		case 'cancelled':
			return {type: 'step.cancelled', body: {stepId, attempt, text: outcome.text}};
		case 'interrupted':
			// It never began, so beginning it anew repeats nothing.
			if (outcome.reason === 'never-claimed' && !run.cancelRequested) {
				return {type: 'attempt.interrupted', body: {stepId, attempt, reason: 'never-claimed'}};
			}

			if (run.cancelRequested) return {type: 'step.cancelled', body: {stepId, attempt}};
			return {type: 'step.failed', body: {stepId, attempt, failure: vanished(stepId)}};
	}
};

/** Whether what it did was done is unknown; doing it again is for a person to decide. */
const vanished = (stepId: string) => ({
	code: 'attempt.vanished',
	message: `The process of "${stepId}" is gone without an exit code: the machine restarted, or something killed it.`,
	suggestion: 'Look at what it had done, then run the workflow again.',
});
