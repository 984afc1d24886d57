import {AiworkflowError, type Failure, failureOf} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import type {ToolDefinition, ToolImplementation, ToolOperation} from '../../source/tools/definition.ts';
import {checkAnswer, checkedArguments} from './arguments.ts';
import {asUnsent, isUnsent, operationUnknown, toolAnswerTooLarge, toolTimedOut} from './failures.ts';
import {openTool} from './kinds.ts';
import type {OpenTool, ToolCall, ToolPlace, ToolResult} from './parts.ts';

export interface ToolCallRequest {
	readonly definition: Pick<ToolDefinition, 'name'>;
	/** Those that may be asked, in this order. At least one. */
	readonly implementations: readonly ToolImplementation[];
	/** An empty `operation` means the only one there is. */
	readonly call: ToolCall;
	readonly placeOf: (implementation: ToolImplementation) => ToolPlace;
}

/** What came of asking one implementation. */
export interface ToolTry {
	/** Id of the implementation. */
	readonly implementation: string;
	/** Missing: it answered. */
	readonly failure?: Failure;
	readonly latencyMs: number;
}

export interface ToolCallReport {
	/** Either this … */
	readonly result?: ToolResult;
	/** … or this. */
	readonly failure?: Failure;
	/** In order; the last one is whose answer this is. */
	readonly tries: readonly ToolTry[];
	/** The operation that was called, where it is known. */
	readonly operation?: string;
}

/** The tool, not what it was asked for, is the matter: somebody else may do better. */
const isOfTool: ReadonlySet<string> = new Set([
	'tool.unreachable',
	'tool.unauthenticated',
	'tool.rate-limited',
	'tool.answer-invalid',
	'tool.answer-too-large',
	'tool.operation-unknown',
	'feature.not-built',
]);

/**
 * Calls an operation of the first implementation that can; another one is asked only where the first was not asked for
 * anything yet, or the operation changes nothing. Loads code of tools' kinds: for processes that may die of it.
 *
 * @param signal Its reason is thrown as soon as it is aborted; everything that was started is ended.
 */
export const callTool = async (request: ToolCallRequest, signal: AbortSignal): Promise<ToolCallReport> => {
	const tries: ToolTry[] = [];
	let operation: string | undefined;
	for (const implementation of request.implementations) {
		const startedAtMs = performance.now();
		const outcome = await askOne(request, implementation, signal);
		operation = outcome.operation?.name ?? operation;
		const failure = outcome.error === undefined ? undefined : failureOf(outcome.error);
		const latencyMs = Math.round(performance.now() - startedAtMs);
		tries.push({implementation: implementation.id, latencyMs, ...(failure && {failure})});
		if (!failure) return {result: outcome.result, tries, operation};
		const mayGoOn = isUnsent(outcome.error) || outcome.operation?.isReadOnly === true;
		if (!mayGoOn || !isOfTool.has(failure.code)) return {failure, tries, operation};
	}

	return {failure: foremostOf(tries), tries, operation};
};

/** What the preferred one said, unless it only lacks the operation. */
const foremostOf = (tries: readonly ToolTry[]): Failure | undefined =>
	(tries.find(({failure}) => failure?.code !== 'tool.operation-unknown') ?? tries[0])?.failure;

interface Outcome {
	readonly result?: ToolResult;
	readonly error?: unknown;
	readonly operation?: ToolOperation;
}

const askOne = async (
	{definition, call, placeOf}: ToolCallRequest,
	implementation: ToolImplementation,
	signal: AbortSignal,
): Promise<Outcome> => {
	const tool = definition.name;
	let open: OpenTool | undefined;
	let operation: ToolOperation | undefined;
	try {
		const place = {...placeOf(implementation), tool};
		const opening = limitedSignal(signal, limits.toolOpenMs, () => asUnsent(toolTimedOut(tool, limits.toolOpenMs)));
		open = await unsentUntilDone(openTool(implementation, place, opening));
		operation = operationIn(tool, await unsentUntilDone(open.operations(opening)), call.operation);
		const checked = {...call, operation: operation.name, arguments: checkedArguments(tool, operation, call.arguments)};
		const timeoutMs = implementation.timeoutMs ?? limits.toolCallMs;
		const result = await open.call(
			checked,
			limitedSignal(signal, timeoutMs, () => toolTimedOut(tool, timeoutMs)),
		);
		checkSize(tool, result);
		checkAnswer(tool, operation, result);
		return {result, operation};
	} catch (error) {
		if (signal.aborted) throw signal.reason;
		return {error, operation};
	} finally {
		await open?.close();
	}
};

/** Until it has said what it can do, nobody asked it to do anything. */
const unsentUntilDone = async <Value>(work: Promise<Value>): Promise<Value> => {
	try {
		return await work;
	} catch (error) {
		throw error instanceof AiworkflowError ? asUnsent(error) : error;
	}
};

/** Aborts with the reason of the first that happens: the other signal, or the end of the time. */
export const limitedSignal = (signal: AbortSignal, ms: number, reason: () => Error): AbortSignal => {
	const timer = new AbortController();
	const timeout = setTimeout(() => timer.abort(reason()), ms);
	timeout.unref();
	signal.addEventListener('abort', () => clearTimeout(timeout), {once: true});
	return AbortSignal.any([signal, timer.signal]);
};

const operationIn = (tool: string, operations: readonly ToolOperation[], name: string): ToolOperation => {
	const found = name === '' && operations.length === 1 ? operations[0] : operations.find(each => each.name === name);
	if (found) return found;
	const known = operations.map(each => each.name);
	throw operationUnknown(tool, name, known);
};

const checkSize = (tool: string, {outputs, text}: ToolResult): void => {
	const size = Buffer.byteLength(text) + Buffer.byteLength(JSON.stringify(outputs));
	// The text of an answer may be the whole of it once more.
	if (size > 2 * limits.toolAnswerBytesMax) throw toolAnswerTooLarge(tool);
};
