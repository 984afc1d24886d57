import {Server} from '@modelcontextprotocol/sdk/server/index.js';
import {StdioServerTransport} from '@modelcontextprotocol/sdk/server/stdio.js';
import {CallToolRequestSchema, ListToolsRequestSchema} from '@modelcontextprotocol/sdk/types.js';
import {failureOf} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import {version} from '../../../source/version.ts';
import type {ToolResult} from '../parts.ts';
import type {Offer, OfferedOperation} from './offer.ts';

/** For a client whose patience each sign of life renews. */
const progressMs = 5000;

/** Serves the tools over the standard streams of this process. @returns Resolves when the client is gone. */
export const serveOverStdio = async (offer: Offer): Promise<void> => {
	const server = new Server({name: 'aiworkflow', version}, {capabilities: {tools: {}}});
	server.setRequestHandler(ListToolsRequestSchema, async (_, {signal}) => ({
		tools: toolsOf(await offer.list(signal)),
	}));
	server.setRequestHandler(CallToolRequestSchema, async ({params}, {signal, _meta, sendNotification}) => {
		const token = _meta?.progressToken;
		let progress = 0;
		const timer = setInterval(() => {
			if (token === undefined) return;
			const params = {progressToken: token, progress: ++progress};
			sendNotification({method: 'notifications/progress', params}).catch(() => {});
		}, progressMs);
		try {
			return answerOf(await offer.call(params.name, params.arguments ?? {}, signal));
		} catch (error) {
			const {code, message, suggestion} = failureOf(error);
			return {isError: true, content: [{type: 'text', text: [`${code}: ${message}`, suggestion].join(' ').trim()}]};
		} finally {
			clearInterval(timer);
		}
	});
	const closed = new Promise<void>(resolve => {
		server.onclose = resolve;
		process.stdin.once('end', resolve);
		process.stdin.once('close', resolve);
		for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => resolve());
	});
	await server.connect(new StdioServerTransport());
	await closed;
	await server.close();
};

/** More than these a model may have to look for; fewer it is to see at once. */
const shownAtOnceMax = 40;

const toolsOf = (offered: readonly OfferedOperation[]) => {
	const _meta = offered.length <= shownAtOnceMax ? shownAtOnce : {};
	return offered.map(each => ({...toolOf(each), _meta}));
};

/** Claude Code (seen with 2.1.329) hides tools of servers behind a search unless they say this. */
const shownAtOnce = {'anthropic/alwaysLoad': true};

const toolOf = ({name, tool, operation}: OfferedOperation) => ({
	name,
	title: `${tool}.${operation.name}`,
	...(operation.description !== undefined && {description: operation.description}),
	inputSchema: {...operation.inputSchema, type: 'object' as const},
	...(operation.isReadOnly !== undefined && {annotations: {readOnlyHint: operation.isReadOnly}}),
});

/** The text, where the tool has one to say: it is made for whoever reads. */
const answerOf = ({outputs, text}: ToolResult) => ({
	content: [{type: 'text' as const, text: cut(text.trim() === '' ? JSON.stringify(outputs) : text)}],
});

const cut = (text: string): string => {
	const sizeBytes = Buffer.byteLength(text);
	if (sizeBytes <= limits.agentToolTextBytesMax) return text;
	const start = Buffer.from(text)
		.toString('utf8', 0, limits.agentToolTextBytesMax)
		.replace(/\uFFFD+$/, '');
	return `${start}\n… (${sizeBytes} bytes in all; the rest is left out: ask for less)`;
};
