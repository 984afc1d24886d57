import path from 'node:path';
import {limits} from '../../../source/limits.ts';
import type {McpImplementation} from '../../../source/tools/definition.ts';
import type {ChildOptions} from '../child.ts';
import type {OpenTool, ToolOpener, ToolPlace} from '../parts.ts';
import {createHttpTransport} from './http-transport.ts';
import {startServer} from './own-server.ts';
import {openSession} from './session.ts';
import {openSharedServer} from './shared-client.ts';

type Server = McpImplementation['server'];

export const openMcp: ToolOpener<McpImplementation> = async ({id, server}, place, signal) => {
	const tool = place.tool ?? id;
	if (server.transport === 'http') return openAtAddress(tool, server, place, signal);
	const program = programOf(tool, server, place);
	if (!place.serversFolder) return startServer(program, signal);
	return openSharedServer(
		{
			...{tool, implementation: id, workspace: place.workspace, folder: place.serversFolder, program},
			idleMs: server.keepOpenMs ?? limits.toolIdleMs,
		},
		signal,
	);
};

const openAtAddress = async (
	tool: string,
	{url, headers}: Extract<Server, {readonly transport: 'http'}>,
	{resolve}: ToolPlace,
	signal: AbortSignal,
): Promise<OpenTool> => {
	const values = Object.entries(headers).map(([name, value]) => [name, resolve(value)]);
	const transport = createHttpTransport(tool, resolve(url), Object.fromEntries(values));
	return openSession({tool, transport, farewell: async () => transport.terminateSession()}, signal);
};

const programOf = (
	tool: string,
	{command, args, env, cwd}: Extract<Server, {readonly transport: 'stdio'}>,
	{folder, workspace, environment, resolve}: ToolPlace,
): ChildOptions => {
	const program = resolve(command);
	const own = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, resolve(value)]));
	return {
		tool,
		command: program.includes('/') ? path.resolve(folder, program) : program,
		args: args.map(argument => resolve(argument)),
		// Not the folder of the step that happens to start it: others will use it too.
		cwd: cwd === undefined ? workspace : path.resolve(folder, resolve(cwd)),
		environment: {...environment, ...own},
	};
};
