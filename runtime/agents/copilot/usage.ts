import type {Tokens} from '../../../source/run/events.ts';
import {recordOf} from '../acp/failures.ts';
import type {AgentEvent} from '../adapter.ts';
import {countOf, isUsed, tokensSince} from '../tokens.ts';

type Usage = Extract<AgentEvent, {t: 'usage'}>;
type Facts = Readonly<Record<string, unknown>>;

const nanoPerCredit = 1_000_000_000;

/** @param data Of an `assistant.usage`: one model call. */
export const usageOfCall = (data: Facts): Usage | undefined => {
	const tokens = tokensOf(data);
	// A key of one's own bills nothing at GitHub. Premium requests count what a person asks, not each call of a turn.
	const isBilled = data.isByok !== true;
	const isFirstCall = data.initiator === undefined || data.initiator === 'user';
	const units = unitsOf(
		isBilled ? recordOf(data.copilotUsage)?.totalNanoAiu : 0,
		isBilled && isFirstCall ? data.cost : 0,
	);
	if (!isUsed(tokens) && !units) return undefined;
	return usage(tokens, units, data.model);
};

/** Turns the usage file of the headless program into differences: its sums are those of the whole session. */
export const createUsageFileMeter = (counted: Tokens | undefined) => {
	let before = new Map<string, Metrics>();
	let toSubtract = counted;
	/** @returns What is new since the last time. */
	return (file: unknown): readonly Usage[] => {
		const now = metricsOf(file);
		const told = [...now].map(([model, {tokens, nanoAiu, requests}]) => {
			const earlier = before.get(model);
			const own = tokensSince(tokens, earlier?.tokens ?? toSubtract);
			toSubtract = undefined;
			const units = unitsOf(nanoAiu - (earlier?.nanoAiu ?? 0), requests - (earlier?.requests ?? 0));
			return usage(own, units, model);
		});
		before = now;
		return told.filter(({tokens, units}) => isUsed(tokens!) || units);
	};
};

interface Metrics {
	readonly tokens: Tokens;
	readonly nanoAiu: number;
	readonly requests: number;
}

const metricsOf = (file: unknown): Map<string, Metrics> =>
	new Map(
		Object.entries(recordOf(recordOf(file)?.modelMetrics) ?? {}).map(([model, value]) => {
			const metrics = recordOf(value) ?? {};
			const cost = recordOf(metrics.requests)?.cost;
			return [
				model,
				{
					tokens: tokensOf(recordOf(metrics.usage) ?? {}),
					nanoAiu: numberOf(metrics.totalNanoAiu),
					requests: numberOf(cost),
				},
			];
		}),
	);

/** Its input has the cached tokens in it, its output the reasoning. */
const tokensOf = (data: Facts): Tokens => {
	const cachedWrite = countOf(data.cacheWriteTokens);
	return {
		input: countOf(data.inputTokens),
		cachedInput: countOf(data.cacheReadTokens),
		...(cachedWrite > 0 && {cachedWrite}),
		output: countOf(data.outputTokens),
		reasoning: countOf(data.reasoningTokens),
	};
};

const unitsOf = (nanoAiu: unknown, requests: unknown): Usage['units'] => {
	const credits = numberOf(nanoAiu) / nanoPerCredit;
	const units = {...(credits > 0 && {credits}), ...(numberOf(requests) > 0 && {requests: numberOf(requests)})};
	return Object.keys(units).length > 0 ? units : undefined;
};

/** What it costs in money, Copilot never says. */
const usage = (tokens: Tokens, units: Usage['units'], model: unknown): Usage => ({
	t: 'usage',
	tokens,
	costMicroUsd: null,
	costSource: 'none',
	...(typeof model === 'string' && {model}),
	...(units && {units}),
});

const numberOf = (value: unknown): number =>
	typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
