import {type FileHandle, open} from 'node:fs/promises';
import type {ServerResponse} from 'node:http';
import type {z} from 'zod';
import {daemonLogsQuery} from '../../../source/api/contract.ts';
import type {LogChunk, LogPage} from '../../../source/api/messages.ts';
import {limits} from '../../../source/limits.ts';
import {daemonLogFileOf} from '../../../source/paths.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';
import {drained} from '../drained.ts';

/** How often a followed log is looked at. */
const followMs = 200;

export const registerLogs = (server: Server, parts: DaemonParts): void => {
	server.get(
		'/daemon/logs',
		{
			schema: {
				tags: ['daemon'],
				summary: 'The log of the daemon: its end or from an offset on, once or as it grows',
				querystring: daemonLogsQuery,
			},
		},
		async (request, reply): Promise<LogPage | undefined> => {
			const {tail, offset, follow: isFollowed} = request.query as z.output<typeof daemonLogsQuery>;
			const file = daemonLogFileOf(parts.stateFolder);
			const first = await (offset === undefined ? tailOf(file, tail) : linesFrom(file, offset));
			if (!isFollowed) return first;
			reply.hijack();
			await follow(reply.raw, file, first).catch(error => {
				parts.log.error({err: error}, 'the log could not be followed');
				reply.raw.destroy();
			});
			return undefined;
		},
	);
};

const follow = async (response: ServerResponse, file: string, first: LogPage): Promise<void> => {
	response.writeHead(200, {'content-type': 'application/x-ndjson', 'cache-control': 'no-store'});
	response.flushHeaders();
	let page = first;
	while (!response.destroyed) {
		const {sizeBytes: _, ...chunk} = page;
		if (chunk.text !== '') {
			response.write(`${JSON.stringify(chunk satisfies LogChunk)}\n`);
			await drained(response);
		} else await new Promise(resolve => setTimeout(resolve, followMs));
		page = await linesFrom(file, page.nextOffset);
	}
};

/** @returns The last whole lines within so many bytes. */
const tailOf = (file: string, tailBytes: number): Promise<LogPage> =>
	reading(file, async (handle, sizeBytes) => {
		const start = Math.max(0, sizeBytes - tailBytes);
		// One byte before says whether the first line is a whole one.
		const readFrom = Math.max(0, start - 1);
		const bytes = await bytesAt(handle, readFrom, sizeBytes - readFrom);
		const skipped = start === 0 ? 0 : bytes.indexOf(newline) + 1;
		const isCut = start > 0 && skipped === 0;
		return pageOf(isCut ? Buffer.alloc(0) : bytes.subarray(skipped), isCut ? sizeBytes : readFrom + skipped, sizeBytes);
	});

/** @returns What stands there from an offset on, as much as one answer holds. In a smaller file: from its beginning. */
const linesFrom = (file: string, offset: number): Promise<LogPage> =>
	reading(file, async (handle, sizeBytes) => {
		const start = offset > sizeBytes ? 0 : offset;
		const bytes = await bytesAt(handle, start, Math.min(sizeBytes - start, limits.outputChunkBytesMax));
		return pageOf(bytes, start, sizeBytes);
	});

/** A line that is being written waits for its end; one that fills an answer does not. */
const pageOf = (bytes: Buffer, offset: number, sizeBytes: number): LogPage => {
	const end = bytes.lastIndexOf(newline) + 1 || (bytes.length >= limits.outputChunkBytesMax ? bytes.length : 0);
	return {offset, nextOffset: offset + end, text: bytes.subarray(0, end).toString('utf8'), sizeBytes};
};

const newline = 0x0a;

const reading = async (
	file: string,
	read: (handle: FileHandle, sizeBytes: number) => Promise<LogPage>,
): Promise<LogPage> => {
	const handle = await open(file);
	try {
		const {size} = await handle.stat();
		return await read(handle, size);
	} finally {
		await handle.close();
	}
};

const bytesAt = async (handle: FileHandle, offset: number, lengthBytes: number): Promise<Buffer> => {
	const {buffer, bytesRead} = await handle.read(
		Buffer.alloc(Math.max(0, lengthBytes)),
		0,
		Math.max(0, lengthBytes),
		offset,
	);
	return buffer.subarray(0, bytesRead);
};
