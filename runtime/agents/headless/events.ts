import {AiworkflowError, failureOf} from '../../../source/errors.ts';
import {agentFailure, codeOfText} from '../acp/failures.ts';
import type {AgentEvent} from '../adapter.ts';
import {createEventQueue} from '../event-queue.ts';

export type End = Extract<AgentEvent, {t: 'end'}>;

export interface EventSink {
	push(event: AgentEvent): void;
	/** Resolves while there is room; whoever reads the agent waits for it. */
	drained(): Promise<void>;
}

/** @returns What the work hands on, and its end; a start that is thrown becomes the end. */
export const eventsOf = (agent: string, work: (sink: EventSink) => Promise<End>): AsyncIterable<AgentEvent> => {
	const events = createEventQueue<AgentEvent>();
	void work(events)
		.catch((error: unknown) => endOfError(agent, error))
		.then(end => {
			events.push(end);
			events.close();
		});
	return events;
};

const endOfError = (agent: string, error: unknown): End => {
	if (error instanceof AiworkflowError) return {t: 'end', outcome: 'failed', failure: failureOf(error)};
	const detail = error instanceof Error ? error.message : String(error);
	return {t: 'end', outcome: 'failed', failure: agentFailure(agent, codeOfText(detail) ?? 'agent.unreachable', detail)};
};
