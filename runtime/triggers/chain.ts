import {limits} from '../../source/limits.ts';
import type {TriggerKind} from '../../source/workflow/triggers.ts';

interface Cause {
	readonly kind: TriggerKind;
	readonly data: Readonly<Record<string, unknown>>;
}

/**
 * How many runs led to this firing by their events and their ends: `trigger.chain`. Zero for what a person or anything
 * from outside fired.
 */
export const chainOf = ({kind, data}: Cause): number =>
	(kind === 'event' || kind === 'run') && typeof data.chain === 'number' ? data.chain : 0;

/** @returns `chain` of what a run fires. @param trigger What started that run. */
export const chainAfter = (trigger: Cause | undefined): number => (trigger ? chainOf(trigger) : 0) + 1;

export const chainWords = `${limits.chainedRunsMax} runs started one another before it, the limit: workflows seem to start each other in a circle.`;
