import {existsSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Client} from '../client/client.ts';
import {AiworkflowError} from '../errors.ts';
import type {WireEvent} from '../run/events.ts';

export interface FollowOptions {
	/** Cursor to go on after; default: from the beginning of the run. */
	readonly after?: number;
	/** Ends the following in order. */
	readonly signal?: AbortSignal;
	/** Told when somebody stopped the daemon, and when it is back. */
	readonly onAway?: (isAway: boolean) => void;
	/** How long to wait before the next try, after so many that failed. */
	readonly retryDelayMs?: (misses: number) => number;
}

/**
 * The events of one run up to its end, each exactly once, whatever happens to the daemon meanwhile. One that was killed
 * is started again; one that somebody stopped is waited for, because starting it would undo what they did.
 *
 * A run may end several times: it can be opened again, and rolled back. What is followed ends with the ending that
 * nothing follows.
 *
 * @param runId The whole id.
 */
export async function* followRun(
	client: Client,
	runId: string,
	{after = 0, signal, onAway, retryDelayMs = misses => Math.min(50 * 2 ** misses, 1000)}: FollowOptions = {},
): AsyncGenerator<WireEvent> {
	let cursor = after;
	let isAway = false;
	let misses = 0;
	let isEndSeen = false;

	while (!signal?.aborted) {
		const triedAtMs = performance.now();
		try {
			if (isEndSeen && (await isOver(client, runId, cursor))) return;
			if (!isAway || (await client.isAnswering())) {
				for await (const event of eventsAfter(client, runId, cursor, {signal, mayStart: !isAway})) {
					if (isAway) onAway?.(false);
					isAway = false;
					if (event.runId !== runId || event.cursor <= cursor) continue;
					cursor = event.cursor;
					misses = 0;
					isEndSeen = endings.has(event.type);
					yield event;
					if (isEndSeen && (await isOver(client, runId, cursor))) return;
				}
			}
		} catch (error) {
			if (isEndSeen && wasStopped(client)) return;
			misses = performance.now() - triedAtMs > stableMs ? 1 : misses + 1;
			if (!isUnreachable(error) || misses > missesMax) throw error;
		}

		if (signal?.aborted) return;
		await sleep(retryDelayMs(misses), undefined, {signal}).catch(() => {});
		if (!isAway && wasStopped(client)) {
			isAway = true;
			onAway?.(true);
		}
	}
}

/** What may be the last event of a run. */
const endings: ReadonlySet<string> = new Set(['run.completed', 'run.failed', 'run.cancelled', 'rollback.completed']);

const isOver = async (client: Client, runId: string, cursor: number): Promise<boolean> => {
	const {cursor: last, endedAt, rollback} = await client.run(runId);
	return last <= cursor && endedAt !== null && rollback?.status !== 'running';
};

/** A daemon that stops in order takes its socket away; one that was killed leaves it behind. */
const wasStopped = ({socketPath}: Client) => !existsSync(socketPath);

/** A daemon that dies as soon as it is started must not be started for ever; one that lived this long may. */
const missesMax = 10;
const stableMs = 2000;

async function* eventsAfter(
	client: Client,
	runId: string,
	cursor: number,
	options: {readonly signal?: AbortSignal; readonly mayStart: boolean},
): AsyncGenerator<WireEvent> {
	for await (const message of client.events({runId, lastEventId: cursor, ...options})) {
		if (message.kind === 'journal') yield message.data;
		// The cursor is out of the stream's retention: the journal of the run still has everything since.
		if (message.kind === 'snapshot' && message.data.cursor > cursor) yield* pages(client, runId, cursor);
	}
}

async function* pages(client: Client, runId: string, after: number): AsyncGenerator<WireEvent> {
	for (let next: number | null = after; next !== null; ) {
		const page = await client.runEvents(runId, {after: next});
		yield* page.events;
		next = page.next;
	}
}

const isUnreachable = (error: unknown) => error instanceof AiworkflowError && error.code === 'daemon.unreachable';
