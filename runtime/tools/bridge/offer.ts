import {AiworkflowError, failureOf} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import type {ToolOperation} from '../../../source/tools/definition.ts';
import type {BridgeRequest} from '../../attempts/tool-bridge.ts';
import {operationUnknown} from '../failures.ts';
import type {ToolResult} from '../parts.ts';
import type {Leave} from './leave.ts';
import {offeredNamesOf} from './names.ts';
import {createToolSession, type ToolSession} from './session.ts';

export interface OfferedOperation {
	/** For a model. */
	readonly name: string;
	readonly tool: string;
	readonly operation: ToolOperation;
}

/** The tools that are given, all together. */
export interface Offer {
	/** Those of tools that cannot be opened are left out, and somebody is told. */
	list(signal: AbortSignal): Promise<readonly OfferedOperation[]>;
	/** @param name As a model knows it, or `<tool>.<operation>`. @throws AiworkflowError */
	call(name: string, given: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<ToolResult>;
	close(): Promise<void>;
}

export const createOffer = (request: BridgeRequest, leave: Leave): Offer => {
	const sessions = request.tools.map(tool => createToolSession(tool, request));
	let listing: Promise<readonly OfferedOperation[]> | undefined;

	const operationsOf = async (session: ToolSession, signal: AbortSignal) => {
		try {
			return (await session.operations(signal)).map(operation => ({tool: session.name, operation}));
		} catch (error) {
			if (signal.aborted) throw signal.reason;
			leave.warn(`The tool ${session.name} cannot be given: ${failureOf(error).message}`);
			return [];
		}
	};

	const look = async (signal: AbortSignal) => {
		const found = (await Promise.all(sessions.map(session => operationsOf(session, signal)))).flat();
		const shown = found.slice(0, limits.agentToolOperationsMax);
		if (shown.length < found.length)
			leave.warn(
				`The tools have ${found.length} operations; only ${shown.length} are given. Name those that are needed.`,
			);
		const names = offeredNamesOf(shown.map(({tool, operation}) => ({tool, operation: operation.name})));
		return shown.map((each, index) => ({name: names[index]!, ...each}));
	};

	const list = (signal: AbortSignal) => {
		if (listing) return listing;
		const begun = look(signal);
		listing = begun;
		begun.catch(() => {
			listing = undefined;
		});
		return begun;
	};

	return {
		list,
		async call(name, given, signal) {
			const offered = await list(signal);
			const found = offered.find(each => each.name === name || `${each.tool}.${each.operation.name}` === name);
			if (!found) throw notGiven(name, offered);
			const {tool, operation} = found;
			const wanted = {tool, operation: operation.name, isReadOnly: operation.isReadOnly ?? false, arguments: given};
			const begin = await leave.ask(wanted, signal);
			const end = begin();
			try {
				const result = await sessions.find(session => session.name === tool)!.call(operation.name, given, signal);
				end();
				return result;
			} catch (error) {
				end(error instanceof AiworkflowError ? error.code : 'tool.failed');
				throw error;
			}
		},
		async close() {
			await Promise.all(sessions.map(session => session.close()));
		},
	};
};

/** Also of what exists and was not given: whoever asks is not told which. */
const notGiven = (name: string, offered: readonly OfferedOperation[]): AiworkflowError => {
	const [tool = name, operation] = name.split('.');
	const ofTool = offered.filter(each => each.tool === tool).map(each => each.operation.name);
	if (operation !== undefined && ofTool.length > 0) return operationUnknown(tool, operation, ofTool);
	const given = [...new Set(offered.map(each => each.tool))].join(', ');
	return new AiworkflowError({
		code: 'tool.refused',
		message: `The tool \`${name}\` was not given.`,
		suggestion: given === '' ? 'No tools are given here.' : `The tools that are given: ${given}.`,
	});
};
