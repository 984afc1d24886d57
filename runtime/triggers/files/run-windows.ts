import type {JournalEvent} from '../../../source/run/events.ts';
import type {FileChange} from './changes.ts';

/** A run of a workflow, as far as files that it writes are concerned. */
export interface WorkflowRun {
	readonly id: string;
	/** Unix milliseconds; missing: it has not begun. */
	readonly startedAtMs?: number;
	readonly endedAtMs?: number;
	/** What its trigger handed to it. */
	readonly data?: Readonly<Record<string, unknown>>;
}

interface Window {
	fromMs: number | undefined;
	untilMs: number | undefined;
	/** The files it was given. */
	readonly given: ReadonlySet<string>;
	readonly generation: number;
}

export interface RunWindowsParts {
	/** By the clock of the disk, Unix milliseconds. */
	readonly diskNow: () => number;
	/** Runs of a workflow that are open or ended lately. */
	readonly recentRuns: (workspace: string, workflow: string) => readonly WorkflowRun[];
	/** Hears of what was journalled. @returns A function that ends that. */
	readonly subscribe: (listener: (events: readonly JournalEvent[]) => void) => () => void;
}

/** Whose a change is: of a run of the workflow itself, or of anybody, so many runs away from somebody outside. */
export type Author = 'own' | {readonly generation: number};

/** Knows when runs of workflows with file triggers were open, and with which files: what is needed to end loops. */
export const createRunWindows = ({diskNow, recentRuns, subscribe}: RunWindowsParts) => {
	const workflows = new Map<string, Map<string, Window>>();
	const workflowOfRun = new Map<string, string>();
	const listeners = new Set<() => void>();

	const unsubscribe = subscribe(events => {
		let hasEnded = false;
		for (const {type, runId, body} of events) {
			if (runId === null) continue;
			if (type === 'run.created') {
				const key = keyOf(body.workspace, body.workflow.name);
				if (workflows.has(key)) open(key, windowOf({id: runId, data: body.trigger?.data}), runId);
				continue;
			}

			const window = workflows.get(workflowOfRun.get(runId) ?? '')?.get(runId);
			if (!window) continue;
			if (type === 'run.started' || type === 'run.reopened') {
				window.fromMs ??= diskNow();
				window.untilMs = undefined;
			} else if (endings.has(type)) {
				window.untilMs = diskNow();
				hasEnded = true;
			}
		}

		if (hasEnded) for (const listener of listeners) listener();
	});

	const open = (key: string, window: Window, runId: string): void => {
		const windows = workflows.get(key)!;
		windows.set(runId, window);
		workflowOfRun.set(runId, key);
		if (windows.size <= windowsMax) return;
		for (const [id, {untilMs}] of windows) {
			if (windows.size <= windowsMax) return;
			if (untilMs === undefined) continue;
			windows.delete(id);
			workflowOfRun.delete(id);
		}
	};

	return {
		/** From here on it is known what runs of this workflow do. */
		track(workspace: string, workflow: string): void {
			const key = keyOf(workspace, workflow);
			if (workflows.has(key)) return;
			workflows.set(key, new Map());
			for (const run of recentRuns(workspace, workflow)) open(key, windowOf(run), run.id);
		},
		authorOf(workspace: string, workflow: string, {file, from, atMs}: FileChange): Author {
			let generation = 0;
			for (const {fromMs, untilMs, given, ...window} of windowsOf(workspace, workflow)) {
				const isWithin = fromMs !== undefined && atMs >= fromMs - slackMs && atMs <= (untilMs ?? Infinity) + slackMs;
				if (!isWithin) continue;
				if (given.has(file) || (from !== undefined && given.has(from))) return 'own';
				generation = generation === 0 ? window.generation + 1 : Math.min(generation, window.generation + 1);
			}

			return {generation};
		},
		/** @returns When the last run of it ended and how long the longest took; `open` while one goes on. */
		restOf(workspace: string, workflow: string): 'open' | {readonly sinceMs: number; readonly longestMs: number} {
			let [sinceMs, longestMs] = [0, 0];
			for (const {fromMs, untilMs} of windowsOf(workspace, workflow)) {
				if (untilMs === undefined) return 'open';
				sinceMs = Math.max(sinceMs, untilMs);
				longestMs = Math.max(longestMs, untilMs - (fromMs ?? untilMs));
			}

			return {sinceMs, longestMs};
		},
		/** Calls back when runs have ended. @returns A function that ends that. */
		onEnded(listener: () => void): () => void {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		stop: unsubscribe,
	};

	function windowsOf(workspace: string, workflow: string): Iterable<Window> {
		return workflows.get(keyOf(workspace, workflow))?.values() ?? [];
	}
};

export type RunWindows = ReturnType<typeof createRunWindows>;

/** Of one workflow; of the ended ones the oldest are forgotten. */
const windowsMax = 2000;
/** The kernel stamps files with a clock that it looks at every few milliseconds. */
const slackMs = 20;

const endings: ReadonlySet<string> = new Set(['run.completed', 'run.failed', 'run.cancelled']);
const keyOf = (workspace: string, workflow: string): string => `${workspace}\n${workflow}`;

const windowOf = ({startedAtMs, endedAtMs, data}: WorkflowRun): Window => ({
	fromMs: startedAtMs,
	untilMs: endedAtMs,
	given: new Set(Array.isArray(data?.files) ? (data.files as string[]) : []),
	generation: typeof data?.generation === 'number' ? data.generation : 0,
});
