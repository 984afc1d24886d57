import {withoutControls} from '../../../source/control-sequences.ts';
import type {Failure} from '../../../source/errors.ts';

/**
 * What an agent's own report of a failure means. Measured in AGENT-CLIS.md §3: the same cause comes as a JSON-RPC error
 * with an HTTP status for a code, as -32603 with `data.errorKind`, as a `sessionFailure` beside `end_turn`, or as text.
 */
export type FailureCode =
	| 'agent.unauthenticated'
	| 'agent.rate-limited'
	| 'agent.overloaded'
	| 'agent.refused'
	| 'agent.incomplete'
	| 'agent.crashed'
	| 'agent.unreachable';

/** A JSON-RPC error as thrown by the SDK, or anything else thrown on the way. */
export interface ProtocolError {
	readonly code?: unknown;
	readonly message: string;
	readonly data?: unknown;
}

export const agentFailure = (agent: string, code: FailureCode, detail: string): Failure => ({
	code,
	message: `Agent "${agent}" ${said[code]}: ${shorten(detail) || 'it did not say why'}`,
	suggestion: suggestions[code],
	retryable: code !== 'agent.unauthenticated' && code !== 'agent.refused' && code !== 'agent.incomplete',
});

/** @param fallback What it means where nothing in the error says more. */
export const failureOfError = (
	agent: string,
	error: ProtocolError,
	fallback: FailureCode = 'agent.crashed',
): Failure => {
	const detail = detailOf(error);
	return agentFailure(agent, codeOfError(error) ?? codeOfText(detail) ?? fallback, detail);
};

/** @returns What its code or kind says; `undefined` where only its words could tell. */
export const codeOfError = ({code, data}: ProtocolError): FailureCode | undefined => {
	if (code === -32000) return 'agent.unauthenticated';
	const fromKind = codeOfKind(recordOf(data)?.errorKind);
	return fromKind ?? codeOfStatus(code);
};

/** @returns `undefined` for a status that says nothing about the cause. */
export const codeOfStatus = (status: unknown): FailureCode | undefined => {
	if (status === 401 || status === 403) return 'agent.unauthenticated';
	if (status === 429) return 'agent.rate-limited';
	if (typeof status === 'number' && status >= 500 && status < 600) return 'agent.overloaded';
	return undefined;
};

/** Kinds of claude-agent-acp (`errorKind`) and categories of `sessionFailure`. */
export const codeOfKind = (kind: unknown): FailureCode | undefined =>
	typeof kind === 'string' ? kinds[kind] : undefined;

const kinds: Readonly<Record<string, FailureCode>> = {
	authentication: 'agent.unauthenticated',
	authentication_failed: 'agent.unauthenticated',
	auth: 'agent.unauthenticated',
	billing_error: 'agent.rate-limited',
	rate_limit: 'agent.rate-limited',
	limit: 'agent.rate-limited',
	server_error: 'agent.overloaded',
	overloaded: 'agent.overloaded',
	service: 'agent.overloaded',
};

/** Reads the cause out of words, for agents that give nothing else. */
export const codeOfText = (text: string): FailureCode | undefined => {
	if (/\b40[13]\b|unauthenticated|unauthori[sz]ed|authentication|api[ _-]?key|not logged in|\blog ?in\b/i.test(text))
		return 'agent.unauthenticated';
	if (/\b429\b|rate.?limit|too many requests|resource.?exhausted|quota/i.test(text)) return 'agent.rate-limited';
	if (/\b5(?:0[0234]|29)\b|overloaded|unavailable|server error/i.test(text)) return 'agent.overloaded';
	if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|fetch failed|connection (?:refused|error)/i.test(text))
		return 'agent.unreachable';
	return undefined;
};

/** Some agents put the provider's JSON answer into the message, others the real reason into `data`. */
export const detailOf = ({message, data}: ProtocolError): string => {
	const details = recordOf(data)?.details ?? recordOf(data)?.message;
	const inner = innerMessageOf(message);
	return typeof details === 'string' && !inner.includes(details) ? `${inner} (${details})` : inner;
};

const innerMessageOf = (message: string): string => {
	if (!message.startsWith('{')) return message;
	try {
		const inner = recordOf(recordOf(JSON.parse(message))?.error)?.message;
		return typeof inner === 'string' ? inner : message;
	} catch {
		return message;
	}
};

export const recordOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
	typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as Readonly<Record<string, unknown>>)
		: undefined;

const detailCharactersMax = 600;

const shorten = (detail: string) => {
	// It is shown in many places, and an agent must not steer a terminal with it.
	const trimmed = withoutControls(detail).trim();
	return trimmed.length > detailCharactersMax ? `${trimmed.slice(0, detailCharactersMax)}…` : trimmed;
};

const said: Readonly<Record<FailureCode, string>> = {
	'agent.unauthenticated': 'is not logged in, or its key is not accepted',
	'agent.rate-limited': 'has reached a rate limit',
	'agent.overloaded': 'found its provider overloaded',
	'agent.refused': 'would not do it',
	'agent.incomplete': 'stopped before its answer was complete',
	'agent.crashed': 'failed',
	'agent.unreachable': 'cannot be reached',
};

const suggestions: Readonly<Record<FailureCode, string>> = {
	'agent.unauthenticated':
		'Log in with the command line of the agent, or set its key and name the variable under `env:` in .aiworkflow/agents.yaml.',
	'agent.rate-limited': 'Wait until the limit resets, or name another agent with `--agent`.',
	'agent.overloaded': 'Try again later, or name another agent with `--agent`.',
	'agent.refused': 'Read its answer with `aiworkflow runs logs`, then change the prompt or the answer to its question.',
	'agent.incomplete': 'Ask for less in one step, or choose a model with a larger limit.',
	'agent.crashed': 'Read what it said with `aiworkflow runs logs`, then run it again.',
	'agent.unreachable': 'Check the command in .aiworkflow/agents.yaml and run `aiworkflow doctor`.',
};
