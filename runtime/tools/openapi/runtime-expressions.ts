import type {Answer} from './answer.ts';
import {atPointer} from './json.ts';
import type {ApiRequest} from './send.ts';

/**
 * Runtime expressions of OpenAPI links, for what follows an answer: `$response.body#/next`, `$response.header.x`,
 * `$request.query.limit`. Anything that does not begin with `$` is a constant.
 *
 * @returns `undefined` where there is nothing at that place.
 */
export const runtimeValue = (
	said: unknown,
	request: Pick<ApiRequest, 'url' | 'headers'>,
	answer: Pick<Answer, 'value' | 'headers'>,
): unknown => {
	if (typeof said !== 'string' || !said.startsWith('$')) return said;
	const [, source, where, rest = ''] = /^\$(request|response)\.(body|header|query)[.#]?(.*)$/.exec(said) ?? [];
	if (where === 'header') return (source === 'request' ? request : answer).headers.get(rest) ?? undefined;
	if (source === 'request') return where === 'query' ? (request.url.searchParams.get(rest) ?? undefined) : undefined;
	return where === 'body' ? atPointer(answer.value, rest) : undefined;
};
