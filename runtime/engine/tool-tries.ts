import type {EngineParts} from './engine-parts.ts';
import {type AttemptOutcome, type ChosenTool, type ToolTry, toolBreakerNameOf} from './parts.ts';

/**
 * What breakers and health learn of an attempt of a tool step.
 *
 * @param name `<tool>/<implementation>` of the one that was to be asked first.
 * @param chosen Missing: the daemon that chose it is gone, and with it what was half open.
 */
export const recordToolTries = (
	{tools, breakers}: Pick<EngineParts, 'tools' | 'breakers'>,
	name: string,
	chosen: ChosenTool | undefined,
	outcome: AttemptOutcome,
): void => {
	const [tool, first] = name.split('/') as [string, string];
	const tries = triesOf(first, outcome);
	if (chosen) return tools.record(chosen.definition, chosen.implementations, tries);
	for (const {implementation, failure} of tries)
		breakers.record('tool', toolBreakerNameOf(tool, implementation), failure);
};

/** A process that was ended or died tells of nobody: it was the first one, as far as anybody knows. */
const triesOf = (first: string, outcome: AttemptOutcome): readonly ToolTry[] => {
	if (outcome.status !== 'completed' && outcome.status !== 'failed') return [];
	// From a recording: nobody was asked.
	if (outcome.agent?.isReplay) return [];
	if (outcome.tries) return outcome.tries;
	return outcome.status === 'failed' ? [{implementation: first, failure: outcome.failure, latencyMs: 0}] : [];
};
