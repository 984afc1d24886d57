import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

/**
 * A stand-in for Google's model API on loopback, as far as the Gemini command line uses it. The scene is the first part
 * of the path, so one server serves all: `http://127.0.0.1:PORT/<scene>`.
 *
 * | scene   | it does                                                                        |
 * |---------|--------------------------------------------------------------------------------|
 * | `text`  | says one sentence in five pieces                                               |
 * | `json`  | answers with a fenced JSON block: a wrong one first, a right one when asked again |
 * | `write` | calls `write_file` for the path after `WRITE:` in the prompt, then says a sentence |
 * | `slow`  | streams a word every 100 ms, for ever                                          |
 * | `hang`  | takes the request and never answers                                            |
 * | `e401`, `e429`, `e503` | answers with that status                                        |
 */
export interface ModelServer {
	urlOf(scene: string): string;
	/** Requests for an answer so far. */
	calls(): ReadonlyArray<{readonly scene: string; readonly body: string}>;
	close(): Promise<void>;
}

export const startModelServer = async (): Promise<ModelServer> => {
	const calls: Array<{scene: string; body: string}> = [];
	const server = createServer(async (request, response) => {
		const scene = request.url?.split('/')[1] ?? '';
		const body = await bodyOf(request);
		if (request.url?.includes(':countTokens')) return json(response, 200, {totalTokens: 10});
		calls.push({scene, body});
		answer(scene, body, response);
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

const answer = (scene: string, body: string, response: ServerResponse) => {
	switch (scene) {
		case 'text':
			return stream(response, [
				{text: 'Hello '},
				{text: 'from '},
				{text: 'the '},
				{text: 'stand-in '},
				{text: 'model.'},
			]);
		case 'json': {
			const risk = body.includes('do not fit') ? 'low' : 'perhaps';
			return stream(response, [{text: `I judged it.\n\n\`\`\`json\n{"risk": "${risk}"}\n\`\`\`\n`}]);
		}

		case 'write': {
			const isAnswered = body.includes('functionResponse');
			const file = /WRITE:([^\s"\\]+)/.exec(body)?.[1];
			if (isAnswered) return stream(response, [{text: 'I am '}, {text: 'done.'}]);
			const call = {name: 'write_file', args: {file_path: file, content: 'written by the stand-in model\n'}};
			return stream(response, [{text: 'I will write. '}, {functionCall: call}]);
		}

		case 'slow':
			return streamForEver(response);
		case 'hang':
			return;
		case 'e401':
			return fail(response, 401, 'API key not valid. Please pass a valid API key.', 'UNAUTHENTICATED');
		case 'e429':
			return fail(response, 429, 'Resource has been exhausted (check quota).', 'RESOURCE_EXHAUSTED');
		default:
			return fail(response, 503, 'The model is overloaded. Please try again later.', 'UNAVAILABLE');
	}
};

/** The same for every answer, so that sums can be checked. */
export const usagePerCall = {
	promptTokenCount: 1200,
	cachedContentTokenCount: 300,
	candidatesTokenCount: 42,
	totalTokenCount: 1242,
};

type Part = Readonly<Record<string, unknown>>;

const chunk = (parts: readonly Part[], isLast: boolean) =>
	`data: ${JSON.stringify({
		candidates: [{index: 0, content: {role: 'model', parts}, ...(isLast && {finishReason: 'STOP'})}],
		modelVersion: 'gemini-2.5-flash',
		...(isLast && {usageMetadata: usagePerCall}),
	})}\r\n\r\n`;

const stream = (response: ServerResponse, parts: readonly Part[]) => {
	response.writeHead(200, {'content-type': 'text/event-stream'});
	for (const [index, part] of parts.entries()) response.write(chunk([part], index === parts.length - 1));
	response.end();
};

const streamForEver = (response: ServerResponse) => {
	response.writeHead(200, {'content-type': 'text/event-stream'});
	const timer = setInterval(() => response.write(chunk([{text: 'word '}], false)), 100);
	response.once('close', () => clearInterval(timer));
};

const fail = (response: ServerResponse, code: number, message: string, status: string) =>
	json(response, code, {error: {code, message, status}});

const json = (response: ServerResponse, code: number, body: unknown) => {
	response.writeHead(code, {'content-type': 'application/json'});
	response.end(JSON.stringify(body));
};

const bodyOf = async (request: IncomingMessage) => {
	let body = '';
	for await (const piece of request) body += piece;
	return body;
};
