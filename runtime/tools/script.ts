import path from 'node:path';
import {limits} from '../../source/limits.ts';
import type {ScriptImplementation, ToolOperation} from '../../source/tools/definition.ts';
import {type Child, startChild, whileAlive} from './child.ts';
import {operationUnknown, toolAnswerInvalid, toolAnswerTooLarge, toolFailed, toolUnreachable} from './failures.ts';
import type {OpenTool, ToolCall, ToolOpener, ToolPlace, ToolResult} from './parts.ts';
import {outputsOf} from './result.ts';

/** Nothing is started until it is called; each call is a process. */
export const openScript: ToolOpener<ScriptImplementation> = async (implementation, place) => {
	const running = new Set<Child>();
	const tool = place.tool ?? implementation.id;
	return {
		operations: async () => operationsOf(implementation),
		async call(call, signal) {
			const operation = implementation.operations[call.operation];
			if (!operation) throw operationUnknown(tool, call.operation, Object.keys(implementation.operations));
			const child = await startChild({tool, ...programOf(implementation, operation.args ?? [], place, call)});
			running.add(child);
			try {
				child.stdin.end();
				return await whileAlive(child, signal, answerOf(child, implementation, tool, call.operation));
			} finally {
				if (!signal.aborted) running.delete(child);
			}
		},
		async close() {
			await Promise.all([...running].map(async child => child.end()));
		},
	} satisfies OpenTool;
};

const operationsOf = ({operations}: ScriptImplementation): ToolOperation[] =>
	Object.entries(operations).map(([name, {args: _, inputSchema, ...operation}]) => ({
		name,
		inputSchema: inputSchema ?? {type: 'object'},
		...operation,
	}));

const programOf = (
	{command, env}: ScriptImplementation,
	fixed: readonly string[],
	{folder, cwd, environment, resolve}: ToolPlace,
	{arguments: given, idempotencyKey}: ToolCall,
) => {
	const [program, ...args] = command.map(resolve);
	const own = Object.fromEntries(Object.entries(env).map(([key, value]) => [key, resolve(value)]));
	return {
		command: program!.includes('/') ? path.resolve(folder, program!) : program!,
		args: [
			...args.map(argument => besideFile(folder, argument)),
			...fixed,
			...Object.entries(given).flatMap(argumentOf),
		],
		cwd,
		environment: {...environment, ...own, ...(idempotencyKey && {AIWORKFLOW_STEP_KEY: idempotencyKey})},
	};
};

/** `[python3, ./tool.py]`: what begins with a point is a path. */
const besideFile = (folder: string, argument: string): string =>
	/^\.\.?\//.test(argument) ? path.resolve(folder, argument) : argument;

const argumentOf = ([key, value]: [string, unknown]): string[] =>
	value === undefined ? [] : [`--${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`];

const answerOf = async (
	child: Child,
	{output}: ScriptImplementation,
	tool: string,
	operation: string,
): Promise<ToolResult> => {
	const text = await wholeOutput(child, tool);
	const {exitCode, signal} = await child.ended;
	if (signal) throw toolUnreachable(tool, `was ended by ${signal}`, child.lastWords());
	if (exitCode !== 0) {
		const words = child.lastWords().trim() || text.slice(-limits.toolLastWordsCharacters);
		throw toolFailed(tool, operation, `it ended with ${exitCode}. ${words}`);
	}

	if (output === 'text') return {outputs: {result: text.trimEnd()}, text: text.trimEnd()};
	try {
		return {outputs: text.trim() === '' ? {} : outputsOf(JSON.parse(text)), text: text.trimEnd()};
	} catch (error) {
		const what = `printed no JSON, but ${JSON.stringify(text.trim().slice(0, 80))}`;
		throw toolAnswerInvalid(tool, what, child.lastWords(), error);
	}
};

/** @throws AiworkflowError `tool.answer-too-large` as soon as it is; the program is ended then. */
const wholeOutput = async (child: Child, tool: string): Promise<string> => {
	const pieces: Buffer[] = [];
	let size = 0;
	const {promise, resolve, reject} = Promise.withResolvers<void>();
	child.stdout.on('data', (piece: Buffer) => {
		size += piece.length;
		if (size <= limits.toolAnswerBytesMax) {
			pieces.push(piece);
			return;
		}

		child.stdout.destroy();
		void child.end();
		reject(toolAnswerTooLarge(tool));
	});
	void child.ended.then(() => resolve());
	await promise;
	return Buffer.concat(pieces).toString('utf8');
};
