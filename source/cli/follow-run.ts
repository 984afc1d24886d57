import {existsSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Client} from '../client/client.ts';
import {AiworkflowError} from '../errors.ts';
import type {WireEvent} from '../run/events.ts';
import {isRunEnding} from '../run/wire.ts';

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

	while (!signal?.aborted) {
		const triedAtMs = performance.now();
		try {
			if (!isAway || (await client.isAnswering())) {
				for await (const event of eventsAfter(client, runId, cursor, {signal, mayStart: !isAway})) {
					if (isAway) onAway?.(false);
					isAway = false;
					if (event.runId !== runId || event.cursor <= cursor) continue;
					cursor = event.cursor;
					misses = 0;
					yield event;
					if (isRunEnding(event.type)) return;
				}
			}
		} catch (error) {
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
