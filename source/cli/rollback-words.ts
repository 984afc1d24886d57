import type {RollbackStatus} from '../run/views.ts';

/** @returns Nothing where nothing was undone. */
export const rollbackWords = (status: RollbackStatus | null): string => (status === null ? '' : words[status]);

const words: Readonly<Record<RollbackStatus, string>> = {
	running: 'rolling back',
	done: 'rolled back',
	partial: 'rolled back in part',
};
