import type {JournalEvent, WireEvent} from './events.ts';

export const wireEventOf = ({cursor, runId, seq, type, atMs, body}: JournalEvent): WireEvent =>
	({cursor, runId, seq, type, at: new Date(atMs).toISOString(), body}) as WireEvent;

export const journalEventOf = ({cursor, runId, seq, type, at, body}: WireEvent): JournalEvent =>
	({cursor, runId, seq, type, atMs: Date.parse(at), body}) as JournalEvent;

const endings: ReadonlySet<string> = new Set(['run.completed', 'run.failed', 'run.cancelled']);

/** Whether an event is the last of its run. */
export const isRunEnding = (type: string): boolean => endings.has(type);
