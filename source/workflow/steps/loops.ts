import type {StepBase, StepKind} from '../definition.ts';
import type {ExpressionSite} from '../expression/site.ts';
import {readForeach} from '../settings/foreach.ts';
import {readBoolean, readInteger} from '../settings/read-value.ts';
import {readRepeat} from '../settings/repeat.ts';
import {readStrategy} from '../settings/strategy.ts';
import type {Report} from '../text/report.ts';
import type {YamlEntry} from '../yaml/tree.ts';
import type {StepKey} from './fields.ts';
import {isForKind} from './kind.ts';

/** What the expressions of a step that is done for several items may read. */
export interface Loop {
	readonly hasItem: boolean;
	readonly hasMatrix: boolean;
	/** What may be read as `matrix.<axis>`; `undefined`: anything. */
	readonly axes?: readonly string[];
}

export interface Loops {
	readonly settings: Pick<StepBase, 'foreach' | 'matrix' | 'maxParallel' | 'failFast' | 'repeat'>;
	readonly loop?: Loop;
	readonly sites: readonly ExpressionSite[];
}

const parallelBounds = {min: 1, max: 256};

/** Reads everything by which a step is done more than once. */
export const readLoops = (
	report: Report,
	entries: ReadonlyMap<StepKey, YamlEntry>,
	kind: StepKind | undefined,
): Loops => {
	const foreachEntry = entries.get('foreach');
	const strategyEntry = entries.get('strategy');
	const repeatEntry = entries.get('repeat');
	const foreach = foreachEntry && readForeach(report, foreachEntry);
	const strategy = strategyEntry && readStrategy(report, strategyEntry);
	const repeat = repeatEntry && readRepeat(report, repeatEntry);
	const maxParallel = oneOf(report, entries.get('max-parallel'), strategy?.maxParallel);
	const failFast = oneOf(report, entries.get('fail-fast'), strategy?.failFast);
	reportConflicts(report, foreachEntry, strategyEntry, repeatEntry);
	if (!foreachEntry && !strategyEntry) {
		for (const entry of [maxParallel, failFast]) if (entry && isForKind(entry.key, kind)) reportLoopless(report, entry);
	}

	return {
		settings: {
			foreach: foreach?.value,
			matrix: strategy?.matrix?.value,
			maxParallel: maxParallel && readInteger(report, maxParallel, parallelBounds),
			failFast: failFast && readBoolean(report, failFast),
			repeat: repeat?.value,
		},
		loop:
			foreachEntry || strategyEntry
				? {hasItem: foreachEntry !== undefined, hasMatrix: strategyEntry !== undefined, axes: strategy?.axes}
				: undefined,
		sites: [foreach, strategy?.matrix, repeat].flatMap(sited => sited?.sites ?? []),
	};
};

/** `strategy` has two settings that may stand beside it as well. */
const oneOf = (report: Report, ofStep: YamlEntry | undefined, ofStrategy: YamlEntry | undefined) => {
	if (ofStep && ofStrategy) {
		const message = `\`${ofStep.key}\` stands beside \`strategy\` and inside it.`;
		report.error('key.conflict', ofStep.keyStart, message, 'Keep one of them.');
	}

	return ofStrategy ?? ofStep;
};

const reportConflicts = (
	report: Report,
	foreach: YamlEntry | undefined,
	strategy: YamlEntry | undefined,
	repeat: YamlEntry | undefined,
): void => {
	if (foreach && strategy) {
		const second = foreach.keyStart > strategy.keyStart ? foreach : strategy;
		const message = 'A step is done for the items of `foreach` or for the combinations of `strategy`, not for both.';
		report.error('key.conflict', second.keyStart, message, 'Keep one; a matrix may have the items as an axis.');
	}

	const each = foreach ?? strategy;
	if (!repeat || !each) return;
	const message = `\`repeat\` cannot stand beside \`${each.key}\`.`;
	const suggestion = 'Put the repeated step into a workflow of its own and name it with `uses:`.';
	report.error('key.conflict', Math.max(repeat.keyStart, each.keyStart), message, suggestion);
};

const reportLoopless = (report: Report, {key, keyStart}: YamlEntry): void => {
	const message = `\`${key}\` is for a step with \`foreach\` or \`strategy\`; this one is done once.`;
	report.error('key.misplaced', keyStart, message, 'Remove it.');
};
