import type {ToolCallUpdate} from '@agentclientprotocol/sdk';
import {recordOf} from './failures.ts';

/** What the updates of a session said of each tool call, for permission requests that say less. */
export interface ToolCalls {
	onUpdate(params: unknown): void;
	/** @returns The call with what is known of it filled in; what the request itself says comes first. */
	complete(toolCall: ToolCallUpdate): ToolCallUpdate;
}

/** Calls that are remembered, the newest. */
const callsMax = 200;

export const createToolCalls = (): ToolCalls => {
	const calls = new Map<string, Readonly<Record<string, unknown>>>();
	return {
		onUpdate(params) {
			const update = recordOf(recordOf(params)?.update);
			const id = update?.toolCallId;
			if (typeof id !== 'string' || !/^tool_call/.test(String(update?.sessionUpdate))) return;
			calls.set(id, merged(calls.get(id), update!));
			if (calls.size > callsMax) calls.delete(calls.keys().next().value!);
		},
		complete: toolCall =>
			merged(
				calls.get(toolCall.toolCallId),
				toolCall as unknown as Record<string, unknown>,
			) as unknown as ToolCallUpdate,
	};
};

const fields = ['toolCallId', 'title', 'name', 'kind', 'content', 'locations', 'rawInput'] as const;

const merged = (before: Readonly<Record<string, unknown>> = {}, after: Readonly<Record<string, unknown>>) =>
	Object.fromEntries(fields.map(name => [name, isSaid(after[name]) ? after[name] : before[name]]));

const isSaid = (value: unknown): boolean => {
	if (value === undefined || value === null) return false;
	return typeof value !== 'object' || Object.keys(value).length > 0;
};
