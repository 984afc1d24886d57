import type {AdapterName} from '../attempts/agent-protocol.ts';
import type {AgentCapabilities} from './adapter.ts';

/** The agents that need no description: each has an id, which is also the name of its adapter. */
export type BuiltInId = Exclude<AdapterName, 'acp' | 'api' | 'replay'>;

/** What is known of one agent. Measured with the versions that docs/agents.md names, unless `isProven` is false. */
export interface AgentEntry {
	readonly title: string;
	/** Whether the real program was seen doing it. */
	readonly isProven: boolean;
	/** What it can do the way it is run by preference. */
	readonly capabilities: AgentCapabilities;
	/** Session modes: the one that asks before it acts, and the one that can only read. Missing: it knows none. */
	readonly modes: {readonly ask?: string; readonly readOnly?: string};
	/** Names under which its program is looked for, the best first. */
	readonly commands: readonly string[];
	readonly args: readonly string[];
	/** A command that installs what is missing. */
	readonly install: string;
	/** The user's own program that the one of `commands` is a bridge to, and the variable that names it. */
	readonly bridges?: {readonly command: string; readonly variable: string; readonly install: string};
	/** Variables of the user's environment that are handed on where they are set: keys first, then addresses and choices. */
	readonly env: readonly string[];
	/** Of `env`, those with a key; where none is set, the agent must be logged in by itself. */
	readonly keys: readonly string[];
	/** Fixed values: no updates in the middle of a run, few retries of its own, for the daemon decides about those. */
	readonly set: Readonly<Record<string, string>>;
	/** Flag, or variable, that takes the model; missing: it is chosen over the protocol. */
	readonly modelArg?: string;
	readonly modelEnv?: string;
	/** Who serves its models, where that is always the same. */
	readonly provider?: string;
}

const asking: AgentCapabilities = {
	approvals: 'ask',
	resume: 'resume',
	readOnly: true,
	deltas: true,
	turns: true,
	cost: 'none',
	tools: 'mcp',
	isReplay: false,
};

export const catalogue: Readonly<Record<BuiltInId, AgentEntry>> = {
	claude: {
		title: 'Claude Code',
		isProven: true,
		capabilities: {...asking, cost: 'reported'},
		modes: {ask: 'default', readOnly: 'plan'},
		commands: ['claude-agent-acp'],
		args: [],
		install: 'npm install -g @agentclientprotocol/claude-agent-acp',
		bridges: {
			command: 'claude',
			variable: 'CLAUDE_CODE_EXECUTABLE',
			install: 'npm install -g @anthropic-ai/claude-code',
		},
		env: [
			'ANTHROPIC_API_KEY',
			'ANTHROPIC_AUTH_TOKEN',
			'CLAUDE_CODE_OAUTH_TOKEN',
			'ANTHROPIC_BASE_URL',
			'ANTHROPIC_MODEL',
			'CLAUDE_CONFIG_DIR',
			'CLAUDE_CODE_EXECUTABLE',
			'CLAUDE_CODE_USE_BEDROCK',
			'CLAUDE_CODE_USE_VERTEX',
		],
		keys: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'],
		set: {CLAUDE_CODE_MAX_RETRIES: '2', DISABLE_AUTOUPDATER: '1'},
		// Over the protocol it would spend a model call on checking the name.
		modelEnv: 'ANTHROPIC_MODEL',
		provider: 'anthropic',
	},
	codex: {
		title: 'Codex',
		isProven: true,
		capabilities: asking,
		// Its sandbox is the guard: what it may not write, it has to ask for.
		modes: {ask: 'read-only', readOnly: 'read-only'},
		commands: ['codex-acp'],
		args: [],
		install: 'npm install -g @agentclientprotocol/codex-acp',
		bridges: {command: 'codex', variable: 'CODEX_PATH', install: 'npm install -g @openai/codex'},
		env: [
			'CODEX_API_KEY',
			'OPENAI_API_KEY',
			'OPENAI_BASE_URL',
			'CODEX_HOME',
			'CODEX_CONFIG',
			'CODEX_PATH',
			'MODEL_PROVIDER',
		],
		keys: ['CODEX_API_KEY', 'OPENAI_API_KEY'],
		set: {NO_BROWSER: '1'},
		provider: 'openai',
	},
	gemini: {
		title: 'Gemini CLI',
		isProven: true,
		capabilities: {...asking, resume: 'load'},
		modes: {ask: 'default', readOnly: 'plan'},
		commands: ['gemini'],
		args: ['--acp'],
		install: 'npm install -g @google/gemini-cli',
		env: [
			'GEMINI_API_KEY',
			'GOOGLE_API_KEY',
			'GOOGLE_GEMINI_BASE_URL',
			'GOOGLE_CLOUD_PROJECT',
			'GOOGLE_CLOUD_LOCATION',
			'GOOGLE_GENAI_USE_VERTEXAI',
			'GOOGLE_APPLICATION_CREDENTIALS',
		],
		keys: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
		set: {},
		modelArg: '-m',
		provider: 'google',
	},
	opencode: {
		title: 'OpenCode',
		isProven: true,
		capabilities: {...asking, cost: 'reported'},
		modes: {ask: 'build', readOnly: 'plan'},
		commands: ['opencode'],
		args: ['acp'],
		install: 'npm install -g opencode-ai',
		env: [
			'ANTHROPIC_API_KEY',
			'OPENAI_API_KEY',
			'GEMINI_API_KEY',
			'GOOGLE_GENERATIVE_AI_API_KEY',
			'OPENROUTER_API_KEY',
			'OPENCODE_API_KEY',
			'OPENCODE_CONFIG',
			'OPENCODE_CONFIG_CONTENT',
			'OPENCODE_CONFIG_DIR',
			'OPENCODE_DISABLE_MODELS_FETCH',
			'OPENCODE_DISABLE_LSP_DOWNLOAD',
		],
		keys: [
			'ANTHROPIC_API_KEY',
			'OPENAI_API_KEY',
			'GEMINI_API_KEY',
			'GOOGLE_GENERATIVE_AI_API_KEY',
			'OPENROUTER_API_KEY',
			'OPENCODE_API_KEY',
		],
		set: {OPENCODE_DISABLE_AUTOUPDATE: '1'},
	},
	copilot: {
		title: 'GitHub Copilot',
		isProven: true,
		// Through its SDK; headless it cannot ask.
		capabilities: asking,
		modes: {},
		commands: ['copilot'],
		args: [],
		install: 'npm install -g @github/copilot @github/copilot-sdk',
		env: [
			// Not GH_TOKEN or GITHUB_TOKEN, which may do more than this: who wants those names them in agents.yaml.
			'COPILOT_GITHUB_TOKEN',
			'COPILOT_PROVIDER_API_KEY',
			'COPILOT_PROVIDER_BEARER_TOKEN',
			'COPILOT_PROVIDER_BASE_URL',
			'COPILOT_PROVIDER_TYPE',
			'COPILOT_PROVIDER_WIRE_API',
			'COPILOT_MODEL',
			'COPILOT_OFFLINE',
			'COPILOT_HOME',
		],
		keys: ['COPILOT_GITHUB_TOKEN', 'COPILOT_PROVIDER_API_KEY'],
		set: {COPILOT_AUTO_UPDATE: 'false'},
	},
	cursor: {
		title: 'Cursor',
		// As its documentation has it; nobody ran it here.
		isProven: false,
		capabilities: {...asking, resume: 'load'},
		modes: {ask: 'agent', readOnly: 'ask'},
		commands: ['cursor-agent', 'agent'],
		args: ['acp'],
		install: 'curl https://cursor.com/install -fsS | bash',
		env: ['CURSOR_API_KEY'],
		keys: ['CURSOR_API_KEY'],
		set: {},
	},
	aider: {
		title: 'Aider',
		isProven: false,
		capabilities: {
			approvals: 'preset',
			resume: 'none',
			readOnly: true,
			deltas: true,
			turns: false,
			cost: 'reported',
			tools: 'none',
			isReplay: false,
		},
		modes: {},
		commands: ['aider'],
		args: [],
		install: 'python -m pip install aider-chat',
		env: [
			'ANTHROPIC_API_KEY',
			'OPENAI_API_KEY',
			'GEMINI_API_KEY',
			'OPENROUTER_API_KEY',
			'OPENAI_API_BASE',
			'OLLAMA_API_BASE',
			'AIDER_MODEL',
		],
		keys: ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'GEMINI_API_KEY', 'OPENROUTER_API_KEY'],
		set: {},
	},
};

/** Also the order in which `auto` tries them: those that ask and report the most first, those never run here last. */
export const builtInIds = [
	'claude',
	'codex',
	'gemini',
	'opencode',
	'copilot',
	'aider',
	'cursor',
] as const satisfies readonly BuiltInId[];

export const isBuiltInId = (id: string): id is BuiltInId => Object.hasOwn(catalogue, id);

/** @returns Whether agents of an adapter tell what they cost. `acp` stands for any agent: what it tells is seen only when it works. */
export const reportsCost = (adapter: AdapterName): boolean =>
	adapter === 'replay' ||
	(adapter !== 'acp' && adapter !== 'api' && catalogue[adapter].capabilities.cost === 'reported');
