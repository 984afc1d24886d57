import path from 'node:path';
import {moduleHostEntry} from '../../source/install.ts';
import {limits} from '../../source/limits.ts';
import type {ModuleImplementation, ToolOperation} from '../../source/tools/definition.ts';
import {type Child, startChild, whileAlive} from './child.ts';
import {operationUnknown, toolAnswerInvalid, toolAnswerTooLarge, toolFailed, toolUnreachable} from './failures.ts';
import {readLines} from './lines.ts';
import type {ModuleAnswer, ModuleCall, ModuleRequest} from './module/protocol.ts';
import type {OpenTool, ToolOpener, ToolPlace} from './parts.ts';
import {outputsOf, textOf} from './result.ts';

/** The process that tells the operations serves the first call; each further one starts its own. */
export const openModule: ToolOpener<ModuleImplementation> = async (implementation, place) => {
	const tool = place.tool ?? implementation.id;
	const running = new Set<Session>();
	let fresh: Session | undefined;
	const start = async (): Promise<Session> => {
		const session = await startSession(tool, implementation, place);
		running.add(session);
		return session;
	};

	return {
		async operations(signal) {
			fresh ??= await start();
			return fresh.operations(signal);
		},
		async call(call, signal) {
			const session = fresh ?? (await start());
			fresh = undefined;
			const operations = await session.operations(signal);
			const names = operations.map(({name}) => name);
			if (!names.includes(call.operation)) throw operationUnknown(tool, call.operation, names);
			const value = await session.call(call, signal);
			await session.end();
			running.delete(session);
			return {outputs: outputsOf(value), text: textOf(value)};
		},
		async close() {
			await Promise.all([...running].map(async session => session.end()));
		},
	} satisfies OpenTool;
};

interface Session {
	operations(signal: AbortSignal): Promise<readonly ToolOperation[]>;
	call(call: ModuleCall, signal: AbortSignal): Promise<unknown>;
	end(): Promise<void>;
}

const startSession = async (
	tool: string,
	{module, env}: ModuleImplementation,
	{folder, workspace, cwd, environment, resolve}: ToolPlace,
): Promise<Session> => {
	const own = Object.fromEntries(Object.entries(env).map(([key, value]) => [key, resolve(value)]));
	const child = await startChild({
		tool,
		command: process.execPath,
		args: [moduleHostEntry],
		cwd,
		environment: {...environment, ...own},
		hasAnswerChannel: true,
	});
	const next = answersOf(tool, child);
	const request: ModuleRequest = {module: path.resolve(folder, module), workspace, folder};
	child.stdin.write(`${JSON.stringify(request)}\n`);
	const told = next().then(answer => operationsIn(tool, answer));
	told.catch(() => {});
	return {
		operations: async signal => whileAlive(child, signal, told),
		async call(call, signal) {
			child.stdin.write(`${JSON.stringify(call)}\n`);
			const answer = await whileAlive(child, signal, next());
			return valueIn(tool, call.operation, answer);
		},
		end: async () => child.end(),
	};
};

/** @returns Gives the next answer; rejects where none comes any more. */
const answersOf = (tool: string, child: Child): (() => Promise<ModuleAnswer>) => {
	const waiting: PromiseWithResolvers<ModuleAnswer>[] = [];
	let failure: Error | undefined;
	const fail = (error: Error) => {
		failure ??= error;
		for (const {reject} of waiting.splice(0)) reject(failure);
	};

	readLines(child.answers!, {
		bytesMax: limits.toolAnswerBytesMax,
		onLine(line) {
			try {
				waiting.shift()?.resolve(JSON.parse(line) as ModuleAnswer);
			} catch (error) {
				fail(toolAnswerInvalid(tool, 'wrote into the channel of its answers', child.lastWords(), error));
			}
		},
		onTooLong() {
			fail(toolAnswerTooLarge(tool));
			void child.end();
		},
	});
	void child.ended.then(({exitCode, signal}) => {
		const how = signal ? `was ended by ${signal}` : `ended by itself (${exitCode}) without an answer`;
		fail(toolUnreachable(tool, how, child.lastWords()));
	});
	return async () => {
		if (failure) throw failure;
		const next = Promise.withResolvers<ModuleAnswer>();
		waiting.push(next);
		return next.promise;
	};
};

const operationsIn = (tool: string, answer: ModuleAnswer): readonly ToolOperation[] => {
	if ('operations' in answer) return answer.operations;
	if ('failure' in answer) throw toolUnreachable(tool, `cannot be loaded: ${answer.failure.message}`);
	throw toolAnswerInvalid(tool, 'answered what was not asked');
};

const valueIn = (tool: string, operation: string, answer: ModuleAnswer): unknown => {
	if ('value' in answer) return answer.value;
	if (!('failure' in answer)) throw toolAnswerInvalid(tool, 'answered what was not asked');
	const {kind, message} = answer.failure;
	if (kind === 'failed') throw toolFailed(tool, operation, message);
	throw toolAnswerInvalid(tool, `answered with what is no JSON: ${message}`);
};
