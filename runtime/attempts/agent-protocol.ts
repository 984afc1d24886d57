import path from 'node:path';
import type {Failure} from '../../source/errors.ts';
import type {StepText, Tokens} from '../../source/run/events.ts';
import type {MicroUsd} from '../../source/units.ts';
import type {OutputsSchema} from '../../source/workflow/definition.ts';

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
 * | `agent.json`         | host                | the leader of the agent's process group, to end it should the host die  |
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
	readonly model?: string;
	readonly outputs?: OutputsSchema;
	/** Absolute. */
	readonly cwd: string;
	readonly workspace: string;
	readonly bundleFolder: string;
	readonly workflow: string;
	readonly limits: HostLimits;
}

/** An agent as `.aiworkflow/agents.yaml` describes it, or as it is built in. Plain JSON: it travels to the agent host. */
export interface AgentSpec {
	readonly id: string;
	/** Which adapter of runtime/agents/adapters.ts runs it. */
	readonly adapter: 'acp' | 'replay';
	/** Name on the PATH or a path; missing for agents that start nothing. */
	readonly command?: string;
	/** Literal: nothing in them is replaced. */
	readonly args: readonly string[];
	/** Names of environment variables it needs. Never values. */
	readonly env: readonly string[];
	/** Variables with fixed values that are no secrets. */
	readonly set: Readonly<Record<string, string>>;
	/** Session mode to start in; missing: the agent's own default. */
	readonly mode?: string;
	/** Flag that takes the model (`-m`); missing: the model is chosen over the protocol. */
	readonly modelArg?: string;
	/** Variable that takes the model. */
	readonly modelEnv?: string;
	/** How long it may be silent. */
	readonly idleMs: number;
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
}

export type HostEvent =
	| {readonly t: 'session'; readonly sessionId: string; readonly model?: string}
	| {readonly t: 'warning'; readonly message: string}
	/** The difference since the last such line. */
	| UsageDifference
	| {
			readonly t: 'permission';
			readonly id: string;
			readonly title: string;
			readonly kind: string;
			readonly preview?: string;
			readonly options: ReadonlyArray<{readonly id: string; readonly label: string; readonly isAllow: boolean}>;
	  }
	/** The agent no longer waits for it, and no answer reached it. */
	| {readonly t: 'permission-closed'; readonly id: string};

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

export const hostFilesOf = (folder: string) => ({
	request: path.join(folder, 'request.json'),
	events: path.join(folder, 'events.ndjson'),
	answers: path.join(folder, 'answers'),
	answerTo: (permissionId: string) => path.join(folder, 'answers', `${permissionId}.json`),
	agent: path.join(folder, 'agent.json'),
	answerText: path.join(folder, 'answer.txt'),
	result: path.join(folder, 'result.json'),
});
