import type {PermissionRules} from '../../workflow/permissions.ts';
import {isRecord, listOf} from '../front-matter.ts';
import type {Notes} from '../notes.ts';
import type {SourceFile} from '../source-file.ts';

/** What `tools:` and `network:` let the agent do without asking; `permissions:` of GitHub are about its own token. */
export const permissionRulesOf = ({front}: SourceFile, notes: Notes): {readonly permissions?: PermissionRules} => {
	const rules: {-readonly [K in keyof PermissionRules]: PermissionRules[K]} = {};
	const tools = front?.value('tools');
	const line = front?.lineOf('tools') ?? 1;
	for (const [name, value] of Object.entries(isRecord(tools) ? tools : {})) {
		const patterns =
			name === 'bash' ? listOf(value).filter(each => each !== '*' && each !== ':*' && each !== 'true') : [];
		if (patterns.length > 0) {
			rules.run = patterns.map(each => each.replace(/[:\s]\*$/, ' *'));
			notes.carried(line, 'tools: bash', `permissions: run: ${rules.run.join(', ')}`);
		} else if (name === 'edit') {
			rules.write = ['**'];
			notes.carried(line, 'tools: edit', 'permissions: write: **, which is the workspace');
		} else {
			notes.dropped(
				line,
				`tools: ${name}`,
				reasons[name] ?? 'is a tool of another runner',
				advice[name] ?? 'Describe it in .aiworkflow/tools, or set the MCP server up where the agent finds it.',
			);
		}
	}

	const network = front?.value('network');
	const hosts = (isRecord(network) ? listOf(network.allowed) : []).filter(host => host.includes('.'));
	if (hosts.length > 0) {
		rules.network = hosts;
		notes.carried(front!.lineOf('network'), 'network', `permissions: network: ${hosts.join(', ')}`);
	} else if (network !== undefined) {
		notes.dropped(
			front!.lineOf('network'),
			'network',
			"is a firewall of GitHub's machines; here the agent asks for each host",
			'Name hosts under `permissions: network:`.',
		);
	}

	if (front?.value('permissions') !== undefined)
		notes.dropped(
			front.lineOf('permissions'),
			'permissions',
			"are about GitHub's own token; here `gh` has the rights of your login",
			'Log in with a token that may do no more than this.',
		);
	if (front?.value('mcp-servers') !== undefined)
		notes.dropped(
			front.lineOf('mcp-servers'),
			'mcp-servers',
			'are not part of a workflow file',
			'Describe each in .aiworkflow/tools, or set it up where the agent finds it.',
		);
	return Object.keys(rules).length > 0 ? {permissions: rules} : {};
};

const reasons: Readonly<Record<string, string>> = {
	bash: 'would allow every command; the agent asks instead',
	github: "is an MCP server of GitHub's runner; the agent can use `gh`",
	'web-fetch': 'is part of the agent here',
	'web-search': 'is part of the agent here',
	'cache-memory': 'is memory of another runner',
	'repo-memory': 'is memory of another runner',
};

const advice: Readonly<Record<string, string>> = {
	bash: 'Name commands under `permissions: run:`.',
	github: 'Allow `gh` under `permissions: run:`, such as `gh issue view *`.',
	'web-fetch': 'Name hosts under `permissions: network:`.',
	'web-search': 'Name hosts under `permissions: network:`.',
};
