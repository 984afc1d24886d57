import type {Tokens} from '../../../source/run/events.ts';
import type {MicroUsd} from '../../../source/units.ts';
import type {AgentEvent} from '../adapter.ts';
import {recordOf} from './failures.ts';

type Usage = Extract<AgentEvent, {t: 'usage'}>;

/** Turns what one session reports into deltas. */
export interface UsageMeter {
	/** The model of the session, for what names none. */
	setModel(model: string | undefined): void;
	/** @param update `usage_update`: its cost is the whole session's so far. @returns What is new, `undefined` for nothing. */
	onUpdate(update: {readonly cost?: unknown; readonly _meta?: unknown}): Usage | undefined;
	/** @param response The end of a turn: its tokens are the turn's. */
	onTurnEnd(response: {readonly usage?: unknown; readonly _meta?: unknown}): readonly Usage[];
}

/** @param options.countedMicroUsd What is recorded already of a session that is gone on with. */
export const createUsageMeter = (
	options: {
		readonly countedMicroUsd?: MicroUsd;
		readonly providerOf?: (model: string | undefined) => string | undefined;
	} = {},
): UsageMeter => {
	let countedMicroUsd = options.countedMicroUsd ?? 0;
	let isFirst = true;
	let hasTurnCost = false;
	let sessionModel: string | undefined;
	const served = (model: string | undefined) => {
		const provider = options.providerOf?.(model ?? sessionModel);
		return {model, ...(provider !== undefined && {provider})};
	};

	return {
		setModel(model) {
			sessionModel = model;
		},
		onUpdate({cost, _meta}) {
			const {amount, currency} = recordOf(cost) ?? {};
			if (typeof amount !== 'number' || !Number.isFinite(amount) || currency !== 'USD') return undefined;
			// Each difference is of rounded sums, so that the differences add up to the sum. An agent that has no price for
			// its model reports 0: that is unknown, not free.
			const totalMicroUsd = Math.round(amount * 1_000_000);
			if (totalMicroUsd <= 0) return undefined;
			// A session gone on with that says less than what is counted has begun to count anew.
			if (isFirst && totalMicroUsd < countedMicroUsd) countedMicroUsd = 0;
			isFirst = false;
			const costMicroUsd = totalMicroUsd - countedMicroUsd;
			if (costMicroUsd <= 0) return undefined;
			countedMicroUsd = totalMicroUsd;
			hasTurnCost = true;
			const model = textOf(recordOf(_meta)?.['_claude/model']);
			return {t: 'usage', tokens: null, costMicroUsd, costSource: 'agent', ...served(model)};
		},
		onTurnEnd({usage, _meta}) {
			const perModel = quotaOf(_meta);
			const tokens = tokensOfUsage(usage);
			// The agent told the cost of the turn apart from its tokens: these cost nothing on top of it.
			const priced = hasTurnCost
				? ({costMicroUsd: 0, costSource: 'agent'} as const)
				: ({costMicroUsd: null, costSource: 'none'} as const);
			hasTurnCost = false;
			const used = (counted: Tokens, model: string | undefined): Usage => ({
				t: 'usage',
				tokens: counted,
				...priced,
				...served(model),
			});
			if (!tokens) return perModel.map(quota => used(quota.tokens, quota.model));
			return [used(tokens, perModel.length === 1 ? perModel[0]!.model : undefined)];
		},
	};
};

/**
 * `PromptResponse.usage`. Agents disagree on whether cached tokens are part of `inputTokens`, and thoughts of
 * `outputTokens`; `totalTokens` tells which, in every recording of AGENT-CLIS.md.
 *
 * @returns `undefined` where nothing was reported, or nothing used.
 */
export const tokensOfUsage = (usage: unknown): Tokens | undefined => {
	const reported = recordOf(usage);
	if (!reported) return undefined;
	const [input, output, read, write, thought, total] = [
		reported.inputTokens,
		reported.outputTokens,
		reported.cachedReadTokens,
		reported.cachedWriteTokens,
		reported.thoughtTokens,
		reported.totalTokens,
	].map(countOf) as [number, number, number, number, number, number];
	const cached = read + write;
	const isCachedApart = total === input + cached + output || total === input + cached + output + thought;
	const isThoughtApart = total === input + output + thought || total === input + cached + output + thought;
	const tokens = {
		input: isCachedApart ? input + cached : input,
		cachedInput: read,
		...(write > 0 && {cachedWrite: write}),
		output: isThoughtApart ? output + thought : output,
		reasoning: thought,
	};
	return tokens.input + tokens.output === 0 ? undefined : tokens;
};

/** Gemini's `_meta.quota`: input with cached tokens in it, which it does not count apart. */
const quotaOf = (meta: unknown): ReadonlyArray<{readonly model?: string; readonly tokens: Tokens}> => {
	const quota = recordOf(recordOf(meta)?.quota);
	const perModel = Array.isArray(quota?.model_usage) ? quota.model_usage : [];
	const counted = perModel.flatMap(entry => {
		const tokens = tokensOfCount(recordOf(entry)?.token_count);
		return tokens ? [{model: textOf(recordOf(entry)?.model), tokens}] : [];
	});
	if (counted.length > 0) return counted;
	const tokens = tokensOfCount(quota?.token_count);
	return tokens ? [{tokens}] : [];
};

const tokensOfCount = (count: unknown): Tokens | undefined => {
	const reported = recordOf(count);
	const input = countOf(reported?.input_tokens);
	const output = countOf(reported?.output_tokens);
	return input + output === 0 ? undefined : {input, cachedInput: 0, output, reasoning: 0};
};

const countOf = (value: unknown): number =>
	typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
