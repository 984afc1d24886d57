import type {StatementSync} from 'node:sqlite';
import {type AiworkflowError, journalUnwritable} from '../../source/errors.ts';
import type {JournalEvent, NewEvent} from '../../source/run/events.ts';
import type {Database} from './database.ts';

/** A write that belongs to the same transaction as the events around it: a projection. */
export type Projection = () => void;

/**
 * The durable truth. Events are appended in memory, committed together (group commit, one transaction a turn of the
 * event loop), then published. An effect waits for the commit of the event that announces it: see `afterCommit`.
 */
export interface Journal {
	/** Gives the event its cursor; it is durable only after the next commit. @throws AiworkflowError `journal.unwritable` after a failed commit. */
	append(
		run: {readonly id: string; readonly key: number} | null,
		seq: number,
		event: NewEvent,
		atMs: number,
	): JournalEvent;
	/** Runs inside the next commit, after its events. */
	project(projection: Projection): void;
	/** Runs once all that was appended until now is durable; never, if it cannot be made so. */
	afterCommit(callback: () => void): void;
	/** Resolves when all that was appended until now is durable. @throws AiworkflowError `journal.unwritable`. */
	durable(): Promise<void>;
	/** Commits what is pending, at once. */
	flush(): void;
	/** Cursor of the last durable event, 0 for none. */
	readonly cursor: number;
	/** Set for good by the first commit that failed: memory is then ahead of the disk, and nothing more is taken. */
	readonly failure: AiworkflowError | undefined;
}

export interface JournalOptions {
	readonly file: string;
	/** Called with the events of each commit, in order, right after it. */
	readonly onCommit?: (events: readonly JournalEvent[]) => void;
	readonly onFailure?: (failure: AiworkflowError) => void;
	/** An effect threw where it was started; the journal is sound. Default: throws it outside of the commit. */
	readonly onDefect?: (error: unknown) => void;
	/** Called before each commit: where tests pull the plug. */
	readonly beforeCommit?: () => void;
}

export const createJournal = (
	database: Database,
	{file, onCommit, onFailure, onDefect = throwLater, beforeCommit}: JournalOptions,
): Journal => {
	const begin = database.prepare('BEGIN IMMEDIATE');
	const commit = database.prepare('COMMIT');
	const insert = database.prepare('INSERT INTO events (cursor, run, seq, type, at_ms, body) VALUES (?, ?, ?, ?, ?, ?)');
	let cursorNext = cursorMaxOf(database) + 1;
	let cursorDurable = cursorNext - 1;
	let failure: AiworkflowError | undefined;
	let events: {readonly event: JournalEvent; readonly runKey: number | null}[] = [];
	let projections: Projection[] = [];
	let callbacks: (() => void)[] = [];
	let refusals: ((error: AiworkflowError) => void)[] = [];
	let isScheduled = false;

	const schedule = () => {
		if (isScheduled) return;
		isScheduled = true;
		setImmediate(flush);
	};

	const flush = () => {
		isScheduled = false;
		if (failure || (events.length === 0 && projections.length === 0 && callbacks.length === 0)) return;
		const batch = {events, projections, callbacks, refusals};
		events = [];
		projections = [];
		callbacks = [];
		refusals = [];
		try {
			if (batch.events.length + batch.projections.length > 0) {
				beforeCommit?.();
				writeBatch(batch, {begin, commit, insert});
			}
		} catch (error) {
			fail(error, batch.refusals);
			return;
		}

		cursorDurable = batch.events.at(-1)?.event.cursor ?? cursorDurable;
		onCommit?.(batch.events.map(({event}) => event));
		for (const callback of batch.callbacks) {
			try {
				callback();
			} catch (error) {
				// One effect that cannot be started must not keep the others of its commit from starting.
				onDefect(error);
			}
		}
	};

	const fail = (error: unknown, waiting: readonly ((error: AiworkflowError) => void)[]) => {
		try {
			database.exec('ROLLBACK');
		} catch {
			// SQLite has rolled back by itself.
		}

		failure = journalUnwritable(file, error instanceof Error ? error.message : String(error));
		for (const refuse of waiting) refuse(failure);
		onFailure?.(failure);
	};

	return {
		append(run, seq, {type, body}, atMs) {
			if (failure) throw failure;
			const event = {cursor: cursorNext++, runId: run?.id ?? null, seq, type, atMs, body} as JournalEvent;
			events.push({event, runKey: run?.key ?? null});
			schedule();
			return event;
		},
		project(projection) {
			projections.push(projection);
			schedule();
		},
		afterCommit(callback) {
			callbacks.push(callback);
			schedule();
		},
		async durable() {
			if (failure) throw failure;
			return new Promise((resolve, reject) => {
				callbacks.push(resolve);
				refusals.push(reject);
				schedule();
			});
		},
		flush,
		get cursor() {
			return cursorDurable;
		},
		get failure() {
			return failure;
		},
	};
};

const throwLater = (error: unknown) => {
	setImmediate(() => {
		throw error;
	});
};

const writeBatch = (
	{
		events,
		projections,
	}: {events: readonly {event: JournalEvent; runKey: number | null}[]; projections: readonly Projection[]},
	{begin, commit, insert}: Record<'begin' | 'commit' | 'insert', StatementSync>,
) => {
	begin.run();
	for (const {event, runKey} of events) {
		insert.run(event.cursor, runKey, event.seq, event.type, event.atMs, JSON.stringify(event.body));
	}

	for (const project of projections) project();
	commit.run();
};

const cursorMaxOf = (database: Database): number =>
	(database.prepare('SELECT coalesce(max(cursor), 0) AS cursor FROM events').get() as {cursor: number}).cursor;
