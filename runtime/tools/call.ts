import {AiworkflowError, type Failure, failureOf} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import type {ToolDefinition, ToolImplementation, ToolOperation} from '../../source/tools/definition.ts';
import type {ToolTry} from '../engine/parts.ts';
import {checkAnswer, checkedArguments, readTexts} from './arguments.ts';
import {asUnsent, isUnsent, operationUnknown, toolAnswerTooLarge, toolDenied, toolTimedOut} from './failures.ts';
import {openTool} from './kinds.ts';
import type {OpenTool, ToolCall, ToolPlace, ToolResult} from './parts.ts';

export interface ToolCallRequest {
	readonly definition: Pick<ToolDefinition, 'name'>;
	/** Those that may be asked, in this order. At least one. */
	readonly implementations: readonly ToolImplementation[];
	/** An empty `operation` means the only one there is. */
	readonly call: ToolCall;
	readonly placeOf: (implementation: ToolImplementation) => ToolPlace;
	/** Names of arguments that are text, to be read as what the operation takes. */
	readonly texts?: readonly string[];
	/** Only operations that change nothing. */
	readonly mayOnlyRead?: boolean;
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
	// It lacks a secret.
	'expression.failed',
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

export interface ToolDescription {
	readonly operations?: readonly ToolOperation[];
	readonly failure?: Failure;
	readonly tries: readonly ToolTry[];
}

/** What the first implementation that says it says that it can do. */
export const describeTool = async (
	{definition, implementations, placeOf}: Omit<ToolCallRequest, 'call'>,
	signal: AbortSignal,
): Promise<ToolDescription> => {
	const tries: ToolTry[] = [];
	for (const implementation of implementations) {
		const startedAtMs = performance.now();
		const outcome = await operationsOf(definition.name, implementation, placeOf, signal);
		const latencyMs = Math.round(performance.now() - startedAtMs);
		const {failure} = outcome;
		tries.push({implementation: implementation.id, latencyMs, ...(failure && {failure})});
		if (outcome.operations) return {operations: outcome.operations, tries};
	}

	return {failure: foremostOf(tries), tries};
};

const operationsOf = async (
	tool: string,
	implementation: ToolImplementation,
	placeOf: ToolCallRequest['placeOf'],
	signal: AbortSignal,
): Promise<{readonly operations?: readonly ToolOperation[]; readonly failure?: Failure}> => {
	let open: OpenTool | undefined;
	try {
		const opening = limitedSignal(signal, limits.toolOpenMs, () => toolTimedOut(tool, limits.toolOpenMs));
		open = await openTool(implementation, {...placeOf(implementation), tool}, opening);
		return {operations: await open.operations(opening)};
	} catch (error) {
		if (signal.aborted) throw signal.reason;
		return {failure: failureOf(error)};
	} finally {
		await open?.close();
	}
};

interface Outcome {
	readonly result?: ToolResult;
	readonly error?: unknown;
	readonly operation?: ToolOperation;
}

const askOne = async (
	{definition, call, placeOf, texts = [], mayOnlyRead = false}: ToolCallRequest,
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
		if (mayOnlyRead && !operation.isReadOnly) throw toolDenied(tool, operation.name);
		const given = readTexts(operation, call.arguments, texts);
		const checked = {...call, operation: operation.name, arguments: checkedArguments(tool, operation, given)};
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
