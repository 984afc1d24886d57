import {AiworkflowError, failureOf} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import type {ToolImplementation, ToolOperation} from '../../../source/tools/definition.ts';
import type {BridgedTool, BridgeRequest} from '../../attempts/tool-bridge.ts';
import {checkAnswer, checkedArguments} from '../arguments.ts';
import {limitedSignal} from '../call.ts';
import {operationUnknown, toolTimedOut} from '../failures.ts';
import {openTool} from '../kinds.ts';
import type {OpenTool, ToolPlace, ToolResult} from '../parts.ts';
import {createPlaces} from '../places.ts';

/**
 * One given tool, open for as long as its agent works: what a server remembers from call to call, a browser's page for
 * instance, stays. The first implementation that opens is used; one that became unreachable is opened anew for the next call.
 */
export interface ToolSession {
	readonly name: string;
	/** Only those that are given. @throws AiworkflowError As `OpenTool.operations` does. */
	operations(signal: AbortSignal): Promise<readonly ToolOperation[]>;
	/** @throws AiworkflowError As `OpenTool.call` does. */
	call(operation: string, given: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<ToolResult>;
	/** Never rejects. */
	close(): Promise<void>;
}

interface Opened {
	readonly implementation: ToolImplementation;
	readonly open: OpenTool;
	readonly operations: readonly ToolOperation[];
}

export const createToolSession = (tool: BridgedTool, {workspace, cwd}: BridgeRequest): ToolSession => {
	const {definition, operations: given, environment, secrets} = tool;
	const {name} = definition;
	const placeOf = createPlaces(definition, {workspace, cwd, environment, secrets});
	let opening: Promise<Opened> | undefined;

	const openFirst = async (signal: AbortSignal): Promise<Opened> => {
		const failures: unknown[] = [];
		for (const implementation of definition.implementations) {
			try {
				return await openOne(name, implementation, placeOf(implementation), signal);
			} catch (error) {
				if (signal.aborted) throw signal.reason;
				failures.push(error);
			}
		}

		throw failures[0];
	};

	const opened = (signal: AbortSignal): Promise<Opened> => {
		if (opening) return opening;
		const begun = openFirst(signal);
		opening = begun;
		begun.catch(() => {
			if (opening === begun) opening = undefined;
		});
		return begun;
	};

	const letGo = async (session: Opened) => {
		opening = undefined;
		await session.open.close();
	};

	return {
		name,
		async operations(signal) {
			const {operations} = await opened(signal);
			const unknown = given?.find(wanted => !operations.some(each => each.name === wanted));
			if (unknown !== undefined) {
				const known = operations.map(each => each.name);
				throw operationUnknown(name, unknown, known);
			}

			return given ? operations.filter(each => given.includes(each.name)) : operations;
		},
		async call(wanted, args, signal) {
			const session = await opened(signal);
			const {open, operations, implementation} = session;
			const operation = operations.find(each => each.name === wanted);
			if (!operation) throw operationUnknown(name, wanted, given ?? operations.map(each => each.name));
			const timeoutMs = implementation.timeoutMs ?? limits.toolCallMs;
			const limited = limitedSignal(signal, timeoutMs, () => toolTimedOut(name, timeoutMs));
			try {
				const call = {operation: operation.name, arguments: checkedArguments(name, operation, args)};
				const result = await open.call(call, limited);
				checkAnswer(name, operation, result);
				return result;
			} catch (error) {
				if (isBroken(error)) await letGo(session);
				throw error;
			}
		},
		async close() {
			const session = await opening?.catch(() => undefined);
			opening = undefined;
			await session?.open.close();
		},
	};
};

/** After which nothing of it is believed any more. */
const isBroken = (error: unknown): boolean =>
	error instanceof AiworkflowError &&
	['tool.unreachable', 'tool.answer-invalid', 'tool.answer-too-large'].includes(failureOf(error).code);

const openOne = async (
	name: string,
	implementation: ToolImplementation,
	place: ToolPlace,
	signal: AbortSignal,
): Promise<Opened> => {
	const limited = limitedSignal(signal, limits.toolOpenMs, () => toolTimedOut(name, limits.toolOpenMs));
	const open = await openTool(implementation, place, limited);
	try {
		return {implementation, open, operations: await open.operations(limited)};
	} catch (error) {
		await open.close();
		throw error;
	}
};
