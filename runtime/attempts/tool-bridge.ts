import type {ToolDefinition} from '../../source/tools/definition.ts';
import type {GivenTool} from '../../source/workflow/given-tools.ts';

/**
 * How the tools that an agent is given reach it. The agent starts the bridge, a server of MCP made of them, or a command
 * does for a single call; either opens the tools, for it alone is told what they are and which secrets they need: by a file
 * of the attempt's private folder that is gone when the attempt has ended.
 *
 * Before each call the bridge asks the agent host, over a socket, one JSON object a line each way. The host knows what the
 * agent may do, asks the daemon about the rest, and journals what was called.
 */
export interface BridgeRequest {
	readonly version: 1;
	readonly tools: readonly BridgedTool[];
	readonly workspace: string;
	/** Working folder of the processes of tools. */
	readonly cwd: string;
}

export interface BridgedTool extends GivenTool {
	/** With the implementations that may be asked, in this order. */
	readonly definition: ToolDefinition;
	/** Of its processes; what only other tools need is not in it. */
	readonly environment: Readonly<Record<string, string>>;
	/** Those that its file reads, by name. */
	readonly secrets: Readonly<Record<string, string>>;
}

/** What the bridge tells the host. */
export type BridgeMessage =
	/** It waits for a {@link HostMessage} with the same id before it calls anything. */
	| {
			readonly t: 'ask';
			readonly id: string;
			readonly tool: string;
			readonly operation: string;
			readonly isReadOnly: boolean;
			readonly arguments: Readonly<Record<string, unknown>>;
	  }
	/** The call with leave `id` is on its way. */
	| {readonly t: 'begun'; readonly id: string}
	| {readonly t: 'ended'; readonly id: string; readonly code?: string; readonly durationMs: number}
	/** For the people who look at the run: a tool that cannot be opened. */
	| {readonly t: 'warning'; readonly message: string};

export interface HostMessage {
	readonly t: 'leave';
	readonly id: string;
	readonly isAllowed: boolean;
	/** Why it is not, for the agent. */
	readonly why?: string;
}

/** The name under which agents know the bridge: another than people would give to tools that they serve by themselves. */
export const bridgeName = 'workflow';
