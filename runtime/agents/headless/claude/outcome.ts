import {type Failure, failureOf} from '../../../../source/errors.ts';
import {agentFailure, codeOfKind, codeOfStatus, codeOfText, type FailureCode} from '../../acp/failures.ts';
import {withResetMoment} from '../../acp/reset-moment.ts';
import {sessionLost} from '../../unavailable.ts';
import type {JsonLine} from '../json-lines.ts';

/** What was seen of a turn besides its `result`. */
export interface ClaudeTurn {
	/** The last call that failed: an `api_retry`, or the message made of an error. */
	readonly lastError?: {readonly status: unknown; readonly kind: unknown};
	/** The last `rate_limit_event` that was no all-clear. */
	readonly limit?: JsonLine;
}

/**
 * Whether a turn ended well. `subtype` is no help: it is `success` for errors of the API as well, so `is_error`,
 * `api_error_status` and `terminal_reason` tell.
 *
 * @returns `undefined` where nothing speaks against it.
 */
export const failureOfResult = (
	agent: string,
	result: JsonLine,
	turn: ClaudeTurn,
	nowMs: number,
): Failure | undefined => {
	const words = typeof result.result === 'string' ? result.result : '';
	const fail = (code: FailureCode, detail: string) =>
		withResetMoment(agentFailure(agent, code, detail), [turn.limit, result, words], nowMs);
	if (result.subtype === 'error_max_turns') return fail('agent.incomplete', 'it reached its largest number of turns.');
	if (result.subtype === 'error_max_budget_usd') return fail('agent.incomplete', 'it spent its own --max-budget-usd.');
	const {status, kind} = turn.lastError ?? {};
	if (/^aborted/.test(String(result.terminal_reason))) {
		// It was stopped in the middle of trying again.
		const code = codeOfStatus(status) ?? codeOfKind(kind);
		return fail(code ?? 'agent.incomplete', code ? String(kind) : 'its turn was interrupted.');
	}

	if (result.is_error === true) {
		const detail = words || errorsOf(result);
		if (/^No conversation found with session ID/.test(detail)) return failureOf(sessionLost(agent, detail));
		const code =
			codeOfStatus(result.api_error_status) ??
			codeOfKind(result.api_error_type) ??
			codeOfKind(kind) ??
			codeOfStatus(status) ??
			codeOfText(detail);
		return fail(code ?? 'agent.crashed', detail);
	}

	if (result.stop_reason === 'refusal') return fail('agent.refused', words || 'it refused.');
	if (result.stop_reason === 'max_tokens')
		return fail('agent.incomplete', 'it reached the largest number of tokens of its model.');
	return undefined;
};

/** Of a process that ended without a `result`: the last call that failed, else what it said on its way out. */
export const failureOfSilence = (
	agent: string,
	{lastError, limit}: ClaudeTurn,
	detail: string,
	wasOpen: boolean,
	nowMs: number,
) => {
	const fallback = wasOpen ? 'agent.crashed' : 'agent.unreachable';
	const code = codeOfStatus(lastError?.status) ?? codeOfKind(lastError?.kind) ?? codeOfText(detail) ?? fallback;
	return withResetMoment(agentFailure(agent, code, detail), [limit, detail], nowMs);
};

const errorsOf = ({errors}: JsonLine): string => (Array.isArray(errors) ? errors.map(String).join('; ') : '');
