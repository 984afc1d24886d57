import type {RunState} from '../../source/run/state.ts';
import type {StepKind} from '../../source/workflow/definition.ts';
import type {ApprovalsTable} from '../store/approvals.ts';
import type {DefinitionsTable} from '../store/definitions.ts';
import type {EventReader} from '../store/events.ts';
import type {Journal} from '../store/journal.ts';
import type {RunEnvironments} from '../store/run-environments.ts';
import type {RunsTable} from '../store/runs.ts';
import type {
	AgentChooser,
	AgentSwitches,
	AttemptExecutor,
	Breakers,
	Clock,
	MoneyParts,
	ResultCache,
	Snapshots,
	ToolRegistry,
	WorkspaceRules,
} from './parts.ts';

/** What `daemon.ts` hands the engine. */
export interface EngineParts {
	readonly stateFolder: string;
	readonly journal: Journal;
	readonly events: EventReader;
	readonly runs: RunsTable;
	readonly approvals: ApprovalsTable;
	readonly definitions: DefinitionsTable;
	readonly environments: RunEnvironments;
	readonly clock: Clock;
	/** By kind of step; approvals and waits need none. */
	readonly executors: Readonly<Partial<Record<StepKind, AttemptExecutor>>>;
	readonly agents: AgentChooser;
	readonly tools: ToolRegistry;
	readonly breakers: Breakers;
	/** Missing: none is disabled. */
	readonly agentSwitches?: Pick<AgentSwitches, 'disabledOf' | 'preferred'>;
	/** Missing: nothing is counted, and nobody is held to a budget. */
	readonly money?: MoneyParts;
	/** Missing: no workspace has any. */
	readonly workspaceRules?: WorkspaceRules;
	readonly cache: ResultCache;
	readonly snapshots: Snapshots;
	/** 0 to 1; scatters retries. Default: `Math.random`. */
	readonly random?: () => number;
	/** The whole standard output, or answer, of an ended step or item. */
	readonly readText: (run: RunState, stepId: string, item?: number) => string;
	/** A defect that was survived: for the log. */
	readonly onDefect: (error: unknown, where: string) => void;
	readonly attemptsRunningMax?: number;
	readonly runsActiveMax?: number;
}
