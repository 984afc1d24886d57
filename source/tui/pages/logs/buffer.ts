import type {LogChunk} from '../../../api/messages.ts';
import type {Failure} from '../../../errors.ts';
import {type LogLevel, logEntryOf} from '../../../log-line.ts';
import {cockpitLimits} from '../../limits.ts';
import {cleanLine, cleanText} from '../../text/clean.ts';

/** The end of the daemon's log. */
export interface LogState {
	/** `live` while what is appended comes by itself. */
	readonly status: 'none' | 'loading' | 'live';
	readonly failure?: Failure;
	readonly lines: readonly LogLine[];
	/** Byte offset at which to go on; `undefined` before anything came. */
	readonly nextOffset?: number;
	/** Number of the line that comes next; a line keeps its number. */
	readonly nextNumber: number;
}

export interface LogLine {
	readonly number: number;
	/** Of what is no entry (a crash of Node.js itself): `undefined`. */
	readonly level?: LogLevel;
	/** `14:02:11`, local time; empty where it has none. */
	readonly clock: string;
	/** Cleaned: safe to print, measurable. */
	readonly text: string;
	readonly stack: readonly string[];
}

export const emptyLog: LogState = {status: 'none', lines: [], nextNumber: 0};

/** @returns The log with this at its end, and its oldest lines gone where there are too many. */
export const withLogChunk = (log: LogState, chunk: LogChunk): LogState => {
	// After a lost connection the same bytes may come again; a log that was put aside begins anew.
	if (log.nextOffset !== undefined && chunk.offset < log.nextOffset && chunk.nextOffset === log.nextOffset) return log;
	const texts = chunk.text.replace(/\n$/, '').split('\n').filter(Boolean);
	const added = texts.map((text, index) => lineOf(text, log.nextNumber + index));
	return {
		...log,
		status: 'live',
		failure: undefined,
		lines: [...log.lines, ...added].slice(-cockpitLimits.logLinesMax),
		nextOffset: chunk.nextOffset,
		nextNumber: log.nextNumber + added.length,
	};
};

const lineOf = (raw: string, number: number): LogLine => {
	const entry = logEntryOf(raw.slice(0, lineLengthMax));
	if (!entry) return {number, clock: '', text: cleanText(raw.slice(0, lineLengthMax)), stack: []};
	const {level, time, message, facts, stack} = entry;
	const text = cleanText([message, ...facts].filter(Boolean).join('  '));
	return {number, level, clock: clockOf(time), text, stack: stack.slice(0, stackLinesMax).map(cleanLine)};
};

const lineLengthMax = 16 * 1024;
const stackLinesMax = 50;

const clockOf = (time: string): string => {
	const at = new Date(time);
	if (Number.isNaN(at.getTime())) return '';
	return [at.getHours(), at.getMinutes(), at.getSeconds()].map(part => String(part).padStart(2, '0')).join(':');
};
