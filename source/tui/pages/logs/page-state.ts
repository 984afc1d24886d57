import {emptyLog, type LogState} from './buffer.ts';

export interface LogsPageState {
	readonly log: LogState;
	readonly filter: string;
	readonly scroll: LogScroll;
}

/** Following: the last row is the last one there is. Held: the first row is of the line with this number, or the next one listed. */
export type LogScroll = {readonly isFollowing: true} | {readonly isFollowing: false; readonly top: number};

export const initialLogsPage: LogsPageState = {log: emptyLog, filter: '', scroll: {isFollowing: true}};
