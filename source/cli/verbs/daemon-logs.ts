import {createReadStream} from 'node:fs';
import {open, stat} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {usageInvalid} from '../../errors.ts';
import {logLineOf} from '../../log-line.ts';
import {daemonLogFileOf, stateFolderOf} from '../../paths.ts';
import {cleanText} from '../clean.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

const pollMs = 200;
/** The end of the log that is looked at for the first lines. */
const tailBytesMax = 1024 * 1024;

/** Reads the file itself, so that it works where the daemon does not: words, or under `--json` the lines as they are. */
export const daemonLogs: Verb<typeof tables.daemonLogs> = async ({options, output}) => {
	const count = linesOf(options.lines ?? '100');
	const file = daemonLogFileOf(stateFolderOf());
	let offset = await sizeOf(file);
	if (offset === undefined) {
		output.note(`No daemon has written ${file} yet.`);
		if (!options.follow) return exitCodes.done;
	}

	const show = (line: string) => output.raw(`${output.isJson ? line : cleanText(logLineOf(line))}\n`);
	for (const line of await lastLines(file, offset ?? 0, count)) await show(line);
	let rest = '';
	while (options.follow) {
		await sleep(pollMs);
		const size = (await sizeOf(file)) ?? 0;
		// A smaller file is a new one.
		const start = size < (offset ?? 0) ? 0 : (offset ?? 0);
		if (size > start)
			for await (const text of createReadStream(file, {start, end: size - 1, encoding: 'utf8'})) {
				const lines = (rest + text).split('\n');
				// The daemon may be in the middle of a line.
				rest = lines.pop()!;
				for (const line of lines) await show(line);
			}

		offset = size;
	}

	return exitCodes.done;
};

const linesOf = (text: string): number => {
	if (/^\d+$/.test(text)) return Number(text);
	throw usageInvalid(`--lines takes a number, not "${text}".`, 'Leave it out for the last 100 lines.');
};

const sizeOf = async (file: string): Promise<number | undefined> =>
	stat(file).then(
		({size}) => size,
		() => undefined,
	);

const lastLines = async (file: string, size: number, count: number): Promise<string[]> => {
	if (size === 0 || count === 0) return [];
	const start = Math.max(0, size - tailBytesMax);
	const handle = await open(file);
	try {
		const buffer = Buffer.alloc(size - start);
		await handle.read(buffer, 0, buffer.length, start);
		return buffer.toString('utf8').trimEnd().split('\n').slice(-count);
	} finally {
		await handle.close();
	}
};
