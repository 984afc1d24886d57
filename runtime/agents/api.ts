import type {LanguageModelUsage, ModelMessage, TextStreamPart, ToolSet} from 'ai';
import {limits} from '../../source/limits.ts';
import type {Tokens} from '../../source/run/events.ts';
import {agentFailure} from './acp/failures.ts';
import type {AdapterFactory, AgentCapabilities, AgentEvent, AgentRequest} from './adapter.ts';
import {failureOfApiError} from './api/failures.ts';
import {noFunctions, openFunctions} from './api/functions.ts';
import {describedProvider, modelOf, packageMissing} from './api/providers.ts';
import {createEventQueue} from './event-queue.ts';
import {entryOf, loadOptional} from './optional-package.ts';
import type {AgentSpec} from './spec.ts';

type Environment = Readonly<Record<string, string>>;
type End = Extract<AgentEvent, {t: 'end'}>;
type Sdk = Pick<typeof import('ai'), 'streamText' | 'jsonSchema'>;

/** It can only answer, and call the tools it is given; those ask for leave by themselves. */
export const apiCapabilities: AgentCapabilities = {
	approvals: 'none',
	resume: 'none',
	readOnly: true,
	deltas: true,
	turns: true,
	cost: 'none',
	tools: 'mcp',
	isReplay: false,
};

/** A model asked directly, through the AI SDK: Anthropic, OpenAI, Google, Ollama, and whatever speaks like OpenAI. */
export const createApiAdapter: AdapterFactory = (spec, environment) => ({
	id: spec.id,
	capabilities: apiCapabilities,
	health: async () => healthOf(spec, environment),
	run(request, signal) {
		const events = createEventQueue<AgentEvent>();
		void converse(spec, environment, request, signal, events.push, events.drained)
			.catch(
				(error: unknown): End =>
					signal.aborted
						? {t: 'end', outcome: 'cancelled'}
						: {t: 'end', outcome: 'failed', failure: failureOfApiError(spec.id, error, Date.now())},
			)
			.then(end => {
				events.push(end);
				events.close();
			});
		return events;
	},
});

/** Nothing is asked: that would cost. A key that is there may still be wrong. */
const healthOf = (spec: AgentSpec, environment: Environment) => {
	const found = (detail: string | null, isHealthy = false) => ({
		id: spec.id,
		adapter: spec.adapter,
		command: null,
		isHealthy,
		version: null,
		detail,
	});
	try {
		const {provider} = describedProvider(spec);
		for (const name of ['ai', provider.package]) {
			if (!entryOf(name, environment, spec.searchFolders)) return found(packageMissing(spec, name).message);
		}

		return provider.key && !environment[provider.key] ? found(`${provider.key} is not set.`) : found(null, true);
	} catch (error) {
		return found((error as Error).message);
	}
};

const converse = async (
	spec: AgentSpec,
	environment: Environment,
	request: AgentRequest,
	signal: AbortSignal,
	push: (event: AgentEvent) => void,
	drained: () => Promise<void>,
): Promise<End> => {
	if (signal.aborted) return {t: 'end', outcome: 'cancelled'};
	const sdk = await loadOptional<Sdk>('ai', environment, spec.searchFolders);
	if (!sdk) throw packageMissing(spec, 'ai');
	const model = await modelOf(spec, environment, request.model);
	const modelName = request.model ?? spec.model;
	push({t: 'session', id: `api-${request.stepId}`, model: modelName});
	const functions = request.tools ? await openFunctions(sdk, request.tools, environment, request) : noFunctions;
	const ask = (messages: ModelMessage[]) =>
		sdk.streamText({
			...{model, messages, abortSignal: signal},
			// The daemon decides about retries: it alone knows what else can be asked.
			maxRetries: 0,
			tools: functions.set,
			stopWhen: ({steps}) => steps.length >= limits.agentToolRoundsMax,
			onError() {},
		});
	try {
		const messages: ModelMessage[] = [];
		let prompt: string | undefined = [request.prompt, request.instructions].filter(Boolean).join('\n\n');
		while (prompt !== undefined) {
			messages.push({role: 'user', content: prompt});
			const answer = ask(messages);
			const turn = await follow(spec, modelName, answer.fullStream, push, drained);
			if (signal.aborted) return {t: 'end', outcome: 'cancelled'};
			if (turn.failure) return {t: 'end', outcome: 'failed', failure: turn.failure};
			messages.push(...(await answer.responseMessages));
			prompt = await new Promise<string | undefined>(resolve => {
				signal.addEventListener('abort', () => resolve(undefined), {once: true});
				push({t: 'answered', reply: resolve});
			});
		}

		return signal.aborted ? {t: 'end', outcome: 'cancelled'} : {t: 'end', outcome: 'ok'};
	} finally {
		await functions.close();
	}
};

const follow = async (
	spec: AgentSpec,
	model: string | undefined,
	stream: AsyncIterable<TextStreamPart<ToolSet>>,
	push: (event: AgentEvent) => void,
	drained: () => Promise<void>,
) => {
	const {provider} = describedProvider(spec);
	let text = '';
	let step = 0;
	let reason: string | undefined;
	for await (const part of stream) {
		switch (part.type) {
			case 'text-delta':
				text += part.text;
				push({t: 'text', delta: part.text, messageId: String(step)});
				await drained();
				break;
			case 'reasoning-delta':
				push({t: 'thought', delta: part.text});
				break;
			case 'start-step':
				// What it says after it called tools is another message.
				step++;
				text = '';
				break;
			case 'tool-call': {
				const {toolCallId: id, toolName: title} = part;
				push({t: 'tool', id, title, kind: 'other', status: 'in_progress', paths: []});
				break;
			}

			case 'tool-result':
			case 'tool-error': {
				const {toolCallId: id, toolName: title, type} = part;
				const status = type === 'tool-error' ? 'failed' : 'completed';
				push({t: 'tool', id, title, kind: 'other', status, paths: []});
				break;
			}

			case 'finish-step': {
				reason = part.finishReason;
				const tokens = tokensOf(part.usage);
				const used = {tokens, costMicroUsd: null, costSource: 'none', model: part.response.modelId || model} as const;
				push({t: 'usage', ...used, ...(provider.priced && {provider: provider.priced})});
				break;
			}

			case 'error':
				return {text, failure: failureOfApiError(spec.id, part.error, Date.now())};
			default:
		}
	}

	return {text, failure: failureOfReason(spec.id, reason, text)};
};

/** A stream that ends without a reason was cut off. */
const failureOfReason = (agent: string, reason: string | undefined, text: string) => {
	switch (reason) {
		case 'stop':
			return undefined;
		case 'content-filter':
			return agentFailure(agent, 'agent.refused', text.slice(0, 400) || 'its provider filtered the answer');
		case 'tool-calls':
			return agentFailure(
				agent,
				'agent.incomplete',
				`it called tools in ${limits.agentToolRoundsMax} rounds and did not come to an answer`,
			);
		case 'length':
			return agentFailure(agent, 'agent.incomplete', 'it reached the largest number of tokens of its model');
		default:
			return agentFailure(
				agent,
				'agent.crashed',
				reason ? `it ended for the reason "${reason}"` : 'its answer was cut off',
			);
	}
};

/** @returns Null where the provider reported nothing. */
const tokensOf = ({
	inputTokens,
	inputTokenDetails,
	outputTokens,
	outputTokenDetails,
}: LanguageModelUsage): Tokens | null => {
	if (!inputTokens && !outputTokens) return null;
	const write = inputTokenDetails?.cacheWriteTokens ?? 0;
	return {
		input: inputTokens ?? 0,
		cachedInput: inputTokenDetails?.cacheReadTokens ?? 0,
		...(write > 0 && {cachedWrite: write}),
		output: outputTokens ?? 0,
		reasoning: outputTokenDetails?.reasoningTokens ?? 0,
	};
};
