import type {RecordedAnswer} from '../../source/recording.ts';
import type {JournalEvent} from '../../source/run/events.ts';
import {usdOf} from '../../source/units.ts';
import type {AnsweredAttempt} from './attempts.ts';

/** @returns What one attempt used, as a recording tells it; `undefined` where nothing is known. A cost that is not known is left out. */
export const usageOf = (
	events: readonly JournalEvent[],
	{stepId, item, attempt}: Pick<AnsweredAttempt, 'stepId' | 'item' | 'attempt'>,
): RecordedAnswer['usage'] => {
	const tokens: Record<string, number> = {};
	let costMicroUsd: number | null = null;
	for (const event of events) {
		if (event.type !== 'usage.recorded') continue;
		const {body} = event;
		if (body.stepId !== stepId || body.item !== item || body.attempt !== attempt) continue;
		for (const [name, count] of Object.entries(body.tokens ?? {})) tokens[name] = (tokens[name] ?? 0) + (count ?? 0);
		if (body.costMicroUsd !== null) costMicroUsd = (costMicroUsd ?? 0) + body.costMicroUsd;
	}

	const costUsd = usdOf(costMicroUsd);
	const hasTokens = Object.keys(tokens).length > 0;
	if (!hasTokens && costUsd === null) return undefined;
	return {...(hasTokens ? {tokens} : undefined), ...(costUsd === null ? undefined : {costUsd})};
};
