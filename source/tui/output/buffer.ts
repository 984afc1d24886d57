import type {OutputChunk} from '../../api/messages.ts';
import type {Failure} from '../../errors.ts';
import {cockpitLimits} from '../limits.ts';
import {cleanLine} from '../text/clean.ts';
import type {Scroll} from './scroll.ts';

/** The output of one attempt: its last lines, and where the view on them stands. */
export interface OutputState {
	readonly target?: OutputTarget;
	/** `loading` until the first answer, `live` while more may come. */
	readonly status: 'none' | 'loading' | 'live' | 'ended';
	readonly failure?: Failure;
	readonly lines: readonly OutputLine[];
	/** Number of the first line kept; lines are numbered from 0 and keep their number. */
	readonly firstNumber: number;
	/** Lines not yet ended by a newline. */
	readonly open: Readonly<Partial<Record<Stream, OpenLine>>>;
	/** Byte offsets at which to go on. */
	readonly offsets: Readonly<Record<Stream, number>>;
	/** Bytes before the first line that were not fetched. */
	readonly skippedBytes: number;
	readonly scroll: Scroll;
}

export interface OutputTarget {
	readonly runId: string;
	readonly stepId: string;
	/** Index of the item, for a step done once for each of several. */
	readonly item?: number;
	readonly attempt: number;
}

export interface OutputLine {
	readonly number: number;
	readonly stream: Stream;
	/** Cleaned: safe to print, measurable. */
	readonly text: string;
}

type Stream = OutputChunk['stream'];
interface OpenLine {
	readonly number: number;
	/** As it came: the next chunk may finish an escape sequence. */
	readonly raw: string;
}

export const emptyOutput: OutputState = {
	status: 'none',
	lines: [],
	firstNumber: 0,
	open: {},
	offsets: {stdout: 0, stderr: 0},
	skippedBytes: 0,
	scroll: {isFollowing: true},
};

export const isSameTarget = (a: OutputTarget | undefined, b: OutputTarget | undefined): boolean =>
	a?.runId === b?.runId && a?.stepId === b?.stepId && a?.item === b?.item && a?.attempt === b?.attempt;

/** Number of the line that comes next. */
export const nextNumberOf = ({firstNumber, lines}: OutputState): number => firstNumber + lines.length;

/** @returns The output with these chunks at its end, and its oldest lines gone where there are too many. */
export const withChunks = (output: OutputState, chunks: readonly OutputChunk[]): OutputState => {
	const draft = {lines: [...output.lines], open: {...output.open}, offsets: {...output.offsets}};
	for (const chunk of chunks) {
		// After a lost connection the same bytes may come again.
		if (chunk.nextOffset <= draft.offsets[chunk.stream]) continue;
		draft.offsets[chunk.stream] = chunk.nextOffset;
		addText(draft, output.firstNumber, chunk.stream, chunk.text);
	}

	const excess = Math.max(0, draft.lines.length - cockpitLimits.outputLinesMax);
	return {
		...output,
		lines: excess > 0 ? draft.lines.slice(excess) : draft.lines,
		firstNumber: output.firstNumber + excess,
		open: draft.open,
		offsets: draft.offsets,
	};
};

interface Draft {
	readonly lines: OutputLine[];
	readonly open: Partial<Record<Stream, OpenLine>>;
	readonly offsets: Record<Stream, number>;
}

const addText = (draft: Draft, firstNumber: number, stream: Stream, text: string): void => {
	const pieces = text.split('\n');
	for (const [index, piece] of pieces.entries()) {
		const isEnded = index < pieces.length - 1;
		if (piece === '' && !isEnded) break;
		let raw = (draft.open[stream]?.raw ?? '') + piece;
		while (raw.length > cockpitLimits.outputLineLengthMax) {
			putLine(draft, firstNumber, stream, raw.slice(0, cockpitLimits.outputLineLengthMax), true);
			raw = raw.slice(cockpitLimits.outputLineLengthMax);
		}

		putLine(draft, firstNumber, stream, raw, isEnded);
	}
};

const putLine = (draft: Draft, firstNumber: number, stream: Stream, raw: string, isEnded: boolean): void => {
	const number = draft.open[stream]?.number ?? firstNumber + draft.lines.length;
	const index = number - firstNumber;
	// A line still open when it fell out of the buffer has no place any more.
	if (index >= 0) draft.lines[index] = {number, stream, text: cleanLine(raw.replace(/\r$/, ''))};
	if (isEnded) delete draft.open[stream];
	else draft.open[stream] = {number, raw};
};
