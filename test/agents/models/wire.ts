import type {ServerResponse} from 'node:http';
import type {Asked, Move} from './scenes.ts';

/** How one provider's protocol says what the model does. */
export interface Wire {
	readonly askedOf: (body: Readonly<Record<string, unknown>>, text: string) => Asked;
	/** The events of an answer, without its end. */
	readonly start: (model: string) => readonly Sent[];
	readonly piece: (text: string) => Sent;
	readonly end: (move: Extract<Move, {do: 'say' | 'call'}>, model: string) => readonly Sent[];
	readonly errorOf: (status: 401 | 429 | 503) => unknown;
}

export interface Sent {
	readonly event?: string;
	readonly data: unknown;
}

export const perform = (wire: Wire, move: Move, model: string, response: ServerResponse) => {
	switch (move.do) {
		case 'hang':
			return;
		case 'fail':
			response.writeHead(move.status, {
				'content-type': 'application/json',
				...(move.retryAfterS !== undefined && {'retry-after': String(move.retryAfterS)}),
			});
			response.end(JSON.stringify(wire.errorOf(move.status)));
			return;
		case 'stream': {
			begin(wire, model, response);
			const timer = setInterval(() => send(response, wire.piece('word ')), 100);
			response.once('close', () => clearInterval(timer));
			return;
		}

		default:
			begin(wire, model, response);
			for (const word of move.words) send(response, wire.piece(word));
			for (const sent of wire.end(move, model)) send(response, sent);
			response.end();
	}
};

const begin = (wire: Wire, model: string, response: ServerResponse) => {
	response.writeHead(200, {'content-type': 'text/event-stream'});
	for (const sent of wire.start(model)) send(response, sent);
};

const send = (response: ServerResponse, {event, data}: Sent) => {
	const line = typeof data === 'string' ? data : JSON.stringify(data);
	response.write(`${event === undefined ? '' : `event: ${event}\n`}data: ${line}\r\n\r\n`);
};

export const messages: Readonly<Record<401 | 429 | 503, string>> = {
	401: 'API key not valid. Please pass a valid API key.',
	429: 'Rate limit reached. Please try again in 4s.',
	503: 'The model is overloaded. Please try again later.',
};
