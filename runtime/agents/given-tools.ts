import type {AgentAction} from '../../source/workflow/permissions.ts';
import type {ToolServer} from './adapter.ts';

/**
 * Whether an agent asks for leave to call one of the tools that we gave it: `mcp__workflow__github_list`,
 * `mcp_workflow_github_list`, `workflow-github_list`, `github_list (workflow MCP Server)`, as agents write it.
 */
export const isGivenTool = ({kind, tool}: AgentAction, server: ToolServer | undefined): boolean => {
	if (kind !== 'tool' || tool === undefined || !server) return false;
	const own = `(?:${server.tools.join('|')})_[\\w-]+`;
	return new RegExp(
		`^(?:(?:mcp_{1,2})?(?:${server.name}[-_.:/ ]+)+${own}|${own} \\(${server.name} MCP Server\\).*)$`,
	).test(tool.trim());
};
