/** One message of a Server-Sent Events stream. */
export interface ServerSentMessage {
	/** `message` unless named. */
	readonly event: string;
	/** The last id the stream gave, of this message or one before it. */
	readonly id: string | undefined;
	readonly data: string;
}

/**
 * Reads Server-Sent Events as they arrive, by the rules of the HTML standard (section 9.2.6): any of the three line
 * ends, bytes split anywhere, several `data:` lines, comments as heartbeats. A message that the stream's end cut off is
 * dropped.
 */
export async function* readEventStream(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentMessage> {
	let event = '';
	let id: string | undefined;
	let data: string[] = [];
	for await (const line of readLines(chunks)) {
		if (line === '') {
			if (data.length > 0) yield {event: event || 'message', id, data: data.join('\n')};
			event = '';
			data = [];
			continue;
		}

		const {field, value} = fieldOf(line);
		if (field === 'data') data.push(value);
		else if (field === 'event') event = value;
		else if (field === 'id' && !value.includes('\0')) id = value;
	}
}

/**
 * Splits bytes into lines, whose ends may be LF, CR LF or CR; what follows the last line end is not a line.
 * One leading byte order mark is dropped.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
	const decoder = new TextDecoder();
	// Pieces of an unfinished line: joining them once keeps a large line from being copied with each chunk.
	let pieces: string[] = [];
	let endedWithCr = false;
	for await (const chunk of chunks) {
		let text = decoder.decode(chunk, {stream: true});
		if (text === '') continue;
		// The LF of a CR LF that was split between two chunks.
		if (endedWithCr && text.startsWith('\n')) text = text.slice(1);
		endedWithCr = text === '' ? false : text.endsWith('\r');
		const lines = text.split(/\r\n|\n|\r/);
		const rest = lines.pop()!;
		for (const line of lines) {
			yield pieces.length === 0 ? line : pieces.join('') + line;
			pieces = [];
		}

		if (rest !== '') pieces.push(rest);
	}
}

/** A comment (a line that starts with a colon) has the empty field. */
const fieldOf = (line: string) => {
	const colon = line.indexOf(':');
	if (colon === -1) return {field: line, value: ''};
	const start = line[colon + 1] === ' ' ? colon + 2 : colon + 1;
	return {field: line.slice(0, colon), value: line.slice(start)};
};
