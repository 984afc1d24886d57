import {setTimeout as delay} from 'node:timers/promises';
import {Client} from '@modelcontextprotocol/sdk/client/index.js';
import {StreamableHTTPError} from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type {Transport} from '@modelcontextprotocol/sdk/shared/transport.js';
import {
	CallToolResultSchema,
	ErrorCode,
	ListToolsResultSchema,
	McpError,
	type Request,
} from '@modelcontextprotocol/sdk/types.js';
import {AiworkflowError, type Failure} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import type {ToolOperation} from '../../../source/tools/definition.ts';
import {version} from '../../../source/version.ts';
import {operationUnknown, toolAnswerInvalid, toolFailed, toolUnreachable} from '../failures.ts';
import type {OpenTool} from '../parts.ts';
import {operationOf, resultOf, textOfAnswer} from './answers.ts';
import {brokenOff} from './http-transport.ts';

/** An open server. */
export interface McpSession extends OpenTool {
	/** Whether it still answers. Never rejects. */
	isAlive(): Promise<boolean>;
}

interface Wire {
	readonly tool: string;
	readonly transport: Transport;
	/** Why the transport ended by itself. */
	readonly failure?: () => AiworkflowError | undefined;
	/** What the server wrote besides. */
	readonly lastWords?: () => string;
	/** Ends what the server keeps for this client. */
	readonly farewell?: () => Promise<void>;
}

/** The SDK's own time would end calls that may take longer; ours are the signals. */
const timeout = 2 ** 31 - 1;

/** Says hello to a server. @throws AiworkflowError `tool.unreachable` and the like. */
export const openSession = async (wire: Wire, signal: AbortSignal): Promise<McpSession> => {
	const {tool, transport} = wire;
	const client = new Client({name: 'aiworkflow', version}, {capabilities: {}});
	const asked = async <Value>(work: Promise<Value>, signal: AbortSignal, answersForItself?: string): Promise<Value> => {
		try {
			return await untilAborted(work, signal);
		} catch (error) {
			if (signal.aborted) throw signal.reason;
			throw wire.failure?.() ?? failureOfError(wire, error, answersForItself);
		}
	};

	const close = async () => {
		if (wire.farewell) await Promise.race([wire.farewell().catch(() => {}), delay(1000)]);
		await client.close().catch(() => {});
	};

	try {
		await asked(client.connect(transport, {signal, timeout}), signal);
	} catch (error) {
		await close();
		throw error;
	}

	const names = new Set<string>();
	return {
		async operations(signal) {
			const operations = await asked(listed(client, tool, signal), signal);
			names.clear();
			for (const {name} of operations) names.add(name);
			return operations;
		},
		async call({operation, arguments: given}, signal) {
			if (names.size > 0 && !names.has(operation)) throw operationUnknown(tool, operation, [...names]);
			const request: Request = {method: 'tools/call', params: {name: operation, arguments: given}};
			const answer = await asked(client.request(request, CallToolResultSchema, {signal, timeout}), signal, operation);
			if (answer.isError) throw toolFailed(tool, operation, textOfAnswer(answer));
			return resultOf(answer);
		},
		isAlive: async () =>
			client.ping({timeout: limits.toolNonsenseMs}).then(
				() => true,
				error => error instanceof McpError && error.code === ErrorCode.MethodNotFound,
			),
		close,
	};
};

/** A transport may be stuck in sending, which no signal reaches. */
const untilAborted = async <Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> => {
	const {promise, reject} = Promise.withResolvers<never>();
	const abort = () => reject(signal.reason);
	if (signal.aborted) abort();
	signal.addEventListener('abort', abort, {once: true});
	try {
		return await Promise.race([work, promise]);
	} finally {
		signal.removeEventListener('abort', abort);
		work.catch(() => {});
		promise.catch(() => {});
	}
};

const listed = async (client: Client, tool: string, signal: AbortSignal): Promise<ToolOperation[]> => {
	const operations: ToolOperation[] = [];
	let cursor: string | undefined;
	for (let page = 0; page < limits.toolPagesMax; page++) {
		const request: Request = {method: 'tools/list', params: cursor === undefined ? {} : {cursor}};
		const answer = await client.request(request, ListToolsResultSchema, {signal, timeout});
		operations.push(...answer.tools.map(operationOf));
		if (operations.length > limits.toolOperationsMax) break;
		cursor = answer.nextCursor;
		if (cursor === undefined) return operations;
	}

	throw toolAnswerInvalid(tool, `lists more than ${limits.toolOperationsMax} operations, or pages without end`);
};

/** @param operation That it was asked to do; missing: it was only asked about itself. */
const failureOfError = ({tool, lastWords}: Wire, error: unknown, operation?: string): AiworkflowError => {
	if (error instanceof AiworkflowError) return error;
	const said = lastWords?.() ?? '';
	const {message} = error as Error;
	if (error instanceof McpError) {
		if (error.code === brokenOff && error.data) return new AiworkflowError(error.data as Failure);
		if (error.code === ErrorCode.ConnectionClosed) return toolUnreachable(tool, 'ended in the middle', said, error);
		if (operation !== undefined) return toolFailed(tool, operation, message);
		return toolAnswerInvalid(tool, `does not speak as a server of tools: ${message}`, said, error);
	}

	if (error instanceof StreamableHTTPError) {
		const {code = 0} = error;
		if (code < 400) return toolAnswerInvalid(tool, `answered with what is no message: ${message}`, said, error);
		const text = message.replace(/^.*endpoint: /s, '').slice(0, 200);
		if (operation !== undefined) return toolFailed(tool, operation, `its server answered ${code} ${text}`);
		return toolUnreachable(tool, `is not there: its server answered ${code} ${text}`, said, error);
	}

	if ('issues' in (error as Error) || error instanceof SyntaxError)
		return toolAnswerInvalid(tool, 'answered with what is no answer to the question', said, error);
	return toolUnreachable(tool, `cannot be reached: ${message}`, said, error);
};
