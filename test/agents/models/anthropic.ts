import {usagePerCall} from './scenes.ts';
import {messages, type Sent, type Wire} from './wire.ts';

const typed = (type: string, fields: object): Sent => ({event: type, data: {type, ...fields}});
const {input, cached, output} = usagePerCall;
const usage = {input_tokens: input - cached, cache_read_input_tokens: cached, cache_creation_input_tokens: 0};

/** Anthropic's Messages: `POST /v1/messages`. */
export const anthropic: Wire = {
	askedOf: (body, text) => ({
		tools: ((body.tools ?? []) as Array<{name: string}>).map(({name}) => name),
		hasResult: text.includes('"tool_result"'),
		body: text,
	}),
	start: model => [
		typed('message_start', {
			message: {
				id: 'msg_1',
				type: 'message',
				role: 'assistant',
				model,
				content: [],
				stop_reason: null,
				stop_sequence: null,
				usage: {...usage, output_tokens: 1},
			},
		}),
		typed('content_block_start', {index: 0, content_block: {type: 'text', text: ''}}),
	],
	piece: text => typed('content_block_delta', {index: 0, delta: {type: 'text_delta', text}}),
	end: move => [
		typed('content_block_stop', {index: 0}),
		...(move.do === 'say'
			? []
			: [
					typed('content_block_start', {
						index: 1,
						content_block: {type: 'tool_use', id: 'toolu_1', name: move.call.name, input: {}},
					}),
					typed('content_block_delta', {
						index: 1,
						delta: {type: 'input_json_delta', partial_json: JSON.stringify(move.call.input)},
					}),
					typed('content_block_stop', {index: 1}),
				]),
		typed('message_delta', {
			delta: {stop_reason: move.do === 'say' ? 'end_turn' : 'tool_use', stop_sequence: null},
			usage: {...usage, output_tokens: output},
		}),
		typed('message_stop', {}),
	],
	errorOf: status => ({type: 'error', error: {type: types[status], message: messages[status]}}),
};

const types = {401: 'authentication_error', 429: 'rate_limit_error', 503: 'overloaded_error'};
