import type {AgentProfileView} from '../../source/api/messages.ts';
import type {AdapterName, AgentProfile} from '../attempts/agent-protocol.ts';

/**
 * What is believed of an agent of which nobody said more. The figures of quality are an opinion of ours, for coding tasks,
 * to be overruled under `profile:` in agents.yaml; costs come from prices and history, not from here.
 */
const builtIn: Readonly<Partial<Record<AdapterName, Partial<AgentProfile>>>> = {
	claude: {provider: 'anthropic', capabilities: ['code', 'files', 'shell', 'web', 'vision'], quality: 0.9},
	codex: {provider: 'openai', capabilities: ['code', 'files', 'shell', 'vision'], quality: 0.88},
	gemini: {
		provider: 'google',
		capabilities: ['code', 'files', 'shell', 'web', 'vision', 'long-context'],
		quality: 0.82,
	},
	opencode: {capabilities: ['code', 'files', 'shell', 'web'], quality: 0.8},
	copilot: {provider: 'github', capabilities: ['code', 'files', 'shell'], quality: 0.8},
	cursor: {capabilities: ['code', 'files', 'shell'], quality: 0.8},
	aider: {capabilities: ['code', 'files'], quality: 0.75},
	api: {capabilities: ['text'], quality: 0.7},
	replay: {capabilities: ['code', 'files', 'shell', 'web', 'vision', 'text'], quality: 0},
};

/** @returns The profile of an agent: what its description says, else what is known of its adapter. */
export const profileOf = (adapter: AdapterName, own: Partial<AgentProfile> | undefined): AgentProfile => ({
	capabilities: [],
	tags: [],
	...builtIn[adapter],
	...Object.fromEntries(Object.entries(own ?? {}).filter(([, value]) => value !== undefined)),
});

/** @returns A profile as the API tells it. */
export const profileViewOf = (profile: AgentProfile): AgentProfileView => ({
	provider: profile.provider ?? null,
	model: profile.model ?? null,
	capabilities: profile.capabilities,
	tags: profile.tags,
	quality: profile.quality ?? null,
	latencyMs: profile.latencyMs ?? null,
	concurrent: profile.concurrent ?? null,
	priority: profile.priority ?? null,
});
