import type {Failure} from '../../../source/errors.ts';
import {agentFailure, codeOfText} from './failures.ts';
import {type FailureMark, sessionFailureOf} from './updates.ts';

/** What was seen of a turn, besides its response. */
export interface TurnFacts {
	readonly marks: readonly FailureMark[];
	/** The beginning of its text. */
	readonly textStart: string;
	/** The piece of text that came last. */
	readonly lastPiece: string;
	/** Whether any tokens were reported for it. */
	readonly hasUsage: boolean;
	/** Whether a permission was rejected. */
	readonly hasRejected: boolean;
	/** Whether it said anything after the last rejection. */
	readonly hasSpokenSince: boolean;
}

/**
 * Whether a turn that ended really ended well: `end_turn` alone proves nothing. Codex and Copilot answer a rate limit with
 * it, and Claude does once it may report failures apart.
 *
 * @returns `undefined` where nothing speaks against it.
 */
export const failureOfTurn = (
	agent: string,
	response: {readonly stopReason?: unknown; readonly _meta?: unknown},
	facts: TurnFacts,
): Failure | undefined => {
	const reported = sessionFailureOf(response._meta);
	const hint = facts.marks.findLast(mark => mark.code !== undefined);
	if (reported?.severity === 'error') {
		const {code, detail} = reported.mark;
		return agentFailure(agent, code ?? codeOfText(detail) ?? hint?.code ?? 'agent.crashed', detail);
	}

	if (facts.marks.some(mark => mark.isFinal)) {
		const detail = facts.marks.findLast(mark => mark.detail)?.detail || facts.textStart;
		return agentFailure(agent, hint?.code ?? codeOfText(detail) ?? 'agent.crashed', detail);
	}

	// Copilot has no other sign than this: an error as its first words, or as one piece at the end.
	const words = [facts.textStart, facts.lastPiece].find(text => /^\s*Error: /.test(text));
	if (words !== undefined && !facts.hasUsage) return agentFailure(agent, codeOfText(words) ?? 'agent.crashed', words);
	return failureOfStopReason(agent, response.stopReason, facts);
};

const failureOfStopReason = (agent: string, stopReason: unknown, facts: TurnFacts): Failure | undefined => {
	switch (stopReason) {
		case 'end_turn':
			// OpenCode and Copilot end their turn so, without another word.
			return facts.hasRejected && !facts.hasSpokenSince ? endedOverRejection(agent) : undefined;
		case 'refusal':
			return agentFailure(agent, 'agent.refused', facts.textStart || 'it refused.');
		case 'max_tokens':
			return agentFailure(agent, 'agent.incomplete', 'it reached the largest number of tokens of its model.');
		case 'max_turn_requests':
			return agentFailure(agent, 'agent.incomplete', 'it reached the largest number of model calls in one turn.');
		case 'cancelled':
			return facts.hasRejected
				? endedOverRejection(agent)
				: agentFailure(agent, 'agent.incomplete', 'it cancelled its own turn.');
		default:
			return agentFailure(agent, 'agent.crashed', `it ended its turn for an unknown reason (${String(stopReason)}).`);
	}
};

const endedOverRejection = (agent: string) =>
	agentFailure(agent, 'agent.refused', 'it ended its turn because a permission was rejected.');
