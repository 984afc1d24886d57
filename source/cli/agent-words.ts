import path from 'node:path';
import type {AgentView, DisabledView} from '../api/messages.ts';
import {formatDuration} from '../units.ts';
import {findWorkspace} from '../workflow-files.ts';
import {breakerWords} from './breaker-words.ts';
import type {Output} from './output.ts';

/** The folder of `--workspace`, else the workspace this folder is in. */
export const workspaceOf = ({workspace}: {readonly workspace: string | undefined}): string =>
	path.resolve(workspace ?? findWorkspace(process.cwd()));

/** One row of a list: whether it works, its name, how it is spoken to, its version, what there is to say. */
export const agentRowOf = (agent: AgentView, output: Output): string[] => [
	markedNameOf(agent, output),
	agent.adapter,
	agent.version ?? '',
	stateWordsOf(agent),
];

/** All that is known of an agent, a line for each thing. */
export const agentLinesOf = (agent: AgentView, output: Output): string[] => {
	const {adapter, command, version, login, latencyMs, checkedAt, profile} = agent;
	const facts: readonly (readonly [string, string | null])[] = [
		['state', stateWordsOf(agent)],
		['looked at', checkedAt && `${checkedAt}, in ${formatDuration(latencyMs ?? 0)}`],
		['login', loginWords[login]],
		['version', version],
		['command', command],
		['adapter', adapter],
		['provider', profile.provider],
		['model', profile.model],
		['can', profile.capabilities.join(', ')],
		['tags', profile.tags.join(', ')],
		['quality', profile.quality === null ? null : `${profile.quality} of 1, an opinion`],
		['answers', profile.latencyMs === null ? null : `within ${formatDuration(profile.latencyMs)}`],
		['priority', profile.priority === null ? null : String(profile.priority)],
		['at once', profile.concurrent === null ? null : `${profile.concurrent} attempts`],
	];
	const lines = facts.flatMap(([name, text]) =>
		text ? [`  ${output.paint.dim(name.padEnd(nameWidth))}  ${text}`] : [],
	);
	return [markedNameOf(agent, output), ...lines];
};

const nameWidth = 'looked at'.length;

const markedNameOf = ({id, isHealthy, breaker, disabled}: AgentView, {paint}: Output): string =>
	`${isHealthy && !disabled && breaker?.state !== 'open' ? paint.green('✓') : paint.yellow('!')} ${id}`;

const stateWordsOf = ({isHealthy, detail, login, breaker, disabled, isPreferred}: AgentView): string =>
	[
		isPreferred ? 'preferred' : '',
		disabledWords(disabled),
		detail?.replace(/\.$/, ''),
		login === 'out' ? 'not logged in' : '',
		breakerWords(breaker),
	]
		.filter(Boolean)
		.join('; ') || (isHealthy ? 'ready' : 'cannot be used');

/** `disabled by ada: too dear`; empty where it is not. */
export const disabledWords = (disabled: DisabledView | null): string =>
	disabled ? `disabled by ${disabled.by}${disabled.reason ? `: ${disabled.reason}` : ''}` : '';

const loginWords: Readonly<Record<AgentView['login'], string>> = {
	in: 'logged in, as it says itself',
	out: 'not logged in, as it says itself',
	unknown: 'not told',
};
