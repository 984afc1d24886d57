import path from 'node:path';
import type {Failure} from '../../source/errors.ts';
import type {PromptDrift, StepText, Tokens} from '../../source/run/events.ts';
import type {MicroUsd} from '../../source/units.ts';
import type {OutputsSchema} from '../../source/workflow/definition.ts';
import type {GivenTool} from '../../source/workflow/given-tools.ts';
import type {AgentAction} from '../../source/workflow/permissions.ts';

/**
 * How the daemon and the agent host of one attempt talk: through files in the attempt's private folder, so that either
 * side may die and be started again without the other noticing more than a pause.
 *
 * | file                 | written by          | what                                                                    |
 * |----------------------|---------------------|-------------------------------------------------------------------------|
 * | `request.json`       | daemon, before start | what to do ({@link HostRequest})                                        |
 * | `events.ndjson`      | host, appended      | what the journal has to know ({@link HostEvent}), one JSON object a line |
 * | `answers/<id>.json`  | daemon, renamed into place | the answer to permission `<id>` ({@link HostAnswer})              |
 * | `stdout.log`         | host                | the readable transcript                                                 |
 * | `stderr.log`         | host                | what the agent says besides its protocol                                |
 * | `hold`               | daemon              | while it is there the agent is held: a person decides about its budget |
 * | `agent.json`         | host                | the leader of the agent's process group, to end it should the host die  |
 * | `recorded.json`, `changes.patch` | host     | for a recording: see {@link HostRecord}; only where the request asks for it |
 * | `tools.json`         | daemon, before start | tools that the agent is given, with what they need (tool-bridge.ts); gone with the attempt |
 * | `answer.txt`         | host                | the whole answer, where `result.json` has only its beginning            |
 * | `result.json`        | host, renamed into place, last | how it ended ({@link HostResult}); without it the host died    |
 *
 * `claim` and `exit` are the supervisor's. The number of a line of `events.ndjson`, from 0, is `hostLine` in the journal:
 * a restarted daemon goes on after the last one it journalled. A last line without its newline is not there yet.
 */
export interface HostRequest {
	readonly version: 1;
	readonly runId: string;
	readonly stepId: string;
	/** Index of the item, for a step done once for each of several. */
	readonly item?: number;
	/** Of the step, from 1. */
	readonly generation?: number;
	readonly attempt: number;
	readonly agent: AgentSpec;
	readonly prompt: string;
	/** The step's own prompt, where `prompt` also tells about attempts before this one. Missing: `prompt`. */
	readonly stepPrompt?: string;
	readonly model?: string;
	/** Missing: `ask`. */
	readonly access?: 'ask' | 'read-only';
	/** A session to go on with, whose process vanished. */
	readonly resume?: ResumedSession;
	/** What it is given; what the tools are is in `tools.json`. Missing: none. */
	readonly tools?: readonly GivenTool[];
	readonly outputs?: OutputsSchema;
	/** Absolute. */
	readonly cwd: string;
	readonly workspace: string;
	readonly bundleFolder: string;
	readonly workflow: string;
	readonly limits: HostLimits;
	/** Whether to keep what the agent changes in the workspace. */
	readonly record?: boolean;
}

/** What is known of a session that is gone on with: some agents tell only the sums of the whole of it. */
export interface ResumedSession {
	readonly sessionId: string;
	/** Recorded already. */
	readonly countedMicroUsd: MicroUsd;
	readonly countedTokens?: Tokens;
}

/** The ways to run an agent. */
export type AdapterName =
	| 'acp'
	| 'replay'
	| 'claude'
	| 'codex'
	| 'gemini'
	| 'opencode'
	| 'copilot'
	| 'cursor'
	| 'aider'
	| 'api';

/** An agent as `.aiworkflow/agents.yaml` describes it, or as it is built in. Plain JSON: it travels to the agent host. */
export interface AgentSpec {
	readonly id: string;
	/** Which adapter of runtime/agents/adapters.ts runs it. */
	readonly adapter: AdapterName;
	/** Name on the PATH or a path; missing for agents that start nothing. */
	readonly command?: string;
	/** Folders in which its command is looked for besides the PATH; absolute. */
	readonly searchFolders?: readonly string[];
	/** Literal: nothing in them is replaced. */
	readonly args: readonly string[];
	/** Names of environment variables it needs. Never values. */
	readonly env: readonly string[];
	/** Variables with fixed values that are no secrets. */
	readonly set: Readonly<Record<string, string>>;
	/** Session mode to start in; missing: the one that asks, where the adapter knows it, else the agent's own default. */
	readonly mode?: string;
	/** Session mode in which it can only read. */
	readonly readOnlyMode?: string;
	/** Where an adapter knows more than one way to talk to its agent; missing: the best that is installed. */
	readonly protocol?: 'acp' | 'headless';
	/** The model unless a step names one. */
	readonly model?: string;
	/** Of `api` agents: who serves the model. */
	readonly provider?: string;
	/** Of `api` agents: where, if not at the provider's own address. */
	readonly baseUrl?: string;
	/** Of an agent that only its description tells of: how it is given tools; missing: as a server of MCP. */
	readonly tools?: 'mcp' | 'command' | 'none';
	/** Flag that takes the model (`-m`); missing: the model is chosen over the protocol. */
	readonly modelArg?: string;
	/** Variable that takes the model. */
	readonly modelEnv?: string;
	/** How long it may be silent. */
	readonly idleMs: number;
	readonly profile?: AgentProfile;
}

/** What is known of an agent, to choose by. */
export interface AgentProfile {
	readonly provider?: string;
	readonly model?: string;
	/** What it can do: `code`, `vision`, `web`… */
	readonly capabilities: readonly string[];
	readonly cost?: AgentCost;
	/** 0 to 1: an opinion. */
	readonly quality?: number;
	/** Until its first words, mostly. */
	readonly latencyMs?: number;
	/** Attempts at once. */
	readonly concurrent?: number;
	/** The higher the earlier. */
	readonly priority?: number;
	readonly tags: readonly string[];
}

/** USD for a million tokens; `request`: USD for one request. */
export interface AgentCost {
	readonly input?: number;
	readonly output?: number;
	readonly cachedInput?: number;
	readonly cachedWrite?: number;
	readonly request?: number;
}

export interface HostLimits {
	/** The longest silence of the agent; time in which it waits for a person does not count. */
	readonly idleMs: number;
	/** Unix milliseconds; missing: no end. */
	readonly deadlineAtMs?: number;
	readonly outputBytesMax: number;
}

/** Null means unknown; an unknown cost is never 0. */
export interface UsageDifference {
	readonly t: 'usage';
	readonly tokens: Tokens | null;
	readonly costMicroUsd: MicroUsd | null;
	readonly costSource: 'agent' | 'none';
	readonly model?: string;
	/** Who serves the model, where that is known: needed to price the tokens. */
	readonly provider?: string;
	/** What the agent bills in besides money: `{credits: 1.5}`, `{requests: 1}`. Differences as well. */
	readonly units?: Readonly<Record<string, number>>;
}

export type HostEvent =
	| {readonly t: 'session'; readonly sessionId: string; readonly model?: string; readonly canResume?: boolean}
	| {readonly t: 'warning'; readonly message: string; readonly drift?: PromptDrift}
	/** The difference since the last such line. */
	| UsageDifference
	| {
			readonly t: 'permission';
			readonly id: string;
			readonly title: string;
			readonly kind: string;
			readonly preview?: string;
			readonly action?: AgentAction;
			readonly options: ReadonlyArray<{readonly id: string; readonly label: string; readonly isAllow: boolean}>;
	  }
	/** The agent no longer waits for it, and no answer reached it. */
	| {readonly t: 'permission-closed'; readonly id: string}
	| ({readonly t: 'tool-called'} & ToolCalled);

/** A call of a tool that the agent was given, after its end. */
export interface ToolCalled {
	readonly tool: string;
	readonly operation: string;
	readonly outcome: 'ok' | 'failed' | 'refused';
	/** Of the failure. */
	readonly code?: string;
	readonly durationMs: number;
}

export interface HostAnswer {
	/** Null: the request is cancelled. */
	readonly optionId: string | null;
}

export interface HostResult {
	readonly outcome: 'ok' | 'failed' | 'cancelled';
	/** The last message of the agent, without the block that carried the outputs. */
	readonly text: StepText;
	readonly outputs: Readonly<Record<string, unknown>>;
	/** Where `outcome` is `failed`. */
	readonly failure?: Failure;
	readonly sessionId?: string;
	readonly isReplay: boolean;
	readonly model?: string;
}

/** What a recording needs besides the result. */
export interface HostRecord {
	/** Of the step's own prompt. */
	readonly promptSha256: string;
	/** Unix milliseconds between which changes were looked for: others that worked then may have made them. */
	readonly fromMs: number;
	readonly toMs: number;
	/** `patch`: in `changes.patch`; `unknown`: the warnings say why. */
	readonly changes: 'patch' | 'none' | 'unknown';
	readonly warnings: readonly string[];
}

export const hostFilesOf = (folder: string) => ({
	request: path.join(folder, 'request.json'),
	events: path.join(folder, 'events.ndjson'),
	answers: path.join(folder, 'answers'),
	answerTo: (permissionId: string) => path.join(folder, 'answers', `${permissionId}.json`),
	hold: path.join(folder, 'hold'),
	tools: path.join(folder, 'tools.json'),
	agent: path.join(folder, 'agent.json'),
	answerText: path.join(folder, 'answer.txt'),
	recorded: path.join(folder, 'recorded.json'),
	changes: path.join(folder, 'changes.patch'),
	/** Gone when the attempt has ended. */
	recordingScratch: path.join(folder, 'recording'),
	result: path.join(folder, 'result.json'),
});
