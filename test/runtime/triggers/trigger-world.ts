import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {onTestFinished} from 'vitest';
import {createArmedWorkspaces} from '../../../runtime/store/armed-workspaces.ts';
import {type Database, openDatabase} from '../../../runtime/store/database.ts';
import {createFiringsTable} from '../../../runtime/store/firings.ts';
import {createJournal, type Journal} from '../../../runtime/store/journal.ts';
import type {RunStarter, Settled, StartRequest, TriggerDesk, TriggerSource} from '../../../runtime/triggers/parts.ts';
import {createTriggerRoom} from '../../../runtime/triggers/room.ts';
import type {JournalEvent, NewEvent} from '../../../source/run/events.ts';

/**
 * The room of triggers with a real journal, real files and arming, on a clock of its own and with runs that are only
 * noted: what a source hands in, and what becomes of it, over as many daemons as a test likes.
 */
export const createTriggerWorld = () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'aiworkflow-triggers-'));
	const workspace = path.join(folder, 'work');
	mkdirSync(path.join(workspace, '.aiworkflow', 'workflows'), {recursive: true});
	const started: StartRequest[] = [];
	const cancelled: string[] = [];
	/** Runs that were accepted and committed, and how they ended. */
	const endings = new Map<string, Settled | 'open'>();
	const defects: unknown[] = [];
	const world = {nowMs: Date.UTC(2026, 10, 20, 14), isTrusted: true, refusal: undefined as Error | undefined};
	const closes = new Set<() => Promise<void>>();

	/** Starts a daemon's worth of triggers on what the ones before it left. */
	const open = async (sources: (desk: TriggerDesk, parts: SourceParts) => readonly TriggerSource[] = () => []) => {
		const database = openDatabase(path.join(folder, 'journal.db'));
		const listeners = new Set<(events: readonly JournalEvent[]) => void>();
		const events: JournalEvent[] = [];
		let isPlugged = true;
		const journal = createJournal(database, {
			file: 'journal.db',
			beforeCommit() {
				if (!isPlugged) throw new Error('the plug was pulled');
			},
			onCommit(committed) {
				events.push(...committed);
				for (const listener of listeners) listener(committed);
			},
		});
		const runs: RunStarter = {
			async start(request, alongside) {
				if (world.refusal) throw world.refusal;
				alongside();
				journal.afterCommit(() => {
					started.push(request);
					endings.set(request.id, 'open');
				});
				await journal.durable();
			},
			async cancel(runId) {
				cancelled.push(runId);
			},
			endingOf: runId => endings.get(runId),
		};
		const subscribe = (listener: (events: readonly JournalEvent[]) => void) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		};
		const room = createTriggerRoom({
			armedWorkspaces: createArmedWorkspaces(database, folder),
			firings: createFiringsTable(database),
			journal,
			now: () => world.nowMs,
			runs,
			isTrusted: async () => world.isTrusted,
			isDraining: () => false,
			subscribe,
			onDefect: error => defects.push(error),
			sources: desk => sources(desk, {journal, database, subscribe, onDefect: error => defects.push(error)}),
		});
		await room.begin();
		const close = async () => {
			closes.delete(close);
			await room.stop();
			if (isPlugged) journal.flush();
			database.close();
		};
		closes.add(close);
		return {
			...room,
			events,
			journal,
			database,
			/** A run ends, as the engine would tell of it. */
			end(runId: string, status: Settled['status'] = 'completed', more: Partial<Settled> = {}) {
				endings.set(runId, {status, runId, ...more});
				room.desk.runEnded(runId, {status, runId, ...more});
			},
			/** Nothing is written from here on, as after a `kill -9`. */
			pullPlug() {
				isPlugged = false;
			},
			/** Ends it in order, or, with the plug pulled, as it is. */
			close,
		};
	};

	onTestFinished(async () => {
		for (const close of closes) await close();
		rmSync(folder, {recursive: true, force: true});
	});
	return {
		...{folder, workspace, started, cancelled, endings, defects, world, open},
		/** Writes a workflow with these lines under `on:`, and one step. @returns Its file. */
		workflow(name: string, on: string, more = ''): string {
			const file = path.join(workspace, '.aiworkflow', 'workflows', `${name}.md`);
			writeFileSync(
				file,
				`---\nname: ${name}\non:\n${on.replaceAll(/^/gm, '  ')}\n${more}---\n# ${name}\n\n## step\n\`\`\`sh run\ntrue\n\`\`\`\n`,
			);
			return file;
		},
	};
};

/** What a source may need of the daemon besides the desk. */
export interface SourceParts {
	readonly journal: Journal;
	readonly database: Database;
	readonly subscribe: (listener: (events: readonly JournalEvent[]) => void) => () => void;
	readonly onDefect: (error: unknown) => void;
}

/** Resolves when the condition holds. */
export const eventually = async (what: string, holds: () => boolean): Promise<void> => {
	const deadlineMs = performance.now() + 10_000;
	while (!holds()) {
		if (performance.now() > deadlineMs) throw new Error(`It did not come to it: ${what}.`);
		await new Promise(resolve => setImmediate(resolve));
	}
};

export const typesIn = (events: readonly Pick<NewEvent, 'type'>[]): string[] => events.map(({type}) => type);
export const tester = {by: 'tester', via: 'test'};
