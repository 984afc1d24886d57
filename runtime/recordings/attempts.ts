import {type RecordedKind, recordedKinds} from '../../source/recording.ts';
import type {JournalEvent} from '../../source/run/events.ts';
import {reduce} from '../../source/run/reduce.ts';
import {type RunState, unitKeyOf} from '../../source/run/state.ts';

/** When an attempt was at work. */
export interface Window {
	readonly runId: string;
	/** `fix`, `fix.3`. */
	readonly stepKey: string;
	readonly attempt: number;
	readonly fromMs: number;
	readonly toMs: number;
}

/** An attempt that ended well, of an agent or of another kind that is recorded. */
export interface AnsweredAttempt {
	readonly kind: 'agent' | RecordedKind;
	readonly stepId: string;
	readonly item?: number;
	readonly generation: number;
	readonly attempt: number;
	/** Of its step: those of the same generation that did not end well, before it. */
	readonly failedBefore: number;
	/** How often the step had ended well in this generation, this time included: more than once where it repeats. */
	readonly iteration: number;
}

/** What the journal of a run says about its attempts. Pure. */
export interface RunAttempts {
	readonly run: RunState;
	readonly windows: readonly Window[];
	/** The last one of each step or item and generation. */
	readonly answered: readonly AnsweredAttempt[];
	readonly childRunIds: readonly string[];
	/** Ids of steps whose result was taken from an earlier run. */
	readonly cached: readonly string[];
}

export const attemptsOf = (runId: string, events: readonly JournalEvent[]): RunAttempts => {
	let run: RunState | undefined;
	const windows = new Map<string, Window>();
	const answered = new Map<string, AnsweredAttempt>();
	const failures = new Map<string, number>();
	const childRunIds: string[] = [];
	const cached = new Set<string>();
	for (const event of events) {
		run = reduce(run, event);
		if (event.type === 'attempt.started') {
			const {stepId, item, attempt, childRunId} = event.body;
			const stepKey = unitKeyOf(stepId, item);
			// The steps of a sub-workflow have windows of their own.
			if (childRunId) childRunIds.push(childRunId);
			else
				windows.set(`${stepKey}#${attempt}`, {
					runId,
					stepKey,
					attempt,
					fromMs: event.atMs,
					toMs: Number.POSITIVE_INFINITY,
				});
			continue;
		}

		const ended = endOf(event);
		if (!ended) continue;
		const {stepId, item, attempt, isCached} = ended;
		const {kind, generation} = run.steps[stepId]!;
		if (isCached) cached.add(stepId);
		if (attempt === undefined) continue;
		const stepKey = unitKeyOf(stepId, item);
		const window = windows.get(`${stepKey}#${attempt}`);
		if (window) windows.set(`${stepKey}#${attempt}`, {...window, toMs: event.atMs});
		if (!isRecorded(kind) || isCached) continue;
		const key = `${stepKey}@${generation}`;
		if (ended.isWell) {
			const iteration = (answered.get(key)?.iteration ?? 0) + 1;
			answered.set(key, {kind, stepId, item, generation, attempt, failedBefore: failures.get(key) ?? 0, iteration});
		} else {
			failures.set(key, (failures.get(key) ?? 0) + 1);
		}
	}

	return {
		run: run!,
		windows: [...windows.values()],
		answered: [...answered.values()],
		childRunIds,
		cached: [...cached],
	};
};

const isRecorded = (kind: string): kind is AnsweredAttempt['kind'] =>
	kind === 'agent' || recordedKinds.some(recorded => recorded === kind);

interface End {
	readonly stepId: string;
	readonly item?: number;
	readonly attempt?: number;
	readonly isWell: boolean;
	readonly isCached: boolean;
}

const endOf = (event: JournalEvent): End | undefined => {
	switch (event.type) {
		case 'step.completed':
		case 'item.completed': {
			const {stepId, attempt, cached} = event.body;
			const item = event.type === 'item.completed' ? event.body.item : undefined;
			return {stepId, item, attempt, isWell: true, isCached: cached !== undefined};
		}

		case 'attempt.completed':
			return {...event.body, item: undefined, isWell: true, isCached: false};
		case 'attempt.failed':
		case 'attempt.interrupted':
		case 'step.failed':
		case 'step.cancelled':
		case 'item.failed':
		case 'item.cancelled': {
			const {stepId, attempt} = event.body;
			const item = 'item' in event.body ? event.body.item : undefined;
			return {stepId, item, attempt, isWell: false, isCached: false};
		}

		default:
			return undefined;
	}
};

/** @returns Whether somebody else was at work in the workspace at that time. */
export const isAlone = ({fromMs, toMs, ...own}: Window, all: readonly Window[]): boolean =>
	all.every(
		other =>
			(other.runId === own.runId && other.stepKey === own.stepKey && other.attempt === own.attempt) ||
			other.toMs <= fromMs ||
			other.fromMs >= toMs,
	);
