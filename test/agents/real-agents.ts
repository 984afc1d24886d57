import {execFileSync} from 'node:child_process';
import {existsSync, globSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {builtInSpecs} from '../../runtime/agents/registry/built-in.ts';
import type {AgentSpec} from '../../runtime/agents/spec.ts';
import {geminiDefaults} from '../../source/install.ts';
import {temporaryFolder} from '../runtime/agents/run-agent.ts';

/** Gemini heeds a file of defaults only where it and every folder above belong to root, and nobody else may write there. */
const isOfRootAlone = (file: string): boolean => {
	const {uid, mode} = statSync(file);
	const above = path.dirname(file);
	return uid === 0 && (mode & 0o022) === 0 && (above === file || isOfRootAlone(above));
};

const geminiHeedsDefaults = existsSync(geminiDefaults) && isOfRootAlone(geminiDefaults);

/** How an agent asks for leave to write a file. */
export interface Asks {
	readonly question: string;
	readonly action: string;
	readonly allow: string;
	readonly reject: string;
	/** Whether the turn goes on after a rejection. */
	readonly goesOn: boolean;
}

/** A real command line from npm, and what was seen of it; docs/agents.md has the same as a table. */
export interface RealAgent {
	/** As AIWORKFLOW_TEST_AGENTS has it: the id, or `<id>-headless`. */
	readonly name: string;
	readonly id: 'claude' | 'codex' | 'gemini' | 'opencode' | 'copilot';
	/** As .aiworkflow/agents.yaml says it; missing: what needs no description. */
	readonly protocol?: 'headless';
	/** With versions: what was seen was seen of these. */
	readonly packages: readonly string[];
	/** Of the program that speaks ACP. */
	readonly version: string;
	readonly model: string;
	/** Made-up keys, and the address of the stand-in. */
	readonly environmentOf: (url: string) => Readonly<Record<string, string>>;
	/** Its package is imported, and looked for where `npm install -g` puts packages. */
	readonly isImported?: true;
	/** Settings files it needs in its home. */
	readonly settings?: Readonly<Record<string, object>>;
	/** Makes its sessions look older than they are. */
	readonly age?: (home: string) => void;
	readonly seen: {
		/** Its text comes in whole messages: nothing is seen of one that is still said. */
		readonly saysAtOnce?: true;
		readonly tokens: object;
		/** Of one model call; null: it tells no cost. */
		readonly costMicroUsd: number | null;
		/** The cost comes with the tokens of the turn, rather than apart from them. */
		readonly costsWithTokens?: true;
		readonly provider?: string;
		/** Of the permission to write a file; or what becomes of the file where it can ask nobody. */
		readonly write: Asks | 'written' | 'refused';
		/** How it ends with `retry-after: 2` and few retries; `stalled`: it tries again in silence for as long as one looks. */
		readonly e429: 'agent.rate-limited' | 'attempt.stalled';
		readonly e503: 'agent.overloaded' | 'attempt.stalled';
		/** Whether the provider's words on when to come back reach us; `retry-after`, the header, never did. */
		readonly tellsReset: boolean;
	};
}

const codexConfig = (url: string) => ({
	model: 'gpt-5.1-codex',
	model_provider: 'standin',
	model_providers: {standin: {name: 'standin', base_url: `${url}/v1`, env_key: 'CODEX_API_KEY', wire_api: 'responses'}},
});

const opencodeConfig = (url: string) => {
	const cost = {input: 3, output: 15, cache_read: 0.3};
	const limit = {context: 200_000, output: 8000};
	const options = {baseURL: `${url}/v1`, apiKey: 'made-up-key'};
	const models = {model: {name: 'Stand-in', cost, limit, tool_call: true}};
	return {
		model: 'standin/model',
		small_model: 'standin/model',
		enabled_providers: ['standin'],
		provider: {standin: {npm: '@ai-sdk/openai-compatible', name: 'Stand-in', options, models}},
	};
};

/**
 * Gemini 0.61 names the file of a session after the minute it began in, and loading a session begins one with its id: in
 * the same minute that empties the file it is about to read.
 */
const ageGemini = (home: string) => {
	for (const file of globSync('.gemini/tmp/*/chats/session-*.jsonl', {cwd: home}))
		renameSync(path.join(home, file), path.join(home, file.replace(/session-\d{4}-/, 'session-2020-')));
};

const copilot: RealAgent = {
	name: 'copilot',
	id: 'copilot',
	packages: ['@github/copilot@1.0.102', '@github/copilot-sdk@1.0.14'],
	isImported: true,
	version: 'GitHub Copilot CLI 1.0.102.',
	model: 'gpt-4.1',
	environmentOf: url => ({
		COPILOT_OFFLINE: 'true',
		COPILOT_PROVIDER_BASE_URL: `${url}/v1`,
		COPILOT_PROVIDER_API_KEY: 'made-up-key',
	}),
	seen: {
		tokens: {input: 1200, cachedInput: 300, output: 42, reasoning: 7},
		costMicroUsd: null,
		write: {
			question: 'copilot: Create file',
			action: 'write',
			allow: 'allow_once',
			reject: 'reject',
			goesOn: true,
		},
		e429: 'agent.rate-limited',
		e503: 'agent.overloaded',
		tellsReset: true,
	},
};

const claude: RealAgent = {
	name: 'claude',
	id: 'claude',
	packages: ['@anthropic-ai/claude-code@2.1.329', '@agentclientprotocol/claude-agent-acp@0.100.0'],
	version: '0.100.0',
	model: 'claude-sonnet-4-5',
	environmentOf: url => ({
		ANTHROPIC_BASE_URL: url,
		ANTHROPIC_API_KEY: 'made-up-key',
		ANTHROPIC_MODEL: 'claude-sonnet-4-5',
		CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
	}),
	seen: {
		tokens: {input: 1200, cachedInput: 300, output: 42},
		costMicroUsd: 3420,
		provider: 'anthropic',
		write: {question: 'claude: Write out.txt', action: 'write', allow: 'allow-once', reject: 'reject', goesOn: true},
		e429: 'agent.rate-limited',
		e503: 'agent.overloaded',
		tellsReset: true,
	},
};

const codex: RealAgent = {
	name: 'codex',
	id: 'codex',
	packages: ['@openai/codex@0.169.0', '@agentclientprotocol/codex-acp@2.6.0'],
	version: '@agentclientprotocol/codex-acp 2.6.0',
	model: 'gpt-5.1-codex',
	environmentOf: url => ({
		CODEX_API_KEY: 'made-up-key',
		MODEL_PROVIDER: 'standin',
		CODEX_CONFIG: JSON.stringify(codexConfig(url)),
	}),
	seen: {
		tokens: {input: 1200, cachedInput: 300, output: 42, reasoning: 7},
		costMicroUsd: null,
		write: {question: 'codex: printf', action: 'run', allow: 'allow_once', reject: 'cancel', goesOn: false},
		e429: 'agent.rate-limited',
		e503: 'agent.overloaded',
		tellsReset: false,
	},
};

export const realAgents: readonly RealAgent[] = [
	claude,
	codex,
	{
		name: 'gemini',
		id: 'gemini',
		packages: ['@google/gemini-cli@0.61.0'],
		version: '0.61.0',
		model: 'gemini-2.5-flash',
		environmentOf: url => ({GEMINI_API_KEY: 'made-up-key', GOOGLE_GEMINI_BASE_URL: url}),
		settings: {'.gemini/settings.json': {security: {auth: {selectedType: 'gemini-api-key'}}}},
		age: ageGemini,
		seen: {
			tokens: {input: 1200, cachedInput: 0, output: 42, reasoning: 0},
			costMicroUsd: null,
			provider: 'google',
			write: {
				question: 'gemini: Writing to out.txt',
				action: 'write',
				allow: 'proceed_once',
				reject: 'cancel',
				goesOn: true,
			},
			e429: geminiHeedsDefaults ? 'agent.rate-limited' : 'attempt.stalled',
			e503: geminiHeedsDefaults ? 'agent.overloaded' : 'attempt.stalled',
			tellsReset: geminiHeedsDefaults,
		},
	},
	{
		name: 'opencode',
		id: 'opencode',
		packages: ['opencode-ai@1.18.33'],
		version: '1.18.33',
		model: 'standin/model',
		environmentOf: url => ({
			OPENCODE_CONFIG_CONTENT: JSON.stringify(opencodeConfig(url)),
			OPENCODE_DISABLE_MODELS_FETCH: '1',
			OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
		}),
		seen: {
			tokens: {input: 1200, cachedInput: 300, output: 42, reasoning: 7},
			costMicroUsd: 3420,
			provider: 'standin',
			write: {question: 'opencode: ', action: 'write', allow: 'once', reject: 'reject', goesOn: false},
			e429: 'agent.rate-limited',
			e503: 'attempt.stalled',
			tellsReset: true,
		},
	},
	copilot,
	{
		...claude,
		name: 'claude-headless',
		protocol: 'headless',
		version: '2.1.329 (Claude Code)',
		seen: {...claude.seen, costsWithTokens: true},
	},
	{
		...codex,
		name: 'codex-headless',
		protocol: 'headless',
		version: 'codex-cli 0.169.0',
		seen: {...codex.seen, saysAtOnce: true, write: 'written'},
	},
	{
		...copilot,
		name: 'copilot-headless',
		protocol: 'headless',
		seen: {...copilot.seen, write: 'refused'},
	},
];

/** Those that `AIWORKFLOW_TEST_AGENTS` names, with commas between them, or `1` for all. */
export const chosenAgents = (chosen = process.env.AIWORKFLOW_TEST_AGENTS ?? ''): readonly RealAgent[] => {
	const names = chosen.split(',').map(name => name.trim());
	return names.includes('1') ? realAgents : realAgents.filter(({name}) => names.includes(name));
};

const cache =
	process.env.AIWORKFLOW_AGENTS_CACHE ??
	path.resolve(import.meta.dirname, '../../node_modules/.cache/aiworkflow-agents');
const programs = path.join(cache, 'node_modules/.bin');

/** Installs what is missing, once, into a cache folder; files of tests that run side by side do so one after the other. */
export const install = ({packages}: RealAgent) => {
	mkdirSync(cache, {recursive: true});
	const lock = path.join(cache, 'installing');
	takeLock(lock);
	try {
		const missing = packages.filter(name => !existsSync(path.join(cache, 'node_modules', name.replace(/@[^@]+$/, ''))));
		if (missing.length === 0) return;
		const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
		execFileSync('npm', ['install', '--prefix', cache, ...quiet, ...missing], {stdio: 'inherit'});
	} finally {
		rmSync(lock, {recursive: true, force: true});
	}
};

/** An installation that takes longer was killed, and left its lock behind. */
const installMsMax = 240_000;

const takeLock = (lock: string): void => {
	const deadlineMs = Date.now() + installMsMax;
	while (Date.now() < deadlineMs) {
		try {
			mkdirSync(lock);
			return;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
		}
	}
};

/** As the registry has it in a trusted workspace, found on the PATH. */
export const specOf = ({id, protocol}: RealAgent, more: Partial<AgentSpec> = {}): AgentSpec => {
	const spec = builtInSpecs('/nowhere', true).find(known => known.id === id)!;
	return {...spec, protocol, idleMs: 60_000, ...more};
};

/** One home per agent, for some unpack themselves into it. */
export const homeOf = ({settings = {}, isImported}: RealAgent): string => {
	const home = temporaryFolder();
	if (isImported) {
		mkdirSync(path.join(home, 'global/lib'), {recursive: true});
		symlinkSync(path.join(cache, 'node_modules'), path.join(home, 'global/lib/node_modules'));
		writeFileSync(path.join(home, '.npmrc'), 'prefix=~/global\n');
	}

	for (const [file, content] of Object.entries(settings)) {
		mkdirSync(path.dirname(path.join(home, file)), {recursive: true});
		writeFileSync(path.join(home, file), JSON.stringify(content));
	}

	return home;
};

export const environmentOf = (agent: RealAgent, home: string, url: string) => ({
	PATH: [programs, process.env.PATH].join(path.delimiter),
	HOME: home,
	TERM: 'dumb',
	...agent.environmentOf(url),
});
