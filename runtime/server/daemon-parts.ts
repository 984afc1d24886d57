import type {FastifyInstance} from 'fastify';
import type {AgentHealth, AgentReport, RouteView} from '../../source/api/messages.ts';
import type {AiworkflowError} from '../../source/errors.ts';
import type {CostBook} from '../costs/book.ts';
import type {Bus} from '../engine/bus.ts';
import type {Engine} from '../engine/engine.ts';
import type {AgentSwitches, Breakers, ChoiceRequest, Clock} from '../engine/parts.ts';
import type {Housekeeping} from '../housekeeping/housekeeping.ts';
import type {Log} from '../logs/log.ts';
import type {Outbox} from '../outbox/outbox.ts';
import type {Recordings} from '../recordings/recordings.ts';
import type {ApprovalsTable} from '../store/approvals.ts';
import type {DefinitionsTable} from '../store/definitions.ts';
import type {EventReader} from '../store/events.ts';
import type {FiringsTable} from '../store/firings.ts';
import type {Journal} from '../store/journal.ts';
import type {RunsTable} from '../store/runs.ts';
import type {ToolDesk} from '../tools/desk.ts';
import type {ToolRegistry} from '../tools/registry.ts';
import type {Emitter} from '../triggers/emitter.ts';
import type {QueueDesk} from '../triggers/queue/desk.ts';
import type {TriggerRoom} from '../triggers/room.ts';
import type {ScheduleSource} from '../triggers/schedule/source.ts';
import type {Webhooks} from '../triggers/webhook/webhooks.ts';
import type {HintBus} from './hints.ts';

export type Server = FastifyInstance;

/** What the routes need of the daemon; `daemon.ts` wires it. */
export interface DaemonParts {
	readonly stateFolder: string;
	readonly socketPath: string;
	readonly startedAtMs: number;
	readonly clock: Clock;
	readonly engine: Engine;
	readonly journal: Journal;
	readonly events: EventReader;
	readonly runs: RunsTable;
	readonly approvals: ApprovalsTable;
	readonly definitions: DefinitionsTable;
	readonly bus: Bus;
	readonly hints: HintBus;
	readonly log: Log;
	readonly workspaces: Workspaces;
	readonly agents: Agents;
	readonly tools: ToolRegistry;
	readonly toolDesk: ToolDesk;
	readonly breakers: Breakers;
	readonly agentSwitches: AgentSwitches;
	readonly housekeeping: Housekeeping;
	readonly costs: CostBook;
	readonly recordings: Recordings;
	readonly triggers: TriggerRoom;
	readonly emit: Emitter;
	readonly schedules: ScheduleSource;
	readonly firings: FiringsTable;
	readonly webhooks: Webhooks;
	readonly queues: QueueDesk;
	readonly outbox: Outbox;
	/** Names of secrets that are needed to tell others of the runs of a workspace. */
	readonly notificationSecrets: (workspace: string, isAgreed?: boolean) => Promise<readonly string[]>;
	/** Begins an orderly stop; the answer is sent first. */
	readonly stop: (reason: string) => void;
	readonly failure: () => AiworkflowError | undefined;
}

export interface Workspaces {
	isTrusted(workspace: string): Promise<boolean>;
	/** Paths, relative to the workspace, of what trusting it covers. */
	trustedFiles(workspace: string): Promise<readonly string[]>;
	trust(workspace: string): Promise<string>;
	/** Gone with the next commit. */
	revoke(workspace: string): void;
}

export interface Agents {
	/** Reads what the workspace describes, for estimates. */
	load(workspace: string): Promise<void>;
	/** @throws AiworkflowError `agent.unknown`, `agents.invalid`. */
	list(
		workspace: string,
		environment: Readonly<Record<string, string>>,
		depth: 'quick' | 'deep',
		only?: readonly string[],
	): Promise<readonly AgentReport[]>;
	/** Those that runs used lately and that did not work when they were last looked at. */
	unhealthy(): readonly AgentHealth[];
	/** How one of several would be chosen now. */
	explain(request: ChoiceRequest): Promise<RouteView>;
	/** All that a workspace may name, whether they are there or not. */
	allNames(workspace: string): Promise<readonly string[]>;
	/** The agents that a list stands for; an empty one: all that the workspace describes, and built-in ones that are there. */
	namesOf(
		workspace: string,
		agents: readonly string[],
		environment: Readonly<Record<string, string>>,
	): Promise<readonly string[]>;
	environmentNames(workspace: string, agents: readonly string[]): Promise<readonly string[]>;
	/** @throws AiworkflowError Where none of them is described, or the workspace is not trusted to run them. */
	check(workspace: string, agents: readonly string[]): Promise<void>;
}
