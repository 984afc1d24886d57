import type {Failure} from '../../../source/errors.ts';
import {agentFailure, codeOfStatus, codeOfText, type FailureCode} from '../acp/failures.ts';
import {withResetMoment} from '../acp/reset-moment.ts';

/** What speaks against a turn of Copilot: a `session.error`, or how its last model call ended. */
export interface CopilotError {
	readonly type: string;
	/** `user_weekly_rate_limited`, `quota_exceeded`… */
	readonly code?: unknown;
	/** Of the model call that failed. */
	readonly status?: unknown;
	readonly detail: string;
}

const types: Readonly<Record<string, FailureCode>> = {
	authentication: 'agent.unauthenticated',
	authorization: 'agent.unauthenticated',
	rate_limit: 'agent.rate-limited',
	quota: 'agent.rate-limited',
	context_limit: 'agent.incomplete',
	content_filter: 'agent.refused',
	length: 'agent.incomplete',
	aborted: 'agent.incomplete',
};

export const failureOfCopilot = (agent: string, {type, code, status, detail}: CopilotError, nowMs: number): Failure => {
	const known = types[type] ?? codeOfStatus(status) ?? wordsOf(detail) ?? 'agent.crashed';
	return withResetMoment(agentFailure(agent, known, detail), [code, detail], nowMs);
};

/** @returns What the words of Copilot mean; `undefined` where they do not tell. */
export const wordsOf = (text: string): FailureCode | undefined =>
	/no authentication|OAuth token|copilot login|\/login\b/i.test(text) ? 'agent.unauthenticated' : codeOfText(text);
