import {expect, test} from 'vitest';
import {readEventStream, readLines, type ServerSentMessage} from '../../../source/client/event-stream.ts';

const messagesOf = async (text: string | Uint8Array, chunkBytes = Number.POSITIVE_INFINITY) => {
	const found: ServerSentMessage[] = [];
	for await (const message of readEventStream(inChunks(text, chunkBytes))) found.push(message);
	return found;
};

async function* inChunks(text: string | Uint8Array, chunkBytes: number) {
	const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
	const step = Math.min(chunkBytes, bytes.length);
	for (let start = 0; start < bytes.length; start += step) yield bytes.subarray(start, start + step);
}

test('a message has its name, its id and its data', async () => {
	expect(await messagesOf('event: journal\nid: 7\ndata: {"a":1}\n\n')).toEqual([
		{event: 'journal', id: '7', data: '{"a":1}'},
	]);
});

test('without a name it is a message, without an id it has the one before', async () => {
	expect(await messagesOf('id: 7\ndata: one\n\ndata: two\n\n')).toEqual([
		{event: 'message', id: '7', data: 'one'},
		{event: 'message', id: '7', data: 'two'},
	]);
});

test('several data lines are one text with line ends', async () => {
	expect(await messagesOf('data: one\ndata:\ndata:two\n\n')).toEqual([
		{event: 'message', id: undefined, data: 'one\n\ntwo'},
	]);
});

test('comments are heartbeats and nothing else', async () => {
	expect(await messagesOf(': \n\n:still here\n\ndata: x\n\n')).toHaveLength(1);
});

test('only one space behind the colon is dropped', async () => {
	expect((await messagesOf('data:  indented \n\n'))[0]!.data).toBe(' indented ');
});

test('a message that the end of the stream cut off is dropped', async () => {
	expect(await messagesOf('data: whole\n\ndata: ha')).toHaveLength(1);
	expect(await messagesOf('data: whole\n\ndata: half\n')).toHaveLength(1);
});

test('a name without data is no message, and does not stay for the next', async () => {
	expect(await messagesOf('event: journal\n\ndata: x\n\n')).toEqual([{event: 'message', id: undefined, data: 'x'}]);
});

test.each(['\n', '\r\n', '\r'])('lines may end with %j, wherever the bytes are split', async end => {
	const text = ['event: journal', 'id: 12', 'data: {"text":"grün 漢字 👩‍👩‍👧"}', '', 'data: second', '', ''].join(end);
	const whole = await messagesOf(text);
	expect(whole).toHaveLength(2);
	for (let chunkBytes = 1; chunkBytes < 40; chunkBytes++) expect(await messagesOf(text, chunkBytes)).toEqual(whole);
});

test('a byte order mark at the start is not part of the first field', async () => {
	expect(await messagesOf('\uFEFFdata: x\n\n')).toHaveLength(1);
});

test('a line of a megabyte in small chunks arrives whole', async () => {
	const text = 'x'.repeat(1_000_000);
	expect((await messagesOf(`data: ${text}\n\n`, 1000))[0]!.data).toBe(text);
});

test('what follows the last line end is not a line', async () => {
	const lines: string[] = [];
	for await (const line of readLines(inChunks('a\n\nb\nrest', 2))) lines.push(line);
	expect(lines).toEqual(['a', '', 'b']);
});
