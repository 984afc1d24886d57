import {createAcpAdapter} from './acp.ts';
import type {AdapterFactory} from './adapter.ts';
import {createAiderAdapter} from './aider.ts';
import {createApiAdapter} from './api.ts';
import {findProgram} from './built-in-dialect.ts';
import {catalogue, isBuiltInId} from './catalogue.ts';
import {createClaudeAdapter} from './claude.ts';
import {createCodexAdapter} from './codex.ts';
import {createCopilotAdapter} from './copilot.ts';
import {createCursorAdapter} from './cursor.ts';
import {createGeminiAdapter} from './gemini.ts';
import {createHeadlessClaudeAdapter} from './headless/claude.ts';
import {createHeadlessCodexAdapter} from './headless/codex.ts';
import {createHeadlessCopilotAdapter} from './headless/copilot.ts';
import {createOpencodeAdapter} from './opencode.ts';
import {createReplayAdapter} from './replay.ts';
import type {AgentSpec} from './spec.ts';
import {unavailableAdapter} from './unavailable.ts';

type Factories = Readonly<Partial<Record<AgentSpec['adapter'], AdapterFactory>>>;

/** One line per way to run an agent. */
const factories: Factories = {
	acp: createAcpAdapter,
	aider: createAiderAdapter,
	api: createApiAdapter,
	claude: createClaudeAdapter,
	codex: createCodexAdapter,
	copilot: createCopilotAdapter,
	cursor: createCursorAdapter,
	gemini: createGeminiAdapter,
	opencode: createOpencodeAdapter,
	replay: createReplayAdapter,
};

/** The same agents without ACP: one JSON line per event on standard output. */
const headless: Factories = {
	claude: createHeadlessClaudeAdapter,
	codex: createHeadlessCodexAdapter,
	copilot: createHeadlessCopilotAdapter,
};

export const createAdapter: AdapterFactory = (spec, environment) => {
	const isHeadless = (spec.protocol ?? bestProtocolOf(spec, environment)) === 'headless';
	const factory = (isHeadless ? headless : factories)[spec.adapter];
	if (factory) return factory(spec, environment);
	const way = isHeadless ? `adapter "${spec.adapter}" with \`protocol: headless\`` : `adapter "${spec.adapter}"`;
	return unavailableAdapter(spec, `this build has no ${way}.`);
};

/**
 * Headless where only the agent itself is installed, without its bridge to ACP, and asks that way as well: what it may do
 * does not depend on what is installed.
 */
const bestProtocolOf = (spec: AgentSpec, environment: Readonly<Record<string, string>>): 'acp' | 'headless' => {
	const alternative = headless[spec.adapter]?.(spec, environment);
	if (alternative?.capabilities.approvals !== 'ask' || !isBuiltInId(spec.adapter) || spec.command) return 'acp';
	const {bridges, commands} = catalogue[spec.adapter];
	if (!bridges || findProgram(commands, spec, environment)) return 'acp';
	return findProgram([bridges.command], spec, environment) ? 'headless' : 'acp';
};
