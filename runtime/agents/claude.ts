import {createAcpAdapter} from './acp.ts';
import type {AdapterFactory} from './adapter.ts';
import {builtInDialect} from './built-in-dialect.ts';
import {claudeToolVariables} from './claude/given-tools.ts';

/** Claude Code through claude-agent-acp, which runs the user's own `claude` where there is one. */
export const createClaudeAdapter: AdapterFactory = (spec, environment) =>
	createAcpAdapter(
		spec,
		environment,
		builtInDialect('claude', spec, environment, (launch, _access, tools) => ({
			...launch,
			set: {...claudeToolVariables(tools), ...launch.set},
		})),
	);
