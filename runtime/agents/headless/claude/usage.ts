import type {Tokens} from '../../../../source/run/events.ts';
import {addTokens} from '../../../../source/run/reduce.ts';
import type {MicroUsd} from '../../../../source/units.ts';
import {recordOf} from '../../acp/failures.ts';
import type {AgentEvent} from '../../adapter.ts';
import {countOf, isUsed, tokensSince} from '../../tokens.ts';
import type {JsonLine} from '../json-lines.ts';

type Usage = Extract<AgentEvent, {t: 'usage'}>;

/** Turns what Claude Code reports into differences. Its sums are those of the whole session, also before it was resumed. */
export interface ClaudeMeter {
	/** @param event Of the model's stream: what a call used, should no `result` come that says it. */
	onStreamEvent(event: JsonLine): void;
	/** @returns What is new since the last one. */
	onResult(result: JsonLine): readonly Usage[];
	/** @returns The tokens of calls that no result told of: unpriced, for Claude did not say. */
	left(): readonly Usage[];
}

/** @param countedMicroUsd What is recorded already of a session that is gone on with. */
export const createClaudeMeter = (countedMicroUsd: MicroUsd = 0): ClaudeMeter => {
	let counted = countedMicroUsd;
	let isFirst = true;
	let before = new Map<string, ModelUse>();
	let model: string | undefined;
	const calls = new Map<string, Tokens>();
	let call: Tokens | undefined;

	const settle = () => {
		if (!call || model === undefined) return;
		calls.set(model, addTokens(calls.get(model), call));
		call = undefined;
	};

	return {
		onStreamEvent(event) {
			const message = recordOf(event.message);
			if (event.type === 'message_start') {
				settle();
				model = typeof message?.model === 'string' ? message.model : model;
			}

			const usage = recordOf(event.usage) ?? recordOf(message?.usage);
			if (usage) call = tokensOfCall(usage);
		},
		onResult(result) {
			calls.clear();
			call = undefined;
			const sums = modelUsesOf(result.modelUsage);
			const news = result.model_usage_since_last_result;
			const uses = recordOf(news) ? modelUsesOf(news) : differences(sums, before);
			before = sums;
			const known = [...sums.values()].filter(use => use.isPriced);
			// Each difference is of rounded sums, so that the differences add up to the sum.
			const total = Math.round(known.reduce((sum, {costUsd}) => sum + costUsd, 0) * 1_000_000);
			// A session gone on with that says less than what is counted has begun to count anew.
			if (isFirst && total < counted) counted = 0;
			isFirst = false;
			const costMicroUsd = Math.max(0, total - counted);
			counted = Math.max(counted, total);
			return usageOf(uses, costMicroUsd);
		},
		left() {
			settle();
			const told = [...calls].map(([name, tokens]) => usage(tokens, null, name));
			calls.clear();
			return told;
		},
	};
};

interface ModelUse {
	readonly tokens: Tokens;
	readonly costUsd: number;
	/** False where it made up a price: `costBasis: "unknown"`. */
	readonly isPriced: boolean;
}

const modelUsesOf = (modelUsage: unknown): Map<string, ModelUse> =>
	new Map(
		Object.entries(recordOf(modelUsage) ?? {}).map(([name, value]) => {
			const use = recordOf(value) ?? {};
			const read = countOf(use.cacheReadInputTokens);
			const write = countOf(use.cacheCreationInputTokens);
			const tokens = {
				input: countOf(use.inputTokens) + read + write,
				cachedInput: read,
				...(write > 0 && {cachedWrite: write}),
				output: countOf(use.outputTokens),
				reasoning: countOf(use.thinkingTokens),
			};
			const costUsd = typeof use.costUSD === 'number' && Number.isFinite(use.costUSD) ? use.costUSD : 0;
			return [name, {tokens, costUsd, isPriced: costUsd > 0 && use.costBasis !== 'unknown'}];
		}),
	);

const differences = (now: ReadonlyMap<string, ModelUse>, before: ReadonlyMap<string, ModelUse>) =>
	new Map(
		[...now].map(([name, use]) => {
			const earlier = before.get(name);
			if (!earlier) return [name, use] as const;
			const tokens = tokensSince(use.tokens, earlier.tokens);
			return [name, {...use, tokens, costUsd: use.costUsd - earlier.costUsd}] as const;
		}),
	);

/** The cost goes to the models that have a price, each its own, and what rounding leaves to the last of them. */
const usageOf = (uses: ReadonlyMap<string, ModelUse>, costMicroUsd: MicroUsd): Usage[] => {
	const used = [...uses].filter(([, {tokens}]) => isUsed(tokens));
	const priced = used.filter(([, {isPriced}]) => isPriced);
	let left = costMicroUsd;
	const told = used.map(([name, use]) => {
		if (!use.isPriced) return usage(use.tokens, null, name);
		const isLast = priced.at(-1)?.[0] === name;
		const own = isLast ? left : Math.min(left, Math.round(use.costUsd * 1_000_000));
		left -= own;
		return usage(use.tokens, own, name);
	});
	// What an attempt that died did not live to tell.
	return left > 0 ? [...told, usage(null, left, undefined)] : told;
};

const usage = (tokens: Tokens | null, costMicroUsd: MicroUsd | null, model: string | undefined): Usage => ({
	t: 'usage',
	tokens,
	costMicroUsd,
	costSource: costMicroUsd === null ? 'none' : 'agent',
	model,
	provider: 'anthropic',
});

const tokensOfCall = (call: JsonLine): Tokens => {
	const read = countOf(call.cache_read_input_tokens);
	const write = countOf(call.cache_creation_input_tokens);
	return {
		input: countOf(call.input_tokens) + read + write,
		cachedInput: read,
		...(write > 0 && {cachedWrite: write}),
		output: countOf(call.output_tokens),
		reasoning: countOf(recordOf(call.output_tokens_details)?.thinking_tokens),
	};
};
