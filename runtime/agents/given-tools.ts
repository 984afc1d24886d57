import type {AgentEvent, ToolServer} from './adapter.ts';

type Asked = Pick<Extract<AgentEvent, {t: 'approval'}>, 'title' | 'action'>;

/**
 * Whether an agent asks for leave to call one of the tools that we gave it: `mcp__workflow__github_list`,
 * `mcp_workflow_github_list`, `workflow-github_list`, `github_list (workflow MCP Server)`, as agents write it. Codex calls it
 * running something, and names no command: `mcp.workflow.github_list`.
 */
export const isGivenTool = ({title, action}: Asked, server: ToolServer | undefined): boolean => {
	const isTool = action.kind === 'tool' || (action.kind === 'run' && action.command === undefined);
	if (!isTool || !server) return false;
	const own = `(?:${server.tools.join('|')})_[\\w-]+`;
	const names = `(?:mcp(?:_{1,2}|\\.))?(?:${server.name}[-_.:/ ]+)+${own}|${own} \\(${server.name} MCP Server\\).*`;
	return new RegExp(`^(?:${names})$`).test((action.tool ?? title).trim());
};
