import {recordOf} from './acp/failures.ts';
import {createAcpAdapter} from './acp.ts';
import type {AdapterFactory} from './adapter.ts';
import {builtInDialect} from './built-in-dialect.ts';

/** Codex through codex-acp, which runs the user's own `codex` where there is one. */
export const createCodexAdapter: AdapterFactory = (spec, environment) => {
	const dialect = builtInDialect('codex', spec, environment, launch => {
		const given = launch.set.CODEX_CONFIG ?? environment.CODEX_CONFIG;
		const config = given === undefined ? undefined : withFewRetries(given);
		return config === undefined ? launch : {...launch, set: {...launch.set, CODEX_CONFIG: config}};
	});
	const provider = spec.set.MODEL_PROVIDER ?? environment.MODEL_PROVIDER;
	return createAcpAdapter(spec, environment, {
		...dialect,
		providerOf: model => (provider === undefined || provider === 'openai' ? dialect.providerOf?.(model) : undefined),
	});
};

const retriesMax = 1;

/** Codex takes numbers of retries only for providers that a configuration defines, not for its own. */
export const withFewRetries = (given: string): string | undefined => {
	try {
		const config = recordOf(JSON.parse(given));
		const providers = recordOf(config?.model_providers);
		if (!providers) return undefined;
		const fewer = Object.entries(providers).map(([name, provider]) => [
			name,
			{request_max_retries: retriesMax, stream_max_retries: retriesMax, ...recordOf(provider)},
		]);
		return JSON.stringify({...config, model_providers: Object.fromEntries(fewer)});
	} catch {
		// Not ours to judge: Codex says what is wrong with it.
		return undefined;
	}
};
