import {usagePerCall} from './scenes.ts';
import {messages, type Sent, type Wire} from './wire.ts';

const chunk = (delta: object, finish: string | null = null): Sent => ({
	data: {
		id: 'chat_1',
		object: 'chat.completion.chunk',
		created: 1,
		model: 'stand-in',
		choices: [{index: 0, delta, finish_reason: finish}],
	},
});

/** OpenAI's Chat Completions: `POST /v1/chat/completions`. */
export const chat: Wire = {
	askedOf: (body, text) => ({
		tools: ((body.tools ?? []) as Array<{function?: {name: string}}>).flatMap(tool => tool.function?.name ?? []),
		hasResult: text.includes('"role":"tool"'),
		body: text,
	}),
	start: () => [chunk({role: 'assistant', content: ''})],
	piece: content => chunk({content}),
	end: move => [
		...(move.do === 'say'
			? [chunk({}, 'stop')]
			: [
					chunk({
						tool_calls: [
							{
								index: 0,
								id: 'call_1',
								type: 'function',
								function: {name: move.call.name, arguments: JSON.stringify(move.call.input)},
							},
						],
					}),
					chunk({}, 'tool_calls'),
				]),
		{
			data: {
				id: 'chat_1',
				object: 'chat.completion.chunk',
				created: 1,
				model: 'stand-in',
				choices: [],
				usage: {
					prompt_tokens: usagePerCall.input,
					completion_tokens: usagePerCall.output,
					total_tokens: usagePerCall.input + usagePerCall.output,
					prompt_tokens_details: {cached_tokens: usagePerCall.cached},
					completion_tokens_details: {reasoning_tokens: usagePerCall.reasoning},
				},
			},
		},
		{data: '[DONE]'},
	],
	errorOf: status => ({error: {message: messages[status], type: 'error', code: String(status)}}),
};
