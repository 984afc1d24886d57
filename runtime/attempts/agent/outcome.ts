import {agentUnreachable, type Failure, failureOf} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import type {AgentMark} from '../../../source/run/events.ts';
import type {AttemptContext, AttemptOutcome} from '../../engine/parts.ts';
import type {HostResult} from '../agent-protocol.ts';
import type {SupervisedExit} from '../supervised.ts';
import {agentTimedOut, hostDied, outputSecret, outputTooLarge} from './failures.ts';

/** Why the daemon ended the attempt, where it did. */
export type Ending = 'asked' | 'timed-out' | 'too-large' | undefined;

export interface AttemptEnd {
	readonly exit: SupervisedExit;
	/** `undefined`: the host died before it could say. */
	readonly result: HostResult | undefined;
	readonly ending: Ending;
	readonly agent: AgentMark;
	/** The last of what the host and the agent said on standard error. */
	readonly errorTail: string;
}

type Place = Pick<AttemptContext, 'stepId' | 'secrets'>;

/** How an agent attempt ended, as the engine sees it. Pure. */
export const outcomeOf = (place: Place, {exit, result, ending, errorTail, ...end}: AttemptEnd): AttemptOutcome => {
	const agent = {...end.agent, model: result?.model ?? end.agent.model};
	const text = result?.text;
	// What was complete before it was stopped stays complete.
	if (result?.outcome === 'ok') return completed(place, result, agent);
	if (result?.outcome === 'failed') return {status: 'failed', failure: result.failure!, text, agent};
	if (ending === 'asked') return {status: 'cancelled', text};
	if (ending) return {status: 'failed', failure: failureOfEnding(place, ending, agent), text, agent};
	// Cancelled by somebody else: the machine goes down, most likely.
	if (result) return {status: 'interrupted', reason: 'vanished'};
	if (exit.status === 'interrupted') return exit;
	const failure =
		exit.status === 'unstartable'
			? failureOf(agentUnreachable(agent.id, exit.detail))
			: hostDied(agent.id, exit.code, errorTail);
	return {status: 'failed', failure, agent};
};

const completed = ({stepId, secrets}: Place, {outputs, text}: HostResult, agent: AgentMark): AttemptOutcome => {
	const leak = Object.entries(outputs).find(([, value]) => holdsAny(value, secrets));
	return leak
		? {status: 'failed', failure: outputSecret(stepId, leak[0]), text, agent}
		: {status: 'completed', outputs, text, agent};
};

const holdsAny = (value: unknown, secrets: readonly string[]) => {
	const written = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
	return secrets.some(secret => secret !== '' && written.includes(secret));
};

const failureOfEnding = ({stepId}: Place, ending: 'timed-out' | 'too-large', agent: AgentMark): Failure =>
	ending === 'timed-out' ? agentTimedOut(agent.id) : outputTooLarge(stepId, limits.outputBytesMax);
