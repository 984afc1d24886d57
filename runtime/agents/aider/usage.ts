import type {Tokens} from '../../../source/run/events.ts';
import type {MicroUsd} from '../../../source/units.ts';

/** What one line of Aider says about usage. */
export interface AiderUsage {
	readonly tokens: Tokens;
	/** Of the message; null: Aider has no price for the model. */
	readonly costMicroUsd: MicroUsd | null;
}

const line =
	/^Tokens: (?<sent>[\d.,]+[kM]?) sent(?:, (?<write>[\d.,]+[kM]?) cache write)?(?:, (?<hit>[\d.,]+[kM]?) cache hit)?, (?<received>[\d.,]+[kM]?) received\.?(?: Cost: \$(?<cost>[\d.,]+) message, \$[\d.,]+ session\.?)?\s*$/;

/**
 * Reads `Tokens: 4.2k sent, 1.1k cache hit, 381 received. Cost: $0.02 message, $0.03 session.`
 *
 * @returns `undefined` for any other line. Figures are rounded as Aider rounds them: two digits of a dollar, one of a
 * thousand tokens.
 */
export const usageOfLine = (text: string): AiderUsage | undefined => {
	const groups = line.exec(text.trim())?.groups;
	if (!groups) return undefined;
	const write = countOf(groups.write);
	return {
		tokens: {
			input: countOf(groups.sent),
			cachedInput: countOf(groups.hit),
			...(write > 0 && {cachedWrite: write}),
			output: countOf(groups.received),
			reasoning: 0,
		},
		// No price is told as no cost at all; a cost of 0 is one that was rounded away, or a model without a price.
		costMicroUsd:
			groups.cost === undefined || Number(groups.cost) === 0
				? null
				: Math.round(Number(groups.cost.replaceAll(',', '')) * 1_000_000),
	};
};

const countOf = (text: string | undefined): number => {
	if (text === undefined) return 0;
	const factor = text.endsWith('k') ? 1000 : text.endsWith('M') ? 1_000_000 : 1;
	return Math.round(Number(text.replaceAll(',', '').replace(/[kM]$/, '')) * factor);
};
