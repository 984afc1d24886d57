import {setTimeout as sleep} from 'node:timers/promises';
import type {Client, StreamMessage} from '../../client/client.ts';

export interface FollowAllOptions {
	/** Called at the start and after each loss. */
	readonly connect: () => Promise<Client>;
	readonly signal: AbortSignal;
	/** What it takes is not sent again, unless it fails because the daemon is gone. */
	readonly take: (client: Client, message: StreamMessage) => Promise<void>;
	/** Told when the daemon is gone, and when it is back. */
	readonly onAway: (isAway: boolean) => void;
	/** How long to wait before the next try, after so many that failed. */
	readonly retryDelayMs?: (misses: number) => number;
}

/**
 * Hands over what happens in all runs, first a snapshot, then every event once, over the lives of several daemons, until
 * the signal fires.
 *
 * @throws What kept the first connection from being made; later losses are waited out.
 */
export const followAll = async ({
	connect,
	signal,
	take,
	onAway,
	retryDelayMs = misses => Math.min(250 * 2 ** misses, 2000),
}: FollowAllOptions): Promise<void> => {
	let lastEventId: number | undefined;
	let isAway = false;
	let misses = 0;
	let client = await connect();
	while (!signal.aborted) {
		try {
			if (isAway) client = await connect();
			if (isAway) onAway(false);
			isAway = false;
			for await (const message of client.events({lastEventId, signal, mayStart: false})) {
				misses = 0;
				await take(client, message);
				lastEventId = cursorAfter(message) ?? lastEventId;
			}
		} catch (error) {
			if (!isLoss(error)) throw error;
		}

		if (signal.aborted) return;
		if (!isAway) onAway(true);
		isAway = true;
		await sleep(retryDelayMs(misses++), undefined, {signal}).catch(() => {});
	}
};

const cursorAfter = (message: StreamMessage): number | undefined => {
	if (message.kind === 'journal') return message.data.cursor;
	return message.kind === 'snapshot' && message.data.isLast ? message.data.cursor : undefined;
};

const isLoss = (error: unknown): boolean => {
	const {code} = error as {code?: unknown};
	return code === 'daemon.unreachable' || code === 'daemon.stopped';
};
