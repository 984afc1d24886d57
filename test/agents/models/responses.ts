import {usagePerCall} from './scenes.ts';
import {messages, type Sent, type Wire} from './wire.ts';

const typed = (type: string, fields: object): Sent => ({event: type, data: {type, ...fields}});
const message = (text: string) => ({
	type: 'message',
	id: 'item_1',
	role: 'assistant',
	status: 'completed',
	content: [{type: 'output_text', text, annotations: []}],
});

interface OfferedTool {
	readonly name?: string;
	readonly type: string;
	readonly tools?: ReadonlyArray<{readonly name: string}>;
}

const namedCall = (name: string) => {
	const [namespace, own] = name.split('/');
	return own === undefined ? {name} : {namespace, name: own};
};

/** OpenAI's Responses: `POST /v1/responses`. */
export const responses: Wire = {
	askedOf: (body, text) => ({
		tools: ((body.tools ?? []) as OfferedTool[]).flatMap(({name, type, tools}) =>
			// Codex groups the tools of a server.
			tools ? tools.map(each => `${name}/${each.name}`) : [name ?? type],
		),
		hasResult: text.includes('"function_call_output"'),
		body: text,
	}),
	start: model => [
		typed('response.created', {
			response: {id: 'resp_1', object: 'response', created_at: 1_800_000_000, status: 'in_progress', model, output: []},
		}),
		typed('response.output_item.added', {output_index: 0, item: {...message(''), status: 'in_progress', content: []}}),
		typed('response.content_part.added', {
			item_id: 'item_1',
			output_index: 0,
			content_index: 0,
			part: {type: 'output_text', text: '', annotations: []},
		}),
	],
	piece: delta => typed('response.output_text.delta', {item_id: 'item_1', output_index: 0, content_index: 0, delta}),
	end(move, model) {
		const items: object[] = [message(move.words.join(''))];
		if (move.do === 'call')
			items.push({
				type: 'function_call',
				id: 'item_2',
				call_id: 'call_1',
				...namedCall(move.call.name),
				arguments: JSON.stringify(move.call.input),
				status: 'completed',
			});
		const usage = {
			input_tokens: usagePerCall.input,
			input_tokens_details: {cached_tokens: usagePerCall.cached},
			output_tokens: usagePerCall.output,
			output_tokens_details: {reasoning_tokens: usagePerCall.reasoning},
			total_tokens: usagePerCall.input + usagePerCall.output,
		};
		return [
			...items.map((item, output_index) => typed('response.output_item.done', {output_index, item})),
			typed('response.completed', {
				response: {id: 'resp_1', object: 'response', status: 'completed', model, output: items, usage},
			}),
		];
	},
	errorOf: status => ({error: {message: messages[status], type: 'error', code: String(status)}}),
};
