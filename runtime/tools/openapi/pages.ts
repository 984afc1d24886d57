import {limits} from '../../../source/limits.ts';
import type {Answer} from './answer.ts';
import type {Paging} from './api-operation.ts';
import {answerInvalid, answerTooLarge} from './failures.ts';
import {atPointer, isObject, type JsonObject} from './json.ts';
import {runtimeValue} from './runtime-expressions.ts';
import type {ApiRequest} from './send.ts';

export interface PageReader {
	/** For messages. */
	readonly who: string;
	readonly paging: Paging;
	readonly arguments: JsonObject;
	/** Asks for one page. */
	ask(request: ApiRequest, bytesMax: number): Promise<Answer>;
	/** Makes the request for other arguments. */
	request(given: JsonObject): Promise<ApiRequest>;
	/** Adds to an address of the server what proves who we are. */
	withCredentials(url: URL): URL;
}

/**
 * Reads page after page, all from the same origin.
 *
 * @returns The last answer, with the list of all pages in the place of its own.
 * @throws AiworkflowError `tool.answer-too-large`: more pages or bytes than allowed. `tool.answer-invalid`: pages that lead
 * in a circle or to another server, or have no list.
 */
export const readAllPages = async (reader: PageReader): Promise<unknown> => {
	let request = await reader.request(reader.arguments);
	const seen = new Set([request.url.href]);
	const items: unknown[] = [];
	let bytesLeft = limits.toolAnswerBytesMax;
	for (let pageCount = 1; ; pageCount++) {
		const answer = await reader.ask(request, bytesLeft);
		bytesLeft -= answer.sizeBytes;
		const next = await nextRequest(reader, request, answer);
		const place = listPlace(answer.value, reader.paging.items);
		if (place === undefined) {
			if (next === undefined && pageCount === 1) return answer.value;
			throw withoutList(reader);
		}

		items.push(...(atPointer(answer.value, place) as unknown[]));
		if (next === undefined) return withList(answer.value, place, items);
		if (pageCount >= limits.openapiPagesMax) throw tooManyPages(reader);
		if (seen.has(next.url.href)) throw inCircle(reader);
		seen.add(next.url.href);
		request = next;
	}
};

const nextRequest = async (
	reader: PageReader,
	request: ApiRequest,
	answer: Answer,
): Promise<ApiRequest | undefined> => {
	const {next, arguments: said} = reader.paging;
	const address =
		nextLink(answer.headers.get('link')) ?? (next === undefined ? undefined : atPointer(answer.value, next));
	if (typeof address === 'string' && address !== '') {
		const url = URL.parse(address, request.url.href);
		if (url?.origin !== request.url.origin) throw otherServer(reader, url);
		return {...request, url: reader.withCredentials(url)};
	}

	if (said === undefined) return undefined;
	const values = Object.entries(said).map(([name, value]) => [name, runtimeValue(value, request, answer)] as const);
	const isEnd = values.some(([, value]) => value === undefined || value === null || value === '' || value === false);
	return isEnd ? undefined : reader.request({...reader.arguments, ...Object.fromEntries(values)});
};

/** The target of `<…>; rel="next"` in a `Link` header (RFC 8288). */
export const nextLink = (header: string | null): string | undefined => {
	for (const [, target, attributes] of (header ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
		const said = Array.from(attributes!.matchAll(/;\s*([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/g));
		const [, , quoted, bare] = said.find(([, name]) => name!.toLowerCase() === 'rel') ?? [];
		if ((quoted ?? bare)?.toLowerCase().split(/\s+/).includes('next')) return target;
	}

	return undefined;
};

/** The list that is said, the answer itself, or the only list right inside of it. */
const listPlace = (value: unknown, said: string | undefined): string | undefined => {
	if (said !== undefined) return Array.isArray(atPointer(value, said)) ? said : undefined;
	if (Array.isArray(value)) return '';
	if (!isObject(value)) return undefined;
	const lists = Object.keys(value).filter(key => Array.isArray(value[key]));
	return lists.length === 1 ? `/${lists[0]!.replaceAll('~', '~0').replaceAll('/', '~1')}` : undefined;
};

const withList = (value: unknown, place: string, items: readonly unknown[]): unknown => {
	if (place === '') return items;
	const cut = place.lastIndexOf('/');
	const owner = atPointer(value, place.slice(0, cut)) as Record<string, unknown>;
	// The answer was parsed for this call alone.
	owner[
		place
			.slice(cut + 1)
			.replaceAll('~1', '/')
			.replaceAll('~0', '~')
	] = items;
	return value;
};

const withoutList = ({who}: PageReader) =>
	answerInvalid(
		`${who} answered a page in which it is not clear which list goes on.`,
		'Say it in the document, as `x-pagination: { items: /data }` of the operation, or ask page by page.',
	);

const tooManyPages = ({who}: PageReader) =>
	answerTooLarge(
		`${who} has more than ${limits.openapiPagesMax} pages.`,
		'Ask for less with a filter, or for larger pages.',
	);

const inCircle = ({who}: PageReader) =>
	answerInvalid(`${who} leads from one page back to one that was read.`, 'Ask page by page, without `all-pages`.');

const otherServer = ({who}: PageReader, url: URL | null) =>
	answerInvalid(
		`${who} says that its next page is at ${url?.origin ?? 'no address'}, which is not followed: only its own server is.`,
		'Ask page by page, without `all-pages`.',
	);
