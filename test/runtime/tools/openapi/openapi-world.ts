import {mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach} from 'vitest';
import {openOpenapi} from '../../../../runtime/tools/openapi/openapi.ts';
import type {OpenTool, ToolCall, ToolResult} from '../../../../runtime/tools/parts.ts';
import type {OpenapiImplementation} from '../../../../source/tools/definition.ts';

const endings: (() => unknown)[] = [];

/** Ends what a test started, in the reverse order, when it is over. */
export const atEnd = (end: () => unknown) => void endings.push(end);

afterEach(async () => {
	for (const end of endings.splice(0).reverse()) await end();
});

export const temporaryFolder = (): string => {
	const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'aiworkflow-openapi-')));
	atEnd(() => rmSync(folder, {recursive: true, force: true}));
	return folder;
};

export interface Received {
	readonly method: string;
	/** As it came: nothing in it is decoded. */
	readonly url: string;
	readonly headers: IncomingMessage['headers'];
	readonly body: string;
}

/** A real server on loopback that keeps what it received. */
export const startServer = async (
	answer: (request: Received, response: ServerResponse, incoming: IncomingMessage) => void,
): Promise<{readonly url: string; readonly received: readonly Received[]}> => {
	const received: Received[] = [];
	const server = createServer(async (incoming, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of incoming) chunks.push(chunk);
		const {method = '', url = '', headers} = incoming;
		const request = {method, url, headers, body: Buffer.concat(chunks).toString()};
		received.push(request);
		answer(request, response, incoming);
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	atEnd(() => {
		server.closeAllConnections();
		server.close();
	});
	return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received};
};

export const answerJson = (response: ServerResponse, value: unknown, status = 200, headers = {}) =>
	response.writeHead(status, {'content-type': 'application/json', ...headers}).end(JSON.stringify(value));

/** A document around some paths. */
export const documentWith = (paths: object, more: object = {}) => ({
	openapi: '3.0.3',
	info: {title: 'Test', version: '1'},
	paths,
	...more,
});

export const ok = {200: {description: 'Well.'}};

/** Writes a document into a folder. @returns Its path. */
export const writeDocument = (document: unknown, folder = temporaryFolder(), name = 'api.json'): string => {
	const file = path.join(folder, name);
	writeFileSync(file, typeof document === 'string' ? document : JSON.stringify(document));
	return file;
};

export interface OpenSettings {
	readonly settings?: Partial<OpenapiImplementation>;
	readonly secrets?: Readonly<Record<string, string>>;
	readonly workspace?: string;
}

export const open = (document: string, {settings, secrets = {}, workspace}: OpenSettings = {}): Promise<OpenTool> =>
	openOpenapi(
		{kind: 'openapi', id: 'openapi', passEnv: [], document, auth: {}, ...settings},
		{
			folder: path.isAbsolute(document) ? path.dirname(document) : '/',
			workspace: workspace ?? '/nowhere',
			cwd: '/',
			environment: {},
			resolve: text => text.replaceAll(/\$\{\{ secrets\.(\w+) \}\}/g, (_, name: string) => secrets[name] ?? ''),
		},
		AbortSignal.timeout(20_000),
	);

/** Opens a document that was made here, of a server. */
export const openPaths = (server: string, paths: object, more: object = {}, settings: OpenSettings = {}) =>
	open(writeDocument(documentWith(paths, {servers: [{url: server}], ...more})), settings);

export const callTool = (
	tool: OpenTool,
	operation: string,
	given: ToolCall['arguments'] = {},
	more: Partial<ToolCall> & {readonly signal?: AbortSignal} = {},
): Promise<ToolResult> => {
	const {signal = AbortSignal.timeout(20_000), ...rest} = more;
	return tool.call({operation, arguments: given, ...rest}, signal);
};

/** @returns What a promise rejects with. */
export const failureFrom = async (promise: Promise<unknown>): Promise<Record<string, unknown>> => {
	const value = await promise.then(
		() => undefined,
		(error: unknown) => error,
	);
	if (value === undefined) throw new Error('It did not fail.');
	return value as Record<string, unknown>;
};
