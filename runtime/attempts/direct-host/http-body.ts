import {AiworkflowError} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import {formatSize} from '../../../source/units.ts';
import type {HttpRequest} from './http.ts';
import {httpUnreachable, placeOf} from './http-failures.ts';

export interface HttpBodyRead {
	readonly text: string;
	/** What JSON says, where it is JSON; else the text; null where there is nothing. */
	readonly value: unknown;
}

/** @throws AiworkflowError `http.answer-too-large`, as soon as it is; `http.unreachable` where it breaks off. */
export const readBody = async (response: Response, request: HttpRequest): Promise<HttpBodyRead> => {
	const bytes = await bytesOf(response, request);
	const type = response.headers.get('content-type') ?? '';
	const text = decoded(bytes, type);
	return {text, value: jsonOrText(text, type)};
};

const bytesOf = async (response: Response, request: HttpRequest): Promise<Buffer> => {
	const chunks: Uint8Array[] = [];
	let sizeBytes = 0;
	const reader = response.body?.getReader();
	for (;;) {
		const {done, value} = await readChunk(reader, request);
		if (done) return Buffer.concat(chunks);
		sizeBytes += value.length;
		if (sizeBytes > limits.toolAnswerBytesMax) {
			await reader?.cancel().catch(() => {});
			throw tooLarge(request);
		}

		chunks.push(value);
	}
};

type Chunk = {readonly done: true; readonly value?: undefined} | {readonly done: false; readonly value: Uint8Array};

const readChunk = async (
	reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
	request: HttpRequest,
): Promise<Chunk> => {
	if (!reader) return {done: true};
	try {
		const {done, value} = await reader.read();
		return done ? {done} : {done, value};
	} catch (error) {
		throw httpUnreachable(request, error);
	}
};

const decoded = (bytes: Buffer, type: string): string => {
	const charset = /;\s*charset="?([^";\s]+)/i.exec(type)?.[1] ?? 'utf-8';
	try {
		return new TextDecoder(charset).decode(bytes);
	} catch {
		return bytes.toString('utf8');
	}
};

const jsonOrText = (text: string, type: string): unknown => {
	if (text === '') return null;
	if (!/^[^;]*[/+]json\b/i.test(type)) return text;
	try {
		return JSON.parse(text);
	} catch {
		// Whoever reads `body.x` finds nothing there; whoever declares the outputs is told.
		return text;
	}
};

const tooLarge = (request: HttpRequest) =>
	new AiworkflowError({
		code: 'http.answer-too-large',
		message: `${placeOf(request)} answers with more than ${formatSize(limits.toolAnswerBytesMax)}.`,
		suggestion: 'Ask for less: a page, a filter. Large files are for `curl -o` in a `run` script.',
	});
