import {expect, test} from 'vitest';
import {isGivenTool} from '../../../runtime/agents/given-tools.ts';

const server = {name: 'workflow', command: 'node', args: [], tools: ['github', 'my-files']};
const asked = (title: string, kind: 'tool' | 'run' | 'write' = 'tool', command?: string) =>
	isGivenTool({title, action: {kind, ...(kind === 'tool' && {tool: title}), command}}, server);

test.each([
	'mcp__workflow__github_list',
	'mcp_workflow_github_list',
	'workflow_my-files_read',
	'workflow-workflow-github_list',
	'github_list (workflow MCP Server)',
])('%s is a given tool, as agents write it', name => {
	expect(asked(name)).toBe(true);
});

test('what Codex asks to run, naming no command, is one', () => {
	expect(asked('mcp.workflow.github_list', 'run')).toBe(true);
	expect(asked('mcp.workflow.github_list', 'run', 'mcp.workflow.github_list')).toBe(false);
});

test.each([
	'github_list',
	'mcp__other__github_list',
	'mcp__workflow__shell_run',
	'mcp__workflow__github_list; rm -rf x',
])('%s is none', name => {
	expect(asked(name)).toBe(false);
});

test('an edit is none, whatever it is called, and nothing is where nothing is given', () => {
	expect(asked('mcp__workflow__github_list', 'write')).toBe(false);
	const action = {kind: 'tool', tool: 'mcp__workflow__github_list'} as const;
	expect(isGivenTool({title: action.tool, action}, undefined)).toBe(false);
});
