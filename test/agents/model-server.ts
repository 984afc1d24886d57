import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {anthropic} from './models/anthropic.ts';
import {chat} from './models/chat.ts';
import {gemini} from './models/gemini.ts';
import {responses} from './models/responses.ts';
import {moveOf} from './models/scenes.ts';
import {perform, type Wire} from './models/wire.ts';

/**
 * A stand-in for the model APIs of Anthropic, OpenAI and Google on loopback, as far as the command lines use them. The
 * scene is the first part of the path, so one server serves all: `http://127.0.0.1:PORT/<scene>`.
 *
 * | scene   | it does                                                                        |
 * |---------|--------------------------------------------------------------------------------|
 * | `text`  | says one sentence in five pieces                                               |
 * | `json`  | answers with a fenced JSON block: a wrong one first, a right one when asked again |
 * | `write` | writes the file after `WRITE:` in the prompt with a tool of the agent, then says a sentence |
 * | `run`   | runs the command between `RUN:` and `;` in the prompt, then says a sentence    |
 * | `tool`  | calls the tool after `TOOL:` in the prompt, which the agent was given, then says a sentence |
 * | `slow`  | streams a word every 100 ms, for ever                                          |
 * | `hang`  | takes the request and never answers                                            |
 * | `e401`, `e429` (with `retry-after`), `e503` | answers with that status                   |
 */
export interface ModelServer {
	urlOf(scene: string): string;
	/** Requests for an answer so far. */
	calls(): ReadonlyArray<{readonly scene: string; readonly body: string}>;
	close(): Promise<void>;
}

const wires: ReadonlyArray<readonly [RegExp, Wire]> = [
	[/\/v1\/messages(?:\?|$)/, anthropic],
	[/\/responses(?:\?|$)/, responses],
	[/\/chat\/completions(?:\?|$)/, chat],
	[/:(?:streamG|g)enerateContent/, gemini],
];

export const startModelServer = async (): Promise<ModelServer> => {
	const calls: Array<{scene: string; body: string}> = [];
	const server = createServer(async (request, response) => {
		const url = request.url ?? '';
		const scene = url.split('/')[1] ?? '';
		const text = await bodyOf(request);
		if (/count_?tokens/i.test(url)) return json(response, {totalTokens: 10, input_tokens: 10});
		const wire = wires.find(([pattern]) => pattern.test(url))?.[1];
		// Lists of models and the like: nothing to see.
		if (!wire || request.method !== 'POST') return json(response, {data: [], models: []});
		calls.push({scene, body: text});
		const body = JSON.parse(text) as Readonly<Record<string, unknown>>;
		const model = /\/models\/([^:]+):/.exec(url)?.[1] ?? String(body.model);
		perform(wire, moveOf(scene, wire.askedOf(body, text)), model, response);
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	const {port} = server.address() as AddressInfo;
	return {
		urlOf: scene => `http://127.0.0.1:${port}/${scene}`,
		calls: () => calls,
		close: () =>
			new Promise(resolve => {
				server.closeAllConnections();
				server.close(() => resolve());
			}),
	};
};

const json = (response: ServerResponse, body: unknown) => {
	response.writeHead(200, {'content-type': 'application/json'});
	response.end(JSON.stringify(body));
};

const bodyOf = async (request: IncomingMessage) => {
	let body = '';
	for await (const piece of request) body += piece;
	return body;
};
