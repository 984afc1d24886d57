import {AiworkflowError} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import {maskText} from '../../../source/mask.ts';
import type {OpenapiImplementation} from '../../../source/tools/definition.ts';
import {checkedArguments} from '../arguments.ts';
import {operationUnknown} from '../failures.ts';
import type {OpenTool, ToolCall, ToolOpener, ToolPlace, ToolResult} from '../parts.ts';
import {readAnswer, resultOf} from './answer.ts';
import {type ApiOperation, allPages} from './api-operation.ts';
import {type ApiDocument, loadDocument} from './document.ts';
import {expectedAmong} from './failures.ts';
import {operationsOf} from './operations.ts';
import {readAllPages} from './pages.ts';
import {refusalOf} from './refusal.ts';
import {requestOf} from './request.ts';
import {type Credentials, checkAuthNames, credentialsOf} from './security.ts';
import {type ApiRequest, fetchSameOrigin} from './send.ts';
import {serverOf} from './servers.ts';

/** Opens a server by its OpenAPI document. Only the document is read; the server itself is asked when it is called. */
export const openOpenapi: ToolOpener<OpenapiImplementation> = async (
	implementation,
	place,
	signal,
): Promise<OpenTool> => {
	signal.throwIfAborted();
	const document = await loadDocument(place.resolve(implementation.document), place.folder, signal);
	checkAuthNames(implementation.auth, document);
	const operations = operationsOf(document, implementation.operations);
	const byName = new Map(operations.map(each => [each.tool.name, each]));
	return {
		operations: async () => operations.map(({tool}) => tool),
		async call(call, callSignal) {
			callSignal.throwIfAborted();
			const operation = byName.get(call.operation);
			if (!operation)
				throw operationUnknown(place.tool ?? implementation.id, call.operation, Array.from(byName.keys()));
			return callOperation(operation, call, {implementation, document, place}, callSignal);
		},
		// Connections are closed by themselves; no process was started.
		close: async () => {},
	};
};

interface Opened {
	readonly implementation: OpenapiImplementation;
	readonly document: ApiDocument;
	readonly place: ToolPlace;
}

const callOperation = async (
	operation: ApiOperation,
	call: ToolCall,
	{implementation, document, place}: Opened,
	signal: AbortSignal,
): Promise<ToolResult> => {
	const tool = place.tool ?? implementation.id;
	const {[allPages]: isAllPages, ...given} = checkedArguments(tool, operation.tool, call.arguments);
	const {server: chosen, auth} = implementation;
	const server = serverOf(operation, chosen === undefined ? undefined : place.resolve(chosen), document);
	const credentials = credentialsOf(operation, auth, document, place.resolve);
	const who = `"${operation.tool.name}" at ${new URL(server).origin}`;
	const request = (values: typeof given) =>
		requestOf(operation, server, values, credentials, place.workspace, call.idempotencyKey);
	const ask = (asked: ApiRequest, bytesMax: number) => answerTo(asked, who, bytesMax, signal);
	try {
		if (isAllPages !== true || !operation.paging) {
			return resultOf(await ask(await request(given), limits.toolAnswerBytesMax));
		}

		const withKeys = (url: URL) => withCredentials(url, credentials);
		const reader = {who, paging: operation.paging, arguments: given, ask, request, withCredentials: withKeys};
		const value = await readAllPages(reader);
		return resultOf({value, text: typeof value === 'string' ? value : JSON.stringify(value ?? null)});
	} catch (error) {
		throw masked(error, credentials);
	}
};

const answerTo = async (request: ApiRequest, who: string, bytesMax: number, signal: AbortSignal) => {
	const response = await fetchSameOrigin(request, who, signal);
	if (response.ok) return readAnswer(response, who, bytesMax, signal);
	throw await refusalOf(response, who, Date.now(), signal);
};

const withCredentials = (url: URL, {query}: Credentials): URL => {
	const whole = new URL(url);
	for (const [name, value] of query) if (!whole.searchParams.has(name)) whole.searchParams.append(name, value);
	return whole;
};

/** What a server says may repeat what it was sent. */
const masked = (error: unknown, {secrets}: Credentials): unknown => {
	const failure = expectedAmong(error);
	if (failure === undefined || maskText(failure.message, secrets) === failure.message) return error;
	const {code, suggestion, retryable, resetAtMs} = failure;
	return new AiworkflowError({code, message: maskText(failure.message, secrets), suggestion, retryable, resetAtMs});
};
