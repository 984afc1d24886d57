import {recordOf} from './acp/failures.ts';
import {createAcpAdapter} from './acp.ts';
import type {AdapterFactory, AgentAccess, ToolServer} from './adapter.ts';
import {builtInDialect} from './built-in-dialect.ts';

/** OpenCode, which speaks ACP itself. By default it writes and runs without asking, so it is told to ask. */
export const createOpencodeAdapter: AdapterFactory = (spec, environment) => {
	const dialect = builtInDialect('opencode', spec, environment, (launch, access, tools) => {
		const given = launch.set.OPENCODE_CONFIG_CONTENT ?? environment.OPENCODE_CONFIG_CONTENT;
		return {...launch, set: {...launch.set, OPENCODE_CONFIG_CONTENT: withPermissions(given, access, tools)}};
	});
	// Models are named `provider/model`.
	const providerOf = (model: string | undefined) => /^([\w-]+)\//.exec(model ?? '')?.[1];
	return createAcpAdapter(spec, environment, {...dialect, providerOf});
};

type Rule = 'allow' | 'ask' | 'deny';
type Rules = Readonly<Record<string, Rule | Readonly<Record<string, Rule>>>>;

const acting = ['edit', 'bash', 'webfetch', 'websearch', 'external_directory', 'task', 'skill'] as const;

/** What only looks, as OpenCode itself has it; a later rule comes before an earlier one. */
const looking: Rules = {
	read: {'*': 'allow', '*.env': 'ask', '*.env.*': 'ask', '*.env.example': 'allow'},
	glob: 'allow',
	grep: 'allow',
	list: 'allow',
	lsp: 'allow',
	todoread: 'allow',
	todowrite: 'allow',
	question: 'deny',
};

/** @param given The user's own `OPENCODE_CONFIG_CONTENT`; of its permissions only what it denies is kept. */
const withPermissions = (given: string | undefined, access: AgentAccess, tools: ToolServer | undefined): string => {
	const config = given === undefined ? {} : parsed(given);
	const permission = recordOf(config.permission) ?? {};
	const denied = Object.entries(permission).filter(([, rule]) => rule === 'deny');
	const rule: Rule = access === 'read-only' ? 'deny' : 'ask';
	// The bridge to given tools asks by itself.
	const ofTools: Rules = tools ? {[`${tools.name}_*`]: 'allow'} : {};
	const rules: Rules = {'*': rule, ...looking, ...Object.fromEntries(acting.map(name => [name, rule])), ...ofTools};
	return JSON.stringify({...config, permission: {...rules, ...Object.fromEntries(denied)}});
};

const parsed = (given: string): Readonly<Record<string, unknown>> => {
	try {
		return recordOf(JSON.parse(given)) ?? {};
	} catch {
		return {};
	}
};
