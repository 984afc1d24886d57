import type {AgentHealth} from '../../source/api/messages.ts';
import type {Failure} from '../../source/errors.ts';
import type {PromptDrift} from '../../source/run/events.ts';
import type {AgentAction} from '../../source/workflow/permissions.ts';
import type {AgentSpec, ResumedSession, UsageDifference} from '../attempts/agent-protocol.ts';

/**
 * One way to make an agent work: a contract that `acp` and `replay` fit, and every later adapter.
 * An adapter knows one protocol. It knows nothing of journals, attempts or folders: the agent host drives it.
 */
export interface AgentAdapter {
	/** The name under which workflows call the agent. */
	readonly id: string;
	readonly capabilities: AgentCapabilities;
	/**
	 * Never rejects: what does not work is told in `detail`.
	 *
	 * @param depth `quick`: the command is found and tells its version. `deep`: it also opens its protocol. Neither proves
	 * that a key or a login works; only a model call does.
	 */
	health(depth: 'quick' | 'deep'): Promise<AgentHealth>;
	/**
	 * Works on one request. The stream never throws, yields exactly one `end`, last, and by then nothing of the agent runs
	 * any more. It must be consumed to its end. A start that leads to no session is bounded by the adapter.
	 *
	 * @param signal Aborted to cancel: open approvals count as cancelled, the agent is asked, then ended, then killed, all
	 * within {@link cancelMsMax}; the `end` then says `cancelled`.
	 */
	run(request: AgentRequest, signal: AbortSignal): AsyncIterable<AgentEvent>;
}

/** Makes the adapter of an agent; starts nothing. @param environment That of the run, already filtered. */
export type AdapterFactory = (spec: AgentSpec, environment: Readonly<Record<string, string>>) => AgentAdapter;

/** The longest an adapter may take from the abort of its signal to its `end`: under `limits.attemptKillGraceMs`. */
export const cancelMsMax = 4000;

export interface AgentCapabilities {
	/** `ask`: it asks before it acts; `preset`: a mode decides beforehand; `none`: it cannot act. */
	readonly approvals: 'ask' | 'preset' | 'none';
	/** How a session is gone on with after its process vanished; `none`: it cannot be. */
	readonly resume: 'resume' | 'load' | 'none';
	/** Whether it can be held to reading: `access: 'read-only'` of a request fails where it cannot. */
	readonly readOnly: boolean;
	/** Whether text comes while it is made. */
	readonly deltas: boolean;
	/** Whether it takes another prompt in the same session (a repair turn). */
	readonly turns: boolean;
	readonly cost: 'reported' | 'none';
	/**
	 * How it is given tools. `mcp`: as a server of MCP that it starts; `command`: it is told of a command, and runs it; `none`:
	 * it cannot be given any; `unneeded`: a recording answers.
	 */
	readonly tools: 'mcp' | 'command' | 'none' | 'unneeded';
	/** Whether a recording answers, not a model. */
	readonly isReplay: boolean;
}

/** What an agent may do by itself: `ask`, it asks before it writes or runs anything; `read-only`, it can do neither. */
export type AgentAccess = 'ask' | 'read-only';

export interface AgentRequest {
	/** The step's own prompt, evaluated: what a recording is matched against. */
	readonly prompt: string;
	/** Added by the host below the prompt: how to hand over the outputs. Empty: nothing. */
	readonly instructions: string;
	readonly model?: string;
	/** Missing: `ask`. */
	readonly access?: AgentAccess;
	/** Tools it is given, for agents that take them as a server of MCP; missing: none. */
	readonly tools?: ToolServer;
	/** A session to go on with, whose process vanished; `prompt` then says how to go on. */
	readonly resume?: ResumedSession;
	/** Absolute; where the agent works. */
	readonly cwd: string;
	/** Absolute; nothing outside is written on the agent's behalf. */
	readonly workspace: string;
	/** Folder of the workflow file. */
	readonly bundleFolder: string;
	readonly workflow: string;
	readonly stepId: string;
	readonly item?: number;
	readonly generation?: number;
	/** Told the leader of the agent's process group at once, so that the group can be ended if the host itself dies. */
	readonly onProcess?: (pid: number) => void;
	/** What the agent says besides its protocol: its standard error, lines that are no messages. */
	readonly onDiagnostic?: (text: string | Uint8Array) => void;
}

/** The bridge to the tools that an agent is given: a server of MCP over standard streams, which the agent starts. */
export interface ToolServer {
	/** Under which the agent knows it. */
	readonly name: string;
	/** Absolute. */
	readonly command: string;
	readonly args: readonly string[];
	/** Names of the tools; what it offers are `<tool>_<operation>`. */
	readonly tools: readonly string[];
}

export type AgentEvent =
	/** @param canResume Whether this session can be gone on with by a later request. */
	| {readonly t: 'session'; readonly id: string; readonly model?: string; readonly canResume?: boolean}
	/** A piece of the answer. `messageId` changes where the agent begins another message. */
	| {readonly t: 'text'; readonly delta: string; readonly messageId?: string}
	| {readonly t: 'thought'; readonly delta: string}
	/** Sent again with each change of its status. */
	| {
			readonly t: 'tool';
			readonly id: string;
			readonly title: string;
			readonly kind: string;
			readonly status: 'pending' | 'in_progress' | 'completed' | 'failed';
			readonly paths: readonly string[];
	  }
	/** The agent waits until `reply` is called with an option's id, or null to cancel the request. Later calls do nothing. */
	| {
			readonly t: 'approval';
			readonly id: string;
			readonly title: string;
			readonly kind: string;
			/** The command or diff it is about. */
			readonly preview?: string;
			/** What `permissions:` are matched against. */
			readonly action: AgentAction;
			/** The narrowest first: allow once, allow always, reject once, reject always. */
			readonly options: readonly ApprovalOption[];
			readonly reply: (optionId: string | null) => void;
	  }
	/** The agent took its question back; nobody needs to answer. */
	| {readonly t: 'approval-closed'; readonly id: string}
	/** The agent tries again by itself after a failed call. */
	| {readonly t: 'retry'; readonly detail: string}
	/** @param drift Of a replay whose recording was made for another prompt. */
	| {readonly t: 'warning'; readonly message: string; readonly drift?: PromptDrift}
	/** What was used since the last such event. */
	| UsageDifference
	/** Outputs that came apart from the text, to be checked like those inside it. */
	| {readonly t: 'outputs'; readonly outputs: Readonly<Record<string, unknown>>}
	/** A turn ended well. The adapter waits for `reply`: another prompt for the same session, or `undefined` to finish. */
	| {readonly t: 'answered'; readonly reply: (prompt: string | undefined) => void}
	| {readonly t: 'end'; readonly outcome: 'ok' | 'cancelled'; readonly failure?: undefined}
	| {readonly t: 'end'; readonly outcome: 'failed'; readonly failure: Failure};

export interface ApprovalOption {
	readonly id: string;
	readonly label: string;
	readonly isAllow: boolean;
}
