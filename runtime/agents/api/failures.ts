import type {Failure} from '../../../source/errors.ts';
import {failureOf} from '../../../source/errors.ts';
import {agentFailure, codeOfStatus, codeOfText, type FailureCode, recordOf} from '../acp/failures.ts';
import {withResetMoment} from '../acp/reset-moment.ts';

/** What an error of the AI SDK means: by its status, else by its words. */
export const failureOfApiError = (agent: string, error: unknown, nowMs: number): Failure => {
	const known = failureOf(error);
	if (known.code !== 'internal.unexpected') return known;
	const {statusCode, responseHeaders, responseBody, cause, name} = recordOf(error) ?? {};
	const text = textOf(error, cause);
	const code: FailureCode =
		codeOfStatus(statusCode) ??
		(statusCode === 408 || statusCode === 409 ? 'agent.overloaded' : undefined) ??
		codeOfText(text) ??
		(name === 'AI_APICallError' && statusCode === undefined ? 'agent.unreachable' : 'agent.crashed');
	return withResetMoment(agentFailure(agent, code, text), [responseHeaders, responseBody, text], nowMs);
};

const textOf = (error: unknown, cause: unknown): string => {
	const own = error instanceof Error ? error.message : typeof error === 'string' ? error : JSON.stringify(error);
	const inner = cause instanceof Error ? cause.message : '';
	return inner && !own.includes(inner) ? `${own} (${inner})` : own;
};
