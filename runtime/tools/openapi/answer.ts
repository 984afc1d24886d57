import {limits} from '../../../source/limits.ts';
import type {ToolResult} from '../parts.ts';
import {answerInvalid, answerTooLarge} from './failures.ts';
import {isObject} from './json.ts';
import {readBytes, TooManyBytes} from './read-bytes.ts';

/** A successful answer that was read. */
export interface Answer {
	/** JSON, or a text; `undefined`: there was none. */
	readonly value: unknown;
	readonly text: string;
	readonly sizeBytes: number;
	readonly headers: Headers;
}

/**
 * @param who The operation, for messages.
 * @param bytesMax What may still come.
 * @throws AiworkflowError `tool.answer-invalid`, `tool.answer-too-large`, `tool.unreachable`.
 */
export const readAnswer = async (
	response: Response,
	who: string,
	bytesMax: number,
	signal: AbortSignal,
): Promise<Answer> => {
	const {headers} = response;
	const type = headers.get('content-type') ?? '';
	const kind = kindOf(type);
	const max = kind === 'binary' ? Math.min(bytesMax, limits.openapiBinaryBytesMax) : bytesMax;
	const bytes = await readBytes(response, max, who, signal).catch(error => {
		throw error instanceof TooManyBytes ? tooLarge(who, kind, type) : error;
	});
	const sizeBytes = bytes.length;
	if (sizeBytes === 0) return {value: undefined, text: '', sizeBytes, headers};
	if (kind === 'binary') {
		const base64 = Buffer.from(bytes).toString('base64');
		const value = {base64, contentType: type, sizeBytes};
		return {value, text: `${sizeBytes} bytes of ${type}`, sizeBytes, headers};
	}

	const text = decoded(bytes, type);
	return {value: kind === 'json' ? parsed(text, who) : text, text, sizeBytes, headers};
};

export const resultOf = ({value, text}: Pick<Answer, 'value' | 'text'>): ToolResult => ({
	outputs: value === undefined ? {} : isObject(value) ? value : {result: value},
	text,
});

/** Nothing said: text. */
const kindOf = (contentType: string): 'json' | 'text' | 'binary' => {
	const type = contentType.split(';')[0]!.trim().toLowerCase();
	if (/[/+]json$/.test(type)) return 'json';
	const isText =
		type === '' ||
		type.startsWith('text/') ||
		/[/+](xml|yaml|x-yaml|javascript|csv|sql|graphql)$|ndjson$|jsonl$|json-seq$|urlencoded$/.test(type);
	return isText ? 'text' : 'binary';
};

const decoded = (bytes: Uint8Array, contentType: string): string => {
	const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1] ?? 'utf-8';
	try {
		return new TextDecoder(charset).decode(bytes);
	} catch {
		return new TextDecoder().decode(bytes);
	}
};

const parsed = (text: string, who: string): unknown => {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw answerInvalid(
			`${who} answered something that is not JSON, though it says it is: ${JSON.stringify(text.slice(0, 80))}.`,
			'Look at what the server answers, for example with `curl -i`.',
			error,
		);
	}
};

const tooLarge = (who: string, kind: ReturnType<typeof kindOf>, type: string) =>
	kind === 'binary'
		? answerTooLarge(
				`${who} answered more than ${limits.openapiBinaryBytesMax / 1024} KiB of ${type}, which is no JSON and no text.`,
				'Fetch such files with a script: `curl --output`.',
			)
		: answerTooLarge(
				`${who} answered more than ${limits.toolAnswerBytesMax / 1024 / 1024} MiB.`,
				'Ask for less: with a filter, or page by page.',
			);
