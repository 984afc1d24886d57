import {Client} from '@modelcontextprotocol/sdk/client/index.js';
import {StdioClientTransport} from '@modelcontextprotocol/sdk/client/stdio.js';
import type {ToolSet} from 'ai';
import {version} from '../../../source/version.ts';
import type {AgentRequest, ToolServer} from '../adapter.ts';

type Sdk = Pick<typeof import('ai'), 'jsonSchema'>;

/** The tools that a model is given, as functions of its provider; each call goes through the bridge. */
export interface Functions {
	readonly set: ToolSet;
	close(): Promise<void>;
}

export const noFunctions: Functions = {set: {}, close: async () => {}};

/** Longer than anybody takes to decide: what ends a call is the attempt, or the tool. */
const callMsMax = 2 ** 31 - 1;

/** @param environment Of the bridge's process. */
export const openFunctions = async (
	sdk: Sdk,
	server: ToolServer,
	environment: Readonly<Record<string, string>>,
	{cwd, onDiagnostic}: Pick<AgentRequest, 'cwd' | 'onDiagnostic'>,
	signal: AbortSignal,
): Promise<Functions> => {
	const {command, args} = server;
	const client = new Client({name: 'aiworkflow', version});
	const transport = new StdioClientTransport({command, args: [...args], env: {...environment}, cwd, stderr: 'pipe'});
	transport.stderr?.on('data', (chunk: Buffer) => onDiagnostic?.(chunk));
	await client.connect(transport);
	try {
		const {tools} = await client.listTools();
		const set = tools.map(({name, description, inputSchema}) => [
			name,
			{
				description,
				inputSchema: sdk.jsonSchema(inputSchema as Parameters<Sdk['jsonSchema']>[0]),
				execute: async (given: unknown) => {
					const call = {name, arguments: given as Record<string, unknown>};
					return textOf(await client.callTool(call, undefined, {signal, timeout: callMsMax}));
				},
			},
		]);
		return {set: Object.fromEntries(set) as ToolSet, close: () => client.close()};
	} catch (error) {
		await client.close();
		throw error;
	}
};

/** What failed is told to the model as well: it may do better with other arguments. */
const textOf = ({content}: Readonly<Record<string, unknown>>): string =>
	(content as ReadonlyArray<{readonly text?: string}>).map(({text = ''}) => text).join('\n');
