import type {Failure} from '../errors.ts';
import {usdOf} from '../units.ts';
import type {StepText, Tokens} from './events.ts';
import {type AttemptState, type ItemsState, itemsOf, type StepState, type StepStatus} from './state.ts';

export interface StepView {
	readonly id: string;
	readonly title: string;
	readonly kind: StepState['kind'];
	readonly needs: readonly string[];
	readonly status: StepStatus;
	/** From 1; a rejection that leads back and a retry begin another one. */
	readonly generation: number;
	/** Iterations that ended, of a step that repeats. */
	readonly iteration: number;
	/** The comment of the rejection that led back here. */
	readonly feedback: string | null;
	readonly attempts: readonly AttemptView[];
	readonly items: ItemsView | null;
	readonly startedAt: string | null;
	readonly endedAt: string | null;
	/** When the next attempt begins, after one that failed. */
	readonly retryAt: string | null;
	/** USD; null: some of it is unknown. */
	readonly costUsd: number | null;
	/** USD: what is known of it. */
	readonly knownCostUsd: number;
	readonly tokens: Tokens | null;
	readonly outputs: Readonly<Record<string, unknown>> | null;
	readonly text: StepText | null;
	readonly exitCode: number | null;
	readonly failure: Failure | null;
	/** Why it was not run. */
	readonly skipped: {readonly reason: string; readonly detail: string} | null;
	readonly agent: {readonly id: string; readonly isReplay: boolean} | null;
	readonly warnings: readonly string[];
	/** Agents that others took over from, oldest first. */
	readonly switches: readonly {
		readonly at: string;
		readonly attempt: number;
		readonly from: string;
		readonly to: string;
		readonly reason: string;
		readonly detail: string;
	}[];
	readonly wakeAt: string | null;
	/** The name of the signal it waits for. */
	readonly signal: string | null;
	/** Whose result was taken instead of running. */
	readonly cached: {readonly runId: string; readonly at: string} | null;
	/** The run that a fork took its result over from. */
	readonly adoptedFrom: {readonly runId: string} | null;
	/** Runs of the sub-workflow, the newest last. */
	readonly childRunIds: readonly string[];
}

/** What became of the items of a step. */
export interface ItemsView {
	readonly total: number;
	readonly completed: number;
	readonly failed: number;
	readonly cancelled: number;
	/** Begun and not ended: they run, wait or are about to be tried again. */
	readonly running: number;
	/** Null where there are too many to tell. */
	readonly values: readonly unknown[] | null;
	/** The first that failed. */
	readonly failures: readonly ItemFailureView[];
}

export interface ItemFailureView {
	readonly item: number;
	readonly value: unknown;
	readonly failure: Failure;
	readonly exitCode: number | null;
}

export interface AttemptView {
	readonly number: number;
	readonly generation: number;
	readonly status: string;
	readonly agent: string | null;
	/** `<tool>/<implementation>`. */
	readonly tool: string | null;
	/** What a `tool:`, `http:`, `transform:` or `sql:` step asked for: `GET example.com/items`. */
	readonly target: string | null;
	readonly model: string | null;
	/** USD that are known. */
	readonly knownCostUsd: number;
	readonly tokens: Tokens | null;
	/** Of the agent's own session. */
	readonly sessionId: string | null;
	/** `read-only`: it could neither write nor run anything. */
	readonly access: 'ask' | 'read-only';
	/** `failover`: another agent took over; `quota`: it waited until a limit reset. */
	readonly next: 'retry' | 'failover' | 'quota' | null;
	/** Why it failed, where another one followed. */
	readonly failure: Failure | null;
	readonly childRunId: string | null;
	readonly startedAt: string;
	readonly endedAt: string | null;
}

export const stepViewOf = (step: StepState): StepView => ({
	id: step.id,
	title: step.title,
	kind: step.kind,
	needs: step.needs,
	status: step.status,
	generation: step.generation,
	iteration: step.iteration,
	feedback: step.feedback ?? null,
	attempts: step.attempts.map(attemptViewOf),
	items: step.items ? itemsViewOf(step.items) : null,
	startedAt: isoOf(step.startedAtMs),
	endedAt: isoOf(step.endedAtMs),
	retryAt: isoOf(step.retryAtMs),
	costUsd: step.unpriced ? null : usdOf(step.costMicroUsd),
	knownCostUsd: usdOf(step.costMicroUsd ?? 0)!,
	tokens: step.tokens ?? null,
	outputs: step.outputs ?? null,
	text: step.text ?? null,
	exitCode: step.exitCode ?? null,
	failure: step.failure ?? null,
	skipped: step.skipped ?? null,
	agent: step.agent ?? null,
	warnings: step.warnings,
	switches: switchesOf(step),
	wakeAt: isoOf(step.wakeAtMs),
	signal: step.signal ?? null,
	cached: step.cached ?? null,
	adoptedFrom: step.adoptedFrom ? {runId: step.adoptedFrom.runId} : null,
	childRunIds: childRunIdsOf(step),
});

/** Of the step, or of its items together. */
const switchesOf = (step: StepState): StepView['switches'] =>
	(step.items ? [...itemsOf(step.items)] : [step])
		.flatMap(({switches = []}) => switches)
		.map(({atMs, ...rest}) => ({at: isoOf(atMs)!, ...rest}));

const attemptViewOf = (attempt: AttemptState): AttemptView => ({
	number: attempt.number,
	generation: attempt.generation,
	status: attempt.status,
	agent: attempt.agent ?? null,
	tool: attempt.tool ?? null,
	target: attempt.target ?? null,
	model: attempt.model ?? null,
	knownCostUsd: usdOf(attempt.costMicroUsd ?? 0)!,
	tokens: attempt.tokens ?? null,
	sessionId: attempt.sessionId ?? null,
	access: attempt.access ?? 'ask',
	next: attempt.next ?? null,
	failure: attempt.failure ?? null,
	childRunId: attempt.childRunId ?? null,
	startedAt: isoOf(attempt.startedAtMs)!,
	endedAt: isoOf(attempt.endedAtMs),
});

const itemValuesMax = 100;
const itemFailuresMax = 10;

const itemsViewOf = (items: ItemsState): ItemsView => ({
	total: items.values.length,
	...items.counts,
	running: items.active.length,
	values: items.values.length <= itemValuesMax ? items.values : null,
	failures: itemFailuresOf(items),
});

const itemFailuresOf = (items: ItemsState): ItemFailureView[] => {
	const failures: ItemFailureView[] = [];
	if (items.counts.failed === 0) return failures;
	for (const {index, status, failure, exitCode} of itemsOf(items)) {
		if (status !== 'failed') continue;
		const unknown = {code: 'unknown', message: 'no reason was given'};
		failures.push({item: index, value: items.values[index], failure: failure ?? unknown, exitCode: exitCode ?? null});
		if (failures.length === itemFailuresMax) break;
	}

	return failures;
};

/** @returns Ids of the runs that the attempts of a `uses:` step started, those of its items too. */
export const childRunIdsOf = (step: StepState): string[] => {
	if (step.kind !== 'uses') return [];
	const units = step.items ? [step, ...itemsOf(step.items)] : [step];
	return units.flatMap(({attempts}) => attempts.flatMap(({childRunId}) => childRunId ?? []));
};

/** @returns ISO-8601 UTC. */
export const isoOf = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());
