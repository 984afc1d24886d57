import type {Failure} from '../../../source/errors.ts';
import {formatDuration, formatSize} from '../../../source/units.ts';

/** What the daemon and the host say alike when they end an agent's attempt. */

export const agentTimedOut = (agent: string): Failure => ({
	code: 'attempt.timed-out',
	message: `Agent "${agent}" was ended: it took longer than the timeout of its step.`,
	suggestion: 'Give it more time with `timeout:`, or ask for less in one step.',
	retryable: true,
});

export const agentStalled = (agent: string, idleMs: number): Failure => ({
	code: 'attempt.stalled',
	message: `Agent "${agent}" was ended: it gave no sign of life for ${formatDuration(idleMs)}.`,
	suggestion:
		'It may be retrying a model that does not answer. Try another agent, or give it longer with `idle-timeout:` in .aiworkflow/agents.yaml.',
	retryable: true,
});

export const outputTooLarge = (stepId: string, bytesMax: number): Failure => ({
	code: 'output.too-large',
	message: `"${stepId}" was ended: it wrote more than ${formatSize(bytesMax)} of output.`,
	suggestion: 'Ask the agent to write large results to a file.',
});

/** @param problems Without full stops. */
export const outputInvalid = (stepId: string, agent: string, problems: readonly string[]): Failure => ({
	code: 'output.invalid',
	message: `The outputs "${stepId}" got from agent "${agent}" do not fit: ${problems.join('; ')}.`,
	suggestion:
		'Say in the prompt what each output means, or loosen `outputs:`. The answer is in `aiworkflow runs logs`.',
	retryable: true,
});

export const outputSecret = (stepId: string, output: string): Failure => ({
	code: 'output.secret',
	message: `Output "${output}" of "${stepId}" contains a secret; outputs are journalled.`,
	suggestion: 'Read the secret where it is needed, through `env:`.',
});

export const hostDied = (agent: string, exitCode: number, errorTail: string): Failure => ({
	code: 'agent.crashed',
	message: `The process that hosts agent "${agent}" died (exit code ${exitCode})${errorTail ? `: ${errorTail}` : '.'}`,
	suggestion: 'Read what it said with `aiworkflow runs logs`, then run it again.',
	retryable: true,
});
