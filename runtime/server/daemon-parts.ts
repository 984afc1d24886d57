import type {FastifyInstance} from 'fastify';
import type {AgentHealth} from '../../source/api/messages.ts';
import type {AiworkflowError} from '../../source/errors.ts';
import type {Bus} from '../engine/bus.ts';
import type {Engine} from '../engine/engine.ts';
import type {Breakers, Clock} from '../engine/parts.ts';
import type {Housekeeping} from '../housekeeping/housekeeping.ts';
import type {Log} from '../logs/log.ts';
import type {ApprovalsTable} from '../store/approvals.ts';
import type {DefinitionsTable} from '../store/definitions.ts';
import type {EventReader} from '../store/events.ts';
import type {Journal} from '../store/journal.ts';
import type {RunsTable} from '../store/runs.ts';
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
	readonly breakers: Pick<Breakers, 'stateOf'>;
	readonly housekeeping: Housekeeping;
	/** Begins an orderly stop; the answer is sent first. */
	readonly stop: (reason: string) => void;
	readonly failure: () => AiworkflowError | undefined;
}

export interface Workspaces {
	isTrusted(workspace: string): Promise<boolean>;
	/** Paths, relative to the workspace, of what trusting it covers. */
	trustedFiles(workspace: string): Promise<readonly string[]>;
	trust(workspace: string): Promise<string>;
}

export interface Agents {
	list(workspace: string, environment: Readonly<Record<string, string>>): Promise<readonly AgentHealth[]>;
	environmentNames(workspace: string, agents: readonly string[]): Promise<readonly string[]>;
	/** @throws AiworkflowError Where none of them is described, or the workspace is not trusted to run them. */
	check(workspace: string, agents: readonly string[]): Promise<void>;
}
