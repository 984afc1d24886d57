import {usagePerCall} from './scenes.ts';
import {messages, type Sent, type Wire} from './wire.ts';

const chunk = (parts: readonly object[], model: string, more: object = {}): Sent => ({
	data: {candidates: [{index: 0, content: {role: 'model', parts}, ...more}], modelVersion: model},
});

/** Google's API: `POST /v1beta/models/<model>:streamGenerateContent`. */
export const gemini: Wire = {
	askedOf: (body, text) => ({
		tools: ((body.tools ?? []) as Array<{functionDeclarations?: Array<{name: string}>}>).flatMap(
			({functionDeclarations = []}) => functionDeclarations.map(({name}) => name),
		),
		hasResult: text.includes('"functionResponse"'),
		body: text,
	}),
	start: () => [],
	piece: text => chunk([{text}], 'gemini-2.5-flash'),
	end(move, model) {
		const parts = move.do === 'call' ? [{functionCall: {name: move.call.name, args: move.call.input}}] : [{text: ''}];
		const {data} = chunk(parts, model, {finishReason: 'STOP'});
		const usageMetadata = {
			promptTokenCount: usagePerCall.input,
			cachedContentTokenCount: usagePerCall.cached,
			candidatesTokenCount: usagePerCall.output,
			totalTokenCount: usagePerCall.input + usagePerCall.output,
		};
		return [{data: {...(data as object), usageMetadata}}];
	},
	errorOf: status => ({error: {code: status, message: messages[status], status: statuses[status]}}),
};

const statuses = {401: 'UNAUTHENTICATED', 429: 'RESOURCE_EXHAUSTED', 503: 'UNAVAILABLE'};
