import {limits} from '../../../source/limits.ts';
import {type ChildOptions, startChild} from '../child.ts';
import {asUnsent, toolTimedOut} from '../failures.ts';
import {createProcessTransport} from './process-transport.ts';
import {type McpSession, openSession} from './session.ts';

export interface OwnServer extends McpSession {
	readonly pid: number;
	/** Resolves when its process is gone. */
	readonly ended: Promise<unknown>;
}

/** Starts a server and says hello to it. @throws AiworkflowError `tool.unreachable`, `tool.answer-invalid` and the like. */
export const startServer = async (options: ChildOptions, signal: AbortSignal): Promise<OwnServer> => {
	const {tool} = options;
	const child = await startChild(options);
	const transport = createProcessTransport(tool, child);
	const {failure} = transport;
	const hello = new AbortController();
	const timer = setTimeout(
		() => hello.abort(asUnsent(toolTimedOut(tool, limits.toolOpenMs, child.lastWords()))),
		limits.toolOpenMs,
	);
	try {
		const wire = {tool, transport, failure, lastWords: child.lastWords};
		const session = await openSession(wire, AbortSignal.any([signal, hello.signal]));
		return {...session, pid: child.pid, ended: child.ended};
	} catch (error) {
		await child.end();
		throw error;
	} finally {
		clearTimeout(timer);
	}
};
