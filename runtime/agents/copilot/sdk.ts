import {entryOf, loadOptional} from '../optional-package.ts';
import type {AgentSpec} from '../spec.ts';

type Environment = Readonly<Record<string, string>>;
type Facts = Readonly<Record<string, unknown>>;

/** As much of `@github/copilot-sdk` as is used; seen with 1.0.14. */
export interface CopilotSdk {
	readonly CopilotClient: new (options: {readonly connection: unknown}) => CopilotClient;
	readonly RuntimeConnection: {forUri(url: string, options: {readonly connectionToken: string}): unknown};
}

export interface CopilotClient {
	start(): Promise<void>;
	createSession(config: Facts): Promise<CopilotSession>;
	resumeSession(id: string, config: Facts): Promise<CopilotSession>;
	stop(): Promise<unknown>;
}

export interface CopilotSession {
	readonly sessionId: string;
	/** Resolves when the message is queued. */
	send(message: {readonly prompt: string}): Promise<unknown>;
	on(handler: (event: Facts) => void): unknown;
	abort(): Promise<void>;
	disconnect(): Promise<void>;
}

const packageName = '@github/copilot-sdk';

export const loadSdk = (spec: AgentSpec, environment: Environment): Promise<CopilotSdk | undefined> =>
	loadOptional<CopilotSdk>(packageName, environment, spec.searchFolders);

/** Whether it is somewhere it would be loaded from. Loads nothing. */
export const hasSdk = (spec: AgentSpec, environment: Environment): boolean =>
	entryOf(packageName, environment, spec.searchFolders) !== undefined;

/** What the command line takes from its environment, a session of the SDK has to be told. */
export const providerOf = (environment: Environment): Facts | undefined => {
	const baseUrl = environment.COPILOT_PROVIDER_BASE_URL;
	if (!baseUrl) return undefined;
	const named = {
		type: environment.COPILOT_PROVIDER_TYPE,
		wireApi: environment.COPILOT_PROVIDER_WIRE_API,
		apiKey: environment.COPILOT_PROVIDER_API_KEY,
		bearerToken: environment.COPILOT_PROVIDER_BEARER_TOKEN,
	};
	return {baseUrl, ...Object.fromEntries(Object.entries(named).filter(([, value]) => value))};
};
