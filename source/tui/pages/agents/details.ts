import type {AgentView} from '../../../api/messages.ts';
import {formatDuration} from '../../../units.ts';
import {cleanLine, cleanText} from '../../text/clean.ts';
import {type Row, span} from '../../text/row.ts';
import {wrap} from '../../text/width.ts';
import type {Look} from '../../theme.ts';
import {clockWords} from '../../times.ts';
import type {AgentActivity, AgentFailure, AgentSwitch} from './activity.ts';

interface DetailOptions {
	readonly columns: number;
	readonly rows: number;
	readonly look: Look;
	readonly nowMs: number;
}

/** All that is known of an agent: what it is, whether it works, what it did, what failed, and who took over from whom. */
export const agentDetailRowsOf = (agent: AgentView, activity: AgentActivity, options: DetailOptions): Row[] => {
	const {columns, rows} = options;
	const facts = factsOf(agent, activity, options).flatMap(([name, text]) =>
		text
			? wrap(cleanText(text), Math.max(10, columns - factColumns))
					.slice(0, factRowsMax)
					.map((line, index): Row => [span(` ${(index > 0 ? '' : name).padEnd(factColumns - 1)}`, 'muted'), span(line)])
			: [],
	);
	const left = Math.max(0, rows - facts.length);
	const failures = activity.failures.map(each => failureRowOf(each, options));
	const switches = activity.switches.map(each => switchRowOf(each, agent.id, options));
	// Each has half of what is left, and what the other does not need.
	const half = Math.floor(left / 2);
	const failureRows = Math.max(half, left - (switches.length + 1));
	return [
		...facts,
		...sectionOf('Failures', failures, failureRows),
		...sectionOf('Failovers', switches, left - Math.min(failureRows, failures.length + 1)),
	].slice(0, rows);
};

const factColumns = 14;
/** Of one fact. */
const factRowsMax = 3;

const sectionOf = (title: string, rows: readonly Row[], most: number): Row[] =>
	most < 2 ? [] : [[span(` ${title}${rows.length === 0 ? ': none' : ''}`, 'strong')], ...rows.slice(0, most - 1)];

const factsOf = (
	agent: AgentView,
	{running, ended, completed, meanMs}: AgentActivity,
	{nowMs}: DetailOptions,
): (readonly [string, string | null])[] => {
	const {detail, breaker, disabled, login, version, command, adapter, latencyMs, checkedAt, profile} = agent;
	const {provider, model, capabilities, tags, quality, priority, concurrent} = profile;
	const at = (iso: string) => clockWords(Date.parse(iso), nowMs);
	const looked = checkedAt ? `looked at ${at(checkedAt)}, in ${formatDuration(latencyMs ?? 0)}` : 'not looked at';
	const rate = ended > 0 ? `${completed} of ${ended} attempts succeeded in the last 7 days` : 'no attempt has ended';
	return [
		[
			'disabled',
			disabled && `since ${at(disabled.at)} by ${disabled.by}${disabled.reason ? `: ${disabled.reason}` : ''}`,
		],
		[
			'breaker',
			breaker &&
				`${breaker.state}, ${breaker.failures} ${breaker.failures === 1 ? 'failure' : 'failures in a row'}${breaker.untilAt ? `, until ${at(breaker.untilAt)}` : ''}`,
		],
		[
			'health',
			[agent.isHealthy ? 'works' : 'does not work', loginWords[login], detail ?? '', looked].filter(Boolean).join('; '),
		],
		['version', [version ?? 'unknown', adapter, command ?? ''].filter(Boolean).join(', ')],
		[
			'profile',
			[
				[provider, model].filter(Boolean).join(' '),
				[...capabilities, ...tags].length > 0 ? `can ${[...capabilities, ...tags].join(', ')}` : '',
				quality === null ? '' : `quality ${quality}`,
				priority === null ? '' : `priority ${priority}`,
				concurrent === null ? '' : `at most ${concurrent} attempts at once`,
			]
				.filter(Boolean)
				.join('; '),
		],
		[
			'in runs here',
			`${running > 0 ? `${running} running; ` : ''}${rate}${meanMs === undefined ? '' : `, ${formatDuration(meanMs)} on average`}`,
		],
	];
};

const loginWords: Readonly<Record<AgentView['login'], string>> = {
	in: 'logged in',
	out: 'not logged in',
	unknown: '',
};

const failureRowOf = ({atMs, code, message, where}: AgentFailure, {nowMs}: DetailOptions): Row => [
	span(` ${clockWords(atMs, nowMs).padEnd(6)} `, 'muted'),
	span(code, 'failed'),
	span(`  ${cleanText(where)}`),
	span(`  ${cleanLine(message)}`, 'muted'),
];

const switchRowOf = (
	{atMs, from, to, reason, detail, where}: AgentSwitch,
	agent: string,
	{nowMs, look}: DetailOptions,
): Row => [
	span(` ${clockWords(atMs, nowMs).padEnd(6)} `, 'muted'),
	span(`${look.glyphs.switched} `, 'retrying'),
	span(from === agent ? `to ${cleanText(to)}` : `from ${cleanText(from)}`),
	span(`  ${reason}`, 'failed'),
	span(`  ${cleanText(where)}`),
	span(`  ${cleanLine(detail)}`, 'muted'),
];
