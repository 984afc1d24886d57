import type {ToolSet} from 'ai';
import {version} from '../../../source/version.ts';
import {recordOf} from '../acp/failures.ts';
import {type AgentProcess, describeExit, startProcess} from '../acp/process.ts';
import type {AgentRequest, ToolServer} from '../adapter.ts';
import {followJsonLines} from '../headless/json-lines.ts';

type Sdk = Pick<typeof import('ai'), 'jsonSchema'>;
type Facts = Readonly<Record<string, unknown>>;

/** The tools that a model is given, as functions of its provider; each call goes through the bridge. */
export interface Functions {
	readonly set: ToolSet;
	close(): Promise<void>;
}

export const noFunctions: Functions = {set: {}, close: async () => {}};

const protocolVersion = '2025-06-18';

/** @param environment Of the bridge's process. */
export const openFunctions = async (
	sdk: Sdk,
	{command, args}: ToolServer,
	environment: Readonly<Record<string, string>>,
	{cwd, onDiagnostic, onProcess}: Pick<AgentRequest, 'cwd' | 'onDiagnostic' | 'onProcess'>,
): Promise<Functions> => {
	const bridge = startProcess({command, args, cwd, environment, onError: chunk => onDiagnostic?.(chunk)});
	if (bridge.pid !== undefined) onProcess?.(bridge.pid);
	const {request, notify} = createClient(bridge);
	try {
		const clientInfo = {name: 'aiworkflow', version};
		await request('initialize', {protocolVersion, capabilities: {}, clientInfo});
		notify('notifications/initialized');
		const {tools} = await request('tools/list', {});
		const set = (tools as readonly Facts[]).map(({name, description, inputSchema}) => [
			name,
			{
				description,
				inputSchema: sdk.jsonSchema(inputSchema as Parameters<Sdk['jsonSchema']>[0]),
				execute: async (given: unknown) => textOf(await request('tools/call', {name, arguments: given})),
			},
		]);
		return {set: Object.fromEntries(set) as ToolSet, close: bridge.end};
	} catch (error) {
		await bridge.end();
		throw error;
	}
};

/** As much of a client of MCP as our own bridge needs: the daemon knows this file, and must load nothing that opens tools. */
const createClient = (bridge: AgentProcess) => {
	const waiting = new Map<number, {resolve: (result: Facts) => void; reject: (error: Error) => void}>();
	let nextId = 1;
	const send = (message: Facts) => {
		if (bridge.stdin.writable) bridge.stdin.write(`${JSON.stringify({jsonrpc: '2.0', ...message})}\n`);
	};

	void followJsonLines(bridge.stdout, {
		onMessage({id, result, error}) {
			const asked = waiting.get(id as number);
			waiting.delete(id as number);
			if (error) asked?.reject(new Error(String(recordOf(error)?.message)));
			else asked?.resolve(recordOf(result) ?? {});
		},
		onJunk() {},
		drained: async () => {},
	}).catch(() => {});
	let gone: Error | undefined;
	void bridge.exit.then(exit => {
		gone = new Error(`the bridge to its tools ${describeExit(exit)}: ${bridge.errorTail()}`);
		for (const {reject} of waiting.values()) reject(gone);
		waiting.clear();
	});

	return {
		request: (method: string, params: Facts): Promise<Facts> => {
			if (gone) return Promise.reject(gone);
			const id = nextId++;
			return new Promise((resolve, reject) => {
				waiting.set(id, {resolve, reject});
				send({id, method, params});
			});
		},
		notify: (method: string) => send({method}),
	};
};

/** What failed is told to the model as well: it may do better with other arguments. */
const textOf = ({content}: Facts): string =>
	(content as ReadonlyArray<{readonly text?: string}>).map(({text = ''}) => text).join('\n');
