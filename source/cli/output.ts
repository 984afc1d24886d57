import type {Writable} from 'node:stream';
import {createPaint, hasColour, type Paint} from './colour.ts';
import type {CommonOptions} from './options.ts';

/** Where a command writes. Results go to standard output, messages to standard error. */
export interface Output {
	readonly isJson: boolean;
	readonly isVerbose: boolean;
	/** Whether a person sits at both ends, so that a question would be seen and can be answered. */
	readonly isInteractive: boolean;
	/** Of the terminal that results are printed on; `undefined` for a file or a pipe. */
	readonly columns: number | undefined;
	readonly paint: Paint;
	/** A result for a person; nothing under `--json`. */
	print(text: string): Promise<void>;
	/** Text as it is, without a line end of ours: the output of a step. */
	raw(text: string): Promise<void>;
	/** A message beside the result. */
	note(text: string): void;
	/** The whole result, under `--json`. */
	document(value: unknown): Promise<void>;
	/** One item of a stream of results (NDJSON), under `--json`. */
	line(value: unknown): Promise<void>;
}

interface Terminal {
	readonly stdin: {readonly isTTY?: boolean};
	readonly stdout: Writable & {readonly isTTY?: boolean; readonly columns?: number};
	readonly stderr: Writable;
	readonly env: Readonly<Record<string, string | undefined>>;
}

export const createOutput = ({json, verbose, color}: CommonOptions, terminal: Terminal = process): Output => {
	const {stdin, stdout, stderr, env} = terminal;
	const emit = (text: string) => write(stdout, text);
	return {
		isJson: json,
		isVerbose: verbose,
		isInteractive: !json && stdin.isTTY === true && stdout.isTTY === true,
		columns: stdout.isTTY === true ? stdout.columns : undefined,
		paint: createPaint(!json && hasColour(stdout, color, env)),
		print: async text => {
			if (!json) await emit(`${text}\n`);
		},
		raw: emit,
		note: text => {
			stderr.write(`${text}\n`);
		},
		document: value => emit(`${JSON.stringify(value, null, '\t')}\n`),
		line: value => emit(`${JSON.stringify(value)}\n`),
	};
};

/** Waits while the reader is slower than we are; a reader that has gone away is no failure (see `endQuietlyOnBrokenPipe`). */
export const write = (stream: Writable, text: string): Promise<void> =>
	new Promise(resolve => {
		if (stream.destroyed || stream.write(text)) {
			resolve();
			return;
		}

		const done = () => {
			stream.off('drain', done);
			stream.off('close', done);
			resolve();
		};
		stream.once('drain', done);
		stream.once('close', done);
	});

/** `aiworkflow runs list | head -1` ends when head does, without a word. */
export const endQuietlyOnBrokenPipe = (
	streams: readonly Writable[] = [process.stdout, process.stderr],
	end: () => void = () => process.exit(),
): void => {
	for (const stream of streams) {
		stream.on('error', (error: NodeJS.ErrnoException) => {
			if (error.code !== 'EPIPE') throw error;
			end();
		});
	}
};
