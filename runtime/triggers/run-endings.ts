import {limits} from '../../source/limits.ts';
import type {JournalEvent} from '../../source/run/events.ts';
import {isRunEnded, type RunState} from '../../source/run/state.ts';
import type {RunTrigger} from '../../source/workflow/triggers.ts';
import type {EndedRuns} from '../store/ended-runs.ts';
import {chainAfter} from './chain.ts';
import type {DeskJournal} from './desk.ts';
import type {ArmedTrigger, TriggerDesk, TriggerSource} from './parts.ts';

export interface RunEndingsParts {
	readonly desk: Pick<TriggerDesk, 'take'>;
	readonly journal: DeskJournal & {readonly cursor: number};
	readonly endedRuns: EndedRuns;
	readonly runOf: (id: string) => RunState | undefined;
	/** Hears of what was journalled, after it is durable. @returns A function that ends that. */
	readonly subscribe: (listener: (events: readonly JournalEvent[]) => void) => () => void;
	readonly onDefect: (error: unknown, where: string) => void;
}

/**
 * `on: run`: runs that ended start others. How far the journal was looked through is committed together with what it
 * fired, so that a daemon that is killed between the end of a run and the firing finds it when it is back.
 */
export const createRunEndings = (parts: RunEndingsParts): TriggerSource => {
	const {desk, journal, endedRuns, runOf} = parts;
	let armed: readonly (ArmedTrigger & {readonly trigger: RunTrigger})[] = [];
	/** Cursor of the last event that was looked at; `undefined`: nothing waits for the end of a run. */
	let seen: number | undefined;

	const note = (cursor: number): void => {
		seen = cursor;
		journal.project(() => endedRuns.saveSeen(cursor));
	};

	const fire = (run: RunState): void => {
		for (const trigger of armed) {
			const {workflow, statuses} = trigger.trigger;
			if (trigger.workspace !== run.workspace || workflow !== run.workflow.name) continue;
			if (!statuses.some(status => status === run.phase)) continue;
			const origin = {by: `${run.workflow.name} ${run.number}`, via: 'run'};
			const firing = {trigger, dedupeKey: run.id, data: dataOf(run), origin, taint: run.taint};
			desk.take(firing).catch(error => parts.onDefect(error, `the end of run ${run.id}`));
		}
	};

	const look = (endings: readonly {readonly cursor: number; readonly runId: string}[]): void => {
		if (seen === undefined) return;
		for (const {cursor, runId} of endings) {
			if (cursor <= seen) continue;
			const run = runOf(runId);
			// The run of a sub-workflow is a step of another one. One that goes on again has not ended.
			if (run && !run.parent && isRunEnded(run)) fire(run);
			note(cursor);
		}
	};

	const unsubscribe = parts.subscribe(events => {
		if (seen === undefined) return;
		look(events.flatMap(({type, runId, cursor}) => (runId !== null && endings.has(type) ? [{cursor, runId}] : [])));
	});

	return {
		kind: 'run',
		arm(triggers) {
			armed = triggers as typeof armed;
			if (armed.length === 0) {
				if (seen !== undefined || endedRuns.seen() !== undefined) journal.project(endedRuns.forgetSeen);
				seen = undefined;
				return;
			}

			if (seen !== undefined) return;
			const before = endedRuns.seen();
			// What ended before anything waited for it fires nothing.
			if (before === undefined) note(journal.cursor);
			else {
				seen = before;
				look(endedRuns.endedAfter(before));
			}
		},
		stop: unsubscribe,
	};
};

const endings: ReadonlySet<string> = new Set(['run.completed', 'run.failed', 'run.cancelled']);

/** What `trigger` holds. */
const dataOf = (run: RunState): Readonly<Record<string, unknown>> => {
	const {id, number, workflow, phase: status, outputs = {}, failure, trigger} = run;
	const isLarge = Buffer.byteLength(JSON.stringify(outputs)) > outputsBytesMax;
	return {
		run: {
			...{id, number, workflow: workflow.name, status},
			// The run that it starts can still ask for them with `aiworkflow runs show`.
			outputs: isLarge ? null : outputs,
			failure: failure ? {code: failure.code, message: failure.message} : null,
		},
		chain: chainAfter(trigger),
	};
};

/** Half of it is room enough for the rest: a failure is a few lines. */
const outputsBytesMax = limits.triggerDataBytesMax / 2;
