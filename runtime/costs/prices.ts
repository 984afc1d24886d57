import path from 'node:path';
import {calcPrice} from '@pydantic/genai-prices';
import type {Tokens} from '../../source/run/events.ts';
import type {MicroUsd} from '../../source/units.ts';
import type {PriceableUsage, Prices} from '../engine/parts.ts';
import {createPriceFile, type PriceEntry, type PriceList, priceIn} from './price-files.ts';

export interface PriceParts {
	/** The user's own prices: `$XDG_CONFIG_HOME/aiworkflow/prices.yaml`. */
	readonly userFile: string;
	/** What `.aiworkflow/agents.yaml` says an agent costs. */
	readonly profileCostOf: (workspace: string, agent: string) => PriceEntry | undefined;
	/** A price file that cannot be used, or a defect: for the log. */
	readonly onProblem: (error: unknown) => void;
}

type Priced = ReturnType<Prices['priceOf']>;
const unknown: Priced = {costMicroUsd: null, costSource: 'none'};

/**
 * What tokens cost: by the user's own price file, the workspace's, the profile of the agent, else by the bundled data of
 * genai-prices. What none of them knows is unknown, never 0.
 */
export const createPrices = ({userFile, profileCostOf, onProblem}: PriceParts): Prices => {
	const files = new Map<string, () => PriceList>();
	const listOf = (file: string): PriceList => {
		const read = files.get(file) ?? createPriceFile(file);
		files.set(file, read);
		return read();
	};

	return {
		priceOf(usage) {
			try {
				const {workspace, agent, model} = usage;
				const lists = [userFile, path.join(workspace, '.aiworkflow', 'prices.yaml')].map(listOf);
				const own = [
					...(model === undefined ? [] : lists.map(list => priceIn(list, model))),
					profileCostOf(workspace, agent),
				].find(entry => entry !== undefined);
				const ownCost = own && costOf(own, usage.tokens);
				if (ownCost !== undefined) return {costMicroUsd: ownCost, costSource: 'file'};
				const known = bundledCostOf(usage);
				return known === undefined ? unknown : {costMicroUsd: known, costSource: 'prices'};
			} catch (error) {
				onProblem(error);
				return unknown;
			}
		},
	};
};

/** Rounded half up, from the whole sum. @returns `undefined` where the tokens are needed and not known. */
export const costOf = (
	{input, output, cachedInput, cachedWrite, request = 0}: PriceEntry,
	tokens: Tokens | null,
): MicroUsd | undefined => {
	if (input === undefined || output === undefined) return Math.round(request * 1_000_000);
	if (!tokens) return undefined;
	const read = tokens.cachedInput;
	const write = tokens.cachedWrite ?? 0;
	// USD for a million tokens is micro-dollars for one.
	const sum =
		(tokens.input - read - write) * input +
		read * (cachedInput ?? input) +
		write * (cachedWrite ?? input) +
		tokens.output * output;
	return Math.round(sum + request * 1_000_000);
};

const bundledCostOf = ({model, provider, tokens, atMs}: PriceableUsage): MicroUsd | undefined => {
	if (model === undefined || !tokens || tokens.input + tokens.output === 0) return undefined;
	const usage = {
		input_tokens: tokens.input,
		cache_read_tokens: tokens.cachedInput,
		cache_write_tokens: tokens.cachedWrite ?? 0,
		output_tokens: tokens.output,
	};
	for (const [providerId, modelId] of candidatesOf(model, provider)) {
		const result = calcPrice(usage, modelId, {...(providerId && {providerId}), timestamp: new Date(atMs)});
		const microUsd = result ? Math.round(result.total_price * 1_000_000) : 0;
		// A model that the data has for nothing is one whose price is not known.
		if (microUsd > 0) return microUsd;
	}

	return undefined;
};

/** `anthropic/claude-…` and `models/gemini-…` are what some agents say. A family without a version is not guessed at. */
const candidatesOf = (model: string, provider: string | undefined): [string | undefined, string][] => {
	const bare = model.replace(/^models\//, '').replace(/\[[^\]]*\]$/, '');
	const slash = bare.indexOf('/');
	const split: [string | undefined, string][] = slash > 0 ? [[bare.slice(0, slash), bare.slice(slash + 1)]] : [];
	return [...(provider ? [[provider, bare] as [string, string]] : []), ...split, [undefined, bare]];
};
