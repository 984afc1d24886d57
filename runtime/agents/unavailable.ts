import {AiworkflowError} from '../../source/errors.ts';
import type {AgentAdapter} from './adapter.ts';
import type {AgentSpec} from './spec.ts';

export const agentMissing = (agent: string, what: string, install: string) =>
	new AiworkflowError({
		code: 'agent.unreachable',
		message: `Agent "${agent}" cannot be started: ${what} is not installed.`,
		suggestion: `Install it with \`${install}\`, or name another agent with \`--agent\`.`,
		retryable: true,
	});

export const commandMissing = (agent: string, command: string) =>
	new AiworkflowError({
		code: 'agent.unreachable',
		message: `Agent "${agent}" cannot be started: the command "${command}" is not on the PATH.`,
		suggestion: 'Check the command in .aiworkflow/agents.yaml and run `aiworkflow doctor`.',
		retryable: true,
	});

export const readOnlyUnknown = (agent: string) =>
	new AiworkflowError({
		code: 'agent.unreachable',
		message: `Agent "${agent}" cannot be started: this run may only read, and the agent has no mode for that.`,
		suggestion: 'Name another agent with `--agent`, or give it a `read-only-mode:` in .aiworkflow/agents.yaml.',
		retryable: true,
	});

export const sessionLost = (agent: string, detail: string) =>
	new AiworkflowError({
		code: 'agent.session-lost',
		message: `Agent "${agent}" cannot go on with its session: ${detail}`,
		suggestion: 'Let it begin again: what it wrote is in the workspace, what it said in `aiworkflow runs logs`.',
		retryable: true,
	});

/** Stands in for an agent that this build cannot run: it says so, in health and when it is asked to work. */
export const unavailableAdapter = (spec: AgentSpec, reason: string): AgentAdapter => ({
	id: spec.id,
	capabilities: {
		approvals: 'none',
		resume: 'none',
		readOnly: false,
		deltas: false,
		turns: false,
		cost: 'none',
		tools: 'none',
		isReplay: false,
	},
	health: () =>
		Promise.resolve({
			id: spec.id,
			adapter: spec.adapter,
			command: spec.command ?? null,
			isHealthy: false,
			version: null,
			detail: reason,
		}),
	async *run() {
		yield {
			t: 'end',
			outcome: 'failed',
			failure: {
				code: 'agent.unreachable',
				message: `Agent "${spec.id}" cannot be started: ${reason}`,
				suggestion: 'Name another agent with `--agent`; `aiworkflow agents list` shows those that work.',
				retryable: true,
			},
		};
	},
});
