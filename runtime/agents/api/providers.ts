import type {LanguageModel} from 'ai';
import {AiworkflowError} from '../../../source/errors.ts';
import {loadOptional} from '../optional-package.ts';
import type {AgentSpec} from '../spec.ts';

type Environment = Readonly<Record<string, string>>;

/** Who serves the models of an `api` agent. */
export interface Provider {
	readonly package: string;
	/** Of the function that makes it. */
	readonly factory: string;
	/** The variable with its key; missing: it needs none. */
	readonly key?: string;
	/** Variables with its address. */
	readonly address: readonly string[];
	/** As prices know it. */
	readonly priced?: string;
}

export const providers = {
	anthropic: {
		package: '@ai-sdk/anthropic',
		factory: 'createAnthropic',
		key: 'ANTHROPIC_API_KEY',
		address: ['ANTHROPIC_BASE_URL'],
		priced: 'anthropic',
	},
	openai: {
		package: '@ai-sdk/openai',
		factory: 'createOpenAI',
		key: 'OPENAI_API_KEY',
		address: ['OPENAI_BASE_URL'],
		priced: 'openai',
	},
	google: {
		package: '@ai-sdk/google',
		factory: 'createGoogleGenerativeAI',
		key: 'GEMINI_API_KEY',
		address: ['GOOGLE_GEMINI_BASE_URL'],
		priced: 'google',
	},
	'openai-compatible': {
		package: '@ai-sdk/openai-compatible',
		factory: 'createOpenAICompatible',
		key: 'OPENAI_API_KEY',
		address: ['OPENAI_BASE_URL'],
	},
	ollama: {package: '@ai-sdk/openai-compatible', factory: 'createOpenAICompatible', address: ['OLLAMA_HOST']},
} as const satisfies Readonly<Record<string, Provider>>;

export type ProviderName = keyof typeof providers;

/** @returns Names of variables that agents of a provider are handed. */
export const variablesOf = (provider: string | undefined): readonly string[] => {
	const known: Provider | undefined = isProvider(provider) ? providers[provider] : undefined;
	return known ? [...(known.key ? [known.key] : []), ...known.address] : [];
};

export const isProvider = (name: string | undefined): name is ProviderName =>
	name !== undefined && Object.hasOwn(providers, name);

/** @throws AiworkflowError `agent.unreachable` Where its description, a key or a package is missing. */
export const modelOf = async (
	spec: AgentSpec,
	environment: Environment,
	modelName: string | undefined,
): Promise<LanguageModel> => {
	const {provider} = describedProvider(spec);
	const model = modelName ?? spec.model;
	if (model === undefined) throw incomplete(spec, 'it names no model', 'Add `model:` to the agent or to the step.');
	const loaded = await loadOptional<Record<string, (settings: object) => (model: string) => LanguageModel>>(
		provider.package,
		environment,
		spec.searchFolders,
	);
	if (!loaded) throw packageMissing(spec, provider.package);
	return loaded[provider.factory]!(settingsOf(spec, environment))(model);
};

export const describedProvider = (spec: AgentSpec): {readonly name: ProviderName; readonly provider: Provider} => {
	if (isProvider(spec.provider)) return {name: spec.provider, provider: providers[spec.provider]};
	const names = Object.keys(providers).join(', ');
	throw incomplete(
		spec,
		`its provider "${spec.provider ?? ''}" is not known`,
		`Write \`provider:\` with one of ${names}.`,
	);
};

const settingsOf = (spec: AgentSpec, environment: Environment): object => {
	const {name, provider} = describedProvider(spec);
	const address = spec.baseUrl ?? provider.address.map(variable => environment[variable]).find(Boolean);
	const apiKey = provider.key && environment[provider.key];
	if (name === 'ollama') return {name, baseURL: ollamaAddress(address), includeUsage: true};
	if (name === 'openai-compatible') {
		if (!address) throw incomplete(spec, 'it has no address', 'Add `base-url:` to the agent.');
		return {name, baseURL: address, includeUsage: true, ...(apiKey && {apiKey})};
	}

	// Said here, so that no library looks for a key in an environment that is not the run's.
	return {apiKey: apiKey ?? '', ...(address && {baseURL: address})};
};

/** `OLLAMA_HOST` may be `0.0.0.0:11434`, as its server takes it. */
const ollamaAddress = (address: string | undefined): string => {
	const host = (address ?? '127.0.0.1:11434').replace('0.0.0.0', '127.0.0.1').replace(/\/$/, '');
	const url = /^https?:/.test(host) ? host : `http://${host}`;
	return url.endsWith('/v1') ? url : `${url}/v1`;
};

const incomplete = (spec: AgentSpec, what: string, suggestion: string) =>
	new AiworkflowError({
		code: 'agent.unreachable',
		message: `Agent "${spec.id}" cannot be asked: ${what}.`,
		suggestion: `${suggestion} docs/agents.md describes \`adapter: api\`.`,
	});

export const packageMissing = (spec: AgentSpec, name: string) =>
	new AiworkflowError({
		code: 'agent.unreachable',
		message: `Agent "${spec.id}" cannot be asked: the package ${name} is not installed.`,
		suggestion: `Install it with \`npm install -g ai ${name}\`, or name another agent with \`--agent\`.`,
	});
