import type {AgentView} from '../../../source/api/messages.ts';

/** An agent as the daemon tells of it: one that works. */
export const agentView = (id: string, change: Partial<AgentView> = {}): AgentView => ({
	id,
	adapter: id,
	command: `/usr/bin/${id}`,
	isHealthy: true,
	version: '1.2.3',
	detail: null,
	login: 'in',
	latencyMs: 840,
	checkedAt: '2026-11-20T14:00:00.000Z',
	profile: {
		provider: 'anthropic',
		model: null,
		capabilities: ['edit', 'run'],
		tags: [],
		quality: 0.9,
		latencyMs: null,
		concurrent: null,
		priority: null,
	},
	breaker: null,
	isPreferred: false,
	disabled: null,
	...change,
});
