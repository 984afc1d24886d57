import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {Clock} from '../../../../runtime/engine/parts.ts';
import {createWatchedFiles} from '../../../../runtime/store/watched-files.ts';
import type {WorkflowRun} from '../../../../runtime/triggers/files/run-windows.ts';
import {createFilesSource} from '../../../../runtime/triggers/files/source.ts';
import type {JournalEvent, NewEvent} from '../../../../source/run/events.ts';
import {createTriggerWorld, tester} from '../trigger-world.ts';

/** File triggers on real files, with runs that are only noted and a clock that the test moves. */
export const createFilesWorld = (on: string) => {
	const triggers = createTriggerWorld();
	const {world, workspace} = triggers;
	let timers: {readonly atMs: number; readonly callback: () => void}[] = [];
	const clock: Clock = {
		now: () => world.nowMs,
		at(atMs, callback) {
			const timer = {atMs, callback};
			timers.push(timer);
			return () => {
				timers = timers.filter(each => each !== timer);
			};
		},
	};
	let recent: readonly WorkflowRun[] = [];
	const runListeners = new Set<(events: readonly JournalEvent[]) => void>();
	triggers.workflow('inbox', on);

	/** A daemon's worth of file triggers, armed. */
	const open = async () => {
		timers = [];
		const daemon = await triggers.open((desk, {journal, database}) => [
			createFilesSource({
				...{desk, journal, clock},
				table: createWatchedFiles(database),
				onDefect: error => triggers.defects.push(error),
				recentRuns: () => recent,
				subscribe(listener) {
					runListeners.add(listener);
					return () => runListeners.delete(listener);
				},
			}),
		]);
		if (daemon.arming.all().length === 0) await daemon.arming.arm(workspace, {PATH: '/bin'}, tester);
		return daemon;
	};

	const advance = (byMs: number): void => {
		world.nowMs += byMs;
		const due = timers.filter(({atMs}) => atMs <= world.nowMs);
		timers = timers.filter(({atMs}) => atMs > world.nowMs);
		for (const {callback} of due) callback();
	};

	return {
		...triggers,
		open,
		advance,
		write(name: string, text = name): string {
			const file = path.join(workspace, name);
			mkdirSync(path.dirname(file), {recursive: true});
			writeFileSync(file, text);
			return file;
		},
		/** Lets time pass, a little at a time, until the condition holds. */
		async passUntil(what: string, holds: () => boolean, stepMs = 10): Promise<void> {
			const deadlineMs = performance.now() + 30_000;
			while (!holds()) {
				if (performance.now() > deadlineMs) {
					const seen = triggers.started.map(({trigger}) => trigger.data).slice(-5);
					throw new Error(`It did not come to it: ${what}. ${JSON.stringify([seen, triggers.defects.map(String)])}`);
				}

				advance(stepMs);
				await new Promise(resolve => setTimeout(resolve, 2));
			}
		},
		/** What runs were started for: `add inbox/a.md`. */
		fired: (): string[] =>
			triggers.started.map(({trigger: {data}}) =>
				[data.event, data.from, data.file ?? data.files].filter(Boolean).join(' '),
			),
		/** The runs that file triggers find at their next arming. */
		setRecentRuns(runs: readonly WorkflowRun[]): void {
			recent = runs;
		},
		/** The journal tells of a run of the workflow. */
		tellOfRun(runId: string, types: readonly NewEvent['type'][], data: Readonly<Record<string, unknown>> = {}): void {
			const created = {workspace, workflow: {name: 'inbox'}, trigger: {data}};
			const events = types.map(type => ({type, runId, body: type === 'run.created' ? created : {}}));
			for (const listener of runListeners) listener(events as unknown as JournalEvent[]);
		},
	};
};
