import type {AgentView} from '../../client/client.ts';
import {disabledWords} from '../agent-words.ts';
import {breakerWords} from '../breaker-words.ts';
import type {Check, Finding} from './finding.ts';

/** Whether those that are installed or described work, and are logged in. */
export const checkAgents: Check = {
	name: 'agents',
	look: async ({workspace, environment, client}) => {
		const request = {workspace, environment: environment as Record<string, string>};
		const {agents} = await (await client()).checkAgents(request);
		const present = agents.filter(agent => !isAbsent(agent));
		const absent = agents.filter(isAbsent);
		return [...noneFindings(present), ...present.map(findingOfAgent), ...findingsOfAbsent(absent)];
	},
};

const noneFindings = (present: readonly AgentView[]): readonly Finding[] =>
	present.some(({adapter}) => adapter !== 'replay')
		? []
		: [
				{
					name: 'agents',
					status: 'ok',
					detail: 'none is installed: scripts and recordings run all the same',
					fix: 'Install one, such as `npm install -g @google/gemini-cli`.',
				},
			];

/** A built-in agent that is not installed is no trouble: nobody said that it is wanted. */
const isAbsent = ({id, adapter, isHealthy, detail}: AgentView): boolean =>
	id === adapter && !isHealthy && /is not installed/.test(detail ?? '');

const findingsOfAbsent = (agents: readonly AgentView[]): readonly Finding[] =>
	agents.length === 0
		? []
		: [
				{
					name: 'other agents',
					status: 'ok',
					detail: `not installed: ${agents.map(({id}) => id).join(', ')}; \`aiworkflow agents info <name>\` says how`,
				},
			];

/** @returns What there is to say of an agent that is installed or described. */
export const findingOfAgent = (agent: AgentView): Finding => {
	const {id, isHealthy, version, detail, breaker, disabled, login} = agent;
	const isOut = isHealthy && login === 'out';
	const parts = [version, disabledWords(disabled), detail, breakerWords(breaker), isOut ? 'not logged in' : undefined];
	const words = parts.filter(Boolean).join(', ');
	const isGood = isHealthy && breaker?.state !== 'open' && !isOut;
	return {
		name: `agent ${id}`,
		status: isGood ? 'ok' : 'warn',
		detail: words || (isHealthy ? 'ready' : 'cannot be used'),
		fix: fixOf(agent),
	};
};

const fixOf = ({id, isHealthy, breaker, detail, login}: AgentView): string | undefined => {
	if (isHealthy && login === 'out')
		return `Log in with its own program, or set its key; \`aiworkflow agents info ${id}\` names it.`;
	if (isHealthy)
		return breaker?.state === 'open'
			? 'Look at why with `aiworkflow daemon logs`; it is tried again by itself.'
			: undefined;
	// What is not installed says itself how to install it.
	return detail?.includes('Install it with') ? undefined : 'Check its command in .aiworkflow/agents.yaml.';
};
