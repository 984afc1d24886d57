import type {Estimates, Ledger, Prices} from '../engine/parts.ts';

export interface EstimateParts {
	readonly ledger: Pick<Ledger, 'history' | 'spentSince'>;
	readonly prices: Prices;
	/** The model that an agent uses unless a step names one, as far as its description says. */
	readonly modelOf: (workspace: string, agent: string) => string | undefined;
	/** Whether an agent tells what it cost. */
	readonly reportsCost: (workspace: string, agent: string) => boolean;
}

/** Characters of English and of code for one token, roughly: what providers say of their own tokenizers. */
export const charactersPerToken = 4;
/** What an agent reads besides the prompt: its own instructions, and files. A guess, used where nothing is known yet. */
export const assumedInputTokens = 2000;
/** What it writes. A guess, used where nothing is known yet. */
export const assumedOutputTokens = 1000;

/** What one more attempt will cost: as earlier ones of the same step did, else by its prompt and the price of its model. */
export const createEstimates = ({ledger, prices, modelOf, reportsCost}: EstimateParts): Estimates => ({
	attempt({workspace, workflow, stepId, agent, model = modelOf(workspace, agent), promptCharacters, atMs}) {
		const inputTokens = Math.ceil(promptCharacters / charactersPerToken) + assumedInputTokens;
		const before = ledger.history({workflow, stepId, agent, model});
		if (before) return {microUsd: before.meanMicroUsd, isCostKnown: true, inputTokens};
		const tokens = {input: inputTokens, cachedInput: 0, output: assumedOutputTokens, reasoning: 0};
		const {costMicroUsd} = prices.priceOf({workspace, agent, model, tokens, atMs});
		return {
			microUsd: costMicroUsd,
			// One that was to tell and did not will not be believed again.
			isCostKnown:
				costMicroUsd !== null ||
				(reportsCost(workspace, agent) && ledger.spentSince({workflow, stepId, agent}, 0).unknown === 0),
			inputTokens,
		};
	},
});
