import type {AgentTroubleView, CostForecast, CostLimitView, CostSummary} from '../../../source/api/messages.ts';
import type {ResourceValues} from '../../../source/tui/fetched/definitions.ts';
import {agentView} from './agent-view.ts';
import {noonMs} from './states.ts';

const rowOf = (name: string | null, knownCostUsd: number, unknown = 0, requests = 4) => ({
	...{name, knownCostUsd, unknown, requests, inputTokens: Math.round(knownCostUsd * 61_000), outputTokens: 2400},
	costUsd: unknown > 0 ? null : knownCostUsd,
});

export const summaryOf = (by: CostSummary['by'], ...rows: ReturnType<typeof rowOf>[]): CostSummary => {
	const sum = (pick: (row: ReturnType<typeof rowOf>) => number) => rows.reduce((total, row) => total + pick(row), 0);
	const unknown = sum(row => row.unknown);
	const knownCostUsd = Math.round(sum(row => row.knownCostUsd) * 1e6) / 1e6;
	return {
		by,
		rows,
		total: {
			...rowOf(
				'all',
				knownCostUsd,
				unknown,
				sum(row => row.requests),
			),
		},
	};
};

export const limitOf = (change: Partial<CostLimitView> = {}): CostLimitView => ({
	...{scope: 'workspace', name: '/src/shop', period: 'day', usd: 20, tokens: null, requests: null},
	...{spentUsd: 1.84, spentTokens: 0, spentRequests: 0, unknown: 1, remainingUsd: 18.16, onExceed: 'pause'},
	resetsAt: '2026-11-21T00:00:00.000Z',
	...change,
});

export const forecastOf = (change: Partial<CostForecast> = {}): CostForecast => ({
	...{spentUsd: 0.51, likelyUsd: 0.72, knownUsd: 0.72, budgetUsd: 0.5, crossesIn: 'fix', unknownSteps: []},
	...change,
});

export const troubleOf = (id: string, change: Partial<AgentTroubleView> = {}): AgentTroubleView => ({
	...{id, breaker: null, disabled: null, isPreferred: false, detail: null},
	...change,
});

const open = {state: 'open', failures: 5, untilAt: new Date(noonMs + 3_469_000).toISOString()} as const;

/** A day on which money is spent, one breaker is open and one agent is disabled. */
export const spentDay = (): Partial<ResourceValues> => ({
	today: summaryOf(
		'hour',
		rowOf('2026-11-20T09', 0.4),
		rowOf('2026-11-20T10', 0.62),
		rowOf('2026-11-20T13', 0.22),
		rowOf('2026-11-20T14', 0.6, 1),
	),
	recent: summaryOf('minute', rowOf('2026-11-20T13:59', 0.31), rowOf('2026-11-20T14:02', 0.36)),
	limits: [
		limitOf(),
		limitOf({
			scope: 'agent',
			name: 'claude',
			usd: null,
			requests: 100,
			spentRequests: 83,
			period: 'hour',
			onExceed: 'stop',
		}),
		limitOf({
			scope: 'workflow',
			name: 'nightly',
			usd: 2,
			spentUsd: 2.1,
			unknown: 0,
			period: 'week',
			onExceed: 'downgrade',
		}),
	],
	forecasts: {'r-fix': forecastOf()},
	troubles: [
		troubleOf('codex', {breaker: open}),
		troubleOf('gemini', {disabled: {at: '2026-11-20T13:00:00.000Z', by: 'ada', reason: null}}),
	],
	breakdown: summaryOf('agent', rowOf('claude', 1.41), rowOf('codex', 0.43, 1), rowOf(null, 0, 2)),
	trend: summaryOf('hour', rowOf('2026-11-20T09', 0.4), rowOf('2026-11-20T10', 0.62), rowOf('2026-11-20T14', 0.82)),
	todayByAgent: summaryOf('agent', rowOf('claude', 1.41), rowOf('codex', 0, 1)),
	agents: [
		agentView('claude'),
		agentView('codex', {breaker: open, login: 'unknown'}),
		agentView('gemini', {disabled: {at: '2026-11-20T13:00:00.000Z', by: 'ada', reason: 'the quota is for tonight'}}),
		agentView('opencode', {login: 'out'}),
		agentView('mine', {isHealthy: false, detail: 'It does not speak the protocol: its first line is no JSON.'}),
		agentView('cursor', {isHealthy: false, version: null, detail: 'the command "cursor-agent" is not on the PATH.'}),
	],
});
