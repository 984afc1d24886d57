import {createAcpAdapter} from './acp.ts';
import type {AdapterFactory} from './adapter.ts';
import {builtInDialect} from './built-in-dialect.ts';

/** Claude Code through claude-agent-acp, which runs the user's own `claude` where there is one. */
export const createClaudeAdapter: AdapterFactory = (spec, environment) =>
	createAcpAdapter(spec, environment, builtInDialect('claude', spec, environment));
