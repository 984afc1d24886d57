import type {AgentAction} from '../../source/workflow/permissions.ts';
import type {ToolServer} from './adapter.ts';

/**
 * Whether an agent asks for leave to call one of the tools that we gave it: `mcp__aiworkflow__github_list`,
 * `mcp_aiworkflow_github_list`, `aiworkflow-github_list`, `github_list (aiworkflow MCP Server)`, as agents write it.
 */
export const isGivenTool = ({kind, tool}: AgentAction, server: ToolServer | undefined): boolean => {
	if (kind !== 'tool' || tool === undefined || !server) return false;
	const own = `(?:${server.tools.join('|')})_[\\w-]+`;
	return new RegExp(`^(?:(?:mcp_{1,2})?${server.name}[-_.:/ ]+${own}|${own} \\(${server.name} MCP Server\\).*)$`).test(
		tool.trim(),
	);
};
