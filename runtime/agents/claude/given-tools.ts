import type {ToolServer} from '../adapter.ts';

/** It does not begin before its servers are there, or its first turn would know nothing of them. */
export const claudeToolVariables = (tools: ToolServer | undefined): Readonly<Record<string, string>> =>
	tools ? {MCP_CONNECTION_NONBLOCKING: '0'} : {};
