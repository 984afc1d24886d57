import {type Priority, priorities} from '../../../source/workflow/queues.ts';
import type {QueueMessage} from './parts.ts';

/** What a server keeps of a message beside its body. Anything of it may be missing: others publish as well. */
export interface Envelope {
	readonly attempt?: unknown;
	readonly replays?: unknown;
	readonly expiresAtMs?: unknown;
}

/** Others' values are taken where they make sense. */
export const messageOf = (
	id: string,
	body: unknown,
	priority: Priority | undefined,
	{attempt, replays, expiresAtMs}: Envelope,
): QueueMessage => ({
	id,
	body,
	priority: priority ?? 'normal',
	attempt: countOf(attempt, 1),
	replays: countOf(replays, 0),
	...(typeof expiresAtMs === 'number' && Number.isFinite(expiresAtMs) && {expiresAtMs}),
});

const countOf = (value: unknown, least: number): number =>
	typeof value === 'number' && Number.isSafeInteger(value) && value >= least ? value : least;

/** @param rank 1 for the last, 4 for the first. */
export const priorityOfRank = (rank: number | undefined): Priority | undefined =>
	rank === undefined ? undefined : priorities[rank - 1];
export const rankOf = (priority: Priority): number => priorities.indexOf(priority) + 1;
