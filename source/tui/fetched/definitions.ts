import type {
	AgentTroubleView,
	AgentView,
	CostEstimate,
	CostForecast,
	CostLimitView,
	CostSummary,
	DeliveryView,
	QueueView,
	StepRequest,
	ToolDetails,
	ToolView,
	WorkflowFileView,
	WorkflowView,
} from '../../api/messages.ts';
import type {JournalEvent} from '../../run/events.ts';
import type {TemplateShelf, TemplateView} from '../../templates/shelf.ts';
import type {CockpitDaemon} from '../daemon.ts';
import {cockpitLimits} from '../limits.ts';
import {forecastRunsOf, rangeSinceMsOf} from '../pages/money/select.ts';
import {selectedToolOf} from '../pages/tools/select.ts';
import {fetchTriggers, isAboutTriggers, type KnownTriggers} from '../pages/triggers/fetch.ts';
import {agentsOf} from '../pages/workflows/form/fields.ts';
import {shownFileOf} from '../pages/workflows/select.ts';
import {isAboutTemplates} from '../pages/workflows/templates/select.ts';
import {requestKeyOf} from '../run-view/select.ts';
import type {CockpitState} from '../state.ts';
import {hourMsOf, midnightMsOf} from '../times.ts';
import type {Resource} from './resource.ts';

/** Everything that can be fetched, by name. */
export interface ResourceValues {
	/** The agents of the workspace, and whether they work. */
	readonly agents: readonly AgentView[];
	/** What speaks against agents, without a look at them. */
	readonly troubles: readonly AgentTroubleView[];
	/** What agents cost since midnight, by hour. */
	readonly today: CostSummary;
	/** The same by agent. */
	readonly todayByAgent: CostSummary;
	/** What agents cost in the last minutes, by minute. */
	readonly recent: CostSummary;
	/** Limits of more than one run. */
	readonly limits: readonly CostLimitView[];
	/** What open runs will have cost in the end, by run; without those that cannot be told. */
	readonly forecasts: Readonly<Record<string, CostForecast>>;
	/** What was spent in the range of the money screen, as it groups it. */
	readonly breakdown: CostSummary;
	/** The same by hour or by day. */
	readonly trend: CostSummary;
	/** The workflows of the workspace that have a name. */
	readonly workflows: readonly WorkflowView[];
	/** What workflows can be made of. */
	readonly templates: readonly TemplateView[];
	/** The file of the one that is shown. */
	readonly workflow: WorkflowFileView;
	/** What a run of it will cost, with the agents of the form. */
	readonly estimate: CostEstimate;
	/** What starts runs by itself in the workspace, and what keeps it from that. */
	readonly triggers: KnownTriggers;
	/** Those that its triggers consume. */
	readonly queues: readonly QueueView[];
	/** Webhooks to others that were given up, in all workspaces. */
	readonly deadWebhooks: readonly DeliveryView[];
	/** Those that are still tried. */
	readonly queuedWebhooks: readonly DeliveryView[];
	/** The tools of the workspace, as they are known: none is opened for it. */
	readonly tools: readonly ToolView[];
	/** What is known of the one under the cursor. */
	readonly tool: ToolDetails;
	/** Whether the workspace is trusted, and what that covers. */
	readonly workspace: TrustView;
	/** What the selected step was asked to do. */
	readonly request: StepRequest;
}

export interface TrustView {
	readonly isTrusted: boolean;
	/** Paths relative to the workspace. */
	readonly files: readonly string[];
	/** What keeps its triggers from noticing all that happens. */
	readonly triggerProblems: readonly {
		readonly workflow: string;
		readonly failure: {readonly message: string; readonly suggestion?: string};
	}[];
}

export type ResourceName = keyof ResourceValues;
export type Fetched = {readonly [Name in ResourceName]?: Resource<ResourceValues[Name]>};

export interface ResourceDefinition<Value> {
	/** @returns What to ask for now; `undefined` while nobody looks at it. */
	readonly keyOf: (state: CockpitState) => string | undefined;
	/** @param shelf Of templates; missing: there are none. */
	readonly fetch: (
		daemon: CockpitDaemon,
		key: string,
		state: CockpitState,
		shelf: TemplateShelf | undefined,
	) => Promise<Value>;
	/** Whether this event may have changed it. Default: none does. */
	readonly isStaledBy?: (event: JournalEvent) => boolean;
}

const isAboutSwitches = ({type}: JournalEvent): boolean => type.startsWith('breaker.') || switchEvents.has(type);
const switchEvents: ReadonlySet<string> = new Set([
	'agent.checked',
	'agent.disabled',
	'agent.enabled',
	'agent.preferred',
]);

const buryingEvents: ReadonlySet<string> = new Set(['webhook.buried', 'webhook.replayed', 'webhook.purged']);

/** An attempt may have asked a tool. */
const isAboutTools = ({type}: JournalEvent): boolean => /^(?:breaker|workspace)\./.test(type) || attemptEnds.has(type);
const attemptEnds: ReadonlySet<string> = new Set([
	...['attempt.failed', 'attempt.completed', 'step.completed', 'step.failed', 'item.completed', 'item.failed'],
]);

/** Files changed, and the first that is told of it is a step that needs them. */
const isForWantOfTrust = (event: JournalEvent): boolean =>
	(event.type === 'step.failed' || event.type === 'item.failed' || event.type === 'attempt.failed') &&
	event.body.failure.code === 'workspace.untrusted';

const isoOf = (ms: number): string => new Date(ms).toISOString();

const isAboutMoney = ({type}: JournalEvent): boolean => type === 'usage.recorded' || type.startsWith('budget.');

export const resourceDefinitions: {readonly [Name in ResourceName]: ResourceDefinition<ResourceValues[Name]>} = {
	agents: {
		keyOf: ({screen, workspace}) => (screen === 'agents' ? workspace : undefined),
		fetch: async (daemon, workspace) => (await daemon.checkAgents({workspace, depth: 'quick'})).agents,
		isStaledBy: isAboutSwitches,
	},
	today: {
		keyOf: ({nowMs}) => String(midnightMsOf(nowMs)),
		fetch: (daemon, midnight) => daemon.costSummary({by: 'hour', since: isoOf(Number(midnight))}),
		isStaledBy: isAboutMoney,
	},
	todayByAgent: {
		keyOf: ({screen, nowMs}) => (screen === 'agents' ? String(midnightMsOf(nowMs)) : undefined),
		fetch: (daemon, midnight) => daemon.costSummary({by: 'agent', since: isoOf(Number(midnight))}),
		isStaledBy: isAboutMoney,
	},
	recent: {
		keyOf: () => 'recent',
		fetch: (daemon, _, {nowMs}) => daemon.costSummary({by: 'minute', since: isoOf(nowMs - cockpitLimits.burnWindowMs)}),
		isStaledBy: isAboutMoney,
	},
	limits: {
		// A period may have ended with the hour.
		keyOf: ({workspace, nowMs}) => `${hourMsOf(nowMs)} ${workspace}`,
		fetch: async (daemon, _, {workspace}) => (await daemon.costLimits(workspace)).limits,
		isStaledBy: isAboutMoney,
	},
	troubles: {
		keyOf: () => 'troubles',
		fetch: async daemon => (await daemon.agentTroubles()).agents,
		isStaledBy: isAboutSwitches,
	},
	forecasts: {
		keyOf: state => (state.screen === 'money' ? forecastRunsOf(state).join(' ') : undefined),
		fetch: (daemon, ids) => forecastsOf(daemon, ids.split(' ').filter(Boolean)),
		isStaledBy: event => isAboutMoney(event) || event.type === 'step.completed' || event.type === 'items.expanded',
	},
	breakdown: {
		keyOf: state => (state.screen === 'money' ? `${state.pages.money.by} ${rangeSinceMsOf(state)}` : undefined),
		fetch: (daemon, _, state) => daemon.costSummary({by: state.pages.money.by, since: isoOf(rangeSinceMsOf(state))}),
		isStaledBy: isAboutMoney,
	},
	trend: {
		keyOf: state => (state.screen === 'money' ? `${state.pages.money.range} ${rangeSinceMsOf(state)}` : undefined),
		fetch: (daemon, _, state) =>
			daemon.costSummary({
				by: state.pages.money.range === 'today' ? 'hour' : 'day',
				since: isoOf(rangeSinceMsOf(state)),
			}),
		isStaledBy: isAboutMoney,
	},
	workflows: {
		// Trust is asked about with what starts itself.
		keyOf: ({screen, workspace, dialog}) =>
			screen === 'workflows' || screen === 'triggers' || dialog?.kind === 'trust' ? workspace : undefined,
		fetch: async (daemon, workspace) => (await daemon.workflows(workspace)).workflows,
	},
	templates: {
		keyOf: state => (isAboutTemplates(state) ? state.workspace : undefined),
		fetch: async (_, workspace, __, shelf) => (await shelf?.list(workspace)) ?? [],
	},
	workflow: {
		keyOf: state => (state.screen === 'workflows' || state.screen === 'triggers' ? shownFileOf(state) : undefined),
		fetch: (daemon, file) => daemon.workflowFile(file),
	},
	estimate: {
		keyOf: ({dialog}) =>
			dialog?.kind === 'form' && dialog.template === undefined
				? `${dialog.file}\n${dialog.estimatedAgents}`
				: undefined,
		fetch(daemon, key, {workspace}) {
			const [file, agents] = key.split('\n') as [string, string];
			return daemon.costEstimate({file, workspace, agents: agentsOf(agents)});
		},
	},
	triggers: {
		keyOf: ({screen, workspace}) => (screen === 'triggers' ? workspace : undefined),
		fetch: fetchTriggers,
		isStaledBy: isAboutTriggers,
	},
	queues: {
		// The servers of queues may be slow to answer: they keep nothing else waiting.
		keyOf: ({screen, workspace, fetched}) =>
			screen === 'triggers' && fetched.triggers?.value?.triggers.some(({kind}) => kind === 'queue')
				? workspace
				: undefined,
		fetch: async (daemon, workspace) =>
			(await daemon.queues()).queues.filter(({consumers}) => consumers.some(each => each.workspace === workspace)),
		isStaledBy: isAboutTriggers,
	},
	deadWebhooks: {
		// Also at home: the inbox counts them.
		keyOf: () => 'dead',
		fetch: async daemon => (await daemon.deliveries({status: 'dead'})).deliveries,
		isStaledBy: ({type}) => buryingEvents.has(type),
	},
	queuedWebhooks: {
		keyOf: ({screen}) => (screen === 'outbox' ? 'queued' : undefined),
		fetch: async daemon => (await daemon.deliveries({status: 'queued'})).deliveries,
		isStaledBy: ({type}) => type.startsWith('webhook.'),
	},
	tools: {
		keyOf: ({screen, workspace}) => (screen === 'tools' ? workspace : undefined),
		fetch: async (daemon, workspace) => (await daemon.tools({workspace})).tools,
		isStaledBy: isAboutTools,
	},
	tool: {
		keyOf: state => (state.screen === 'tools' ? selectedToolOf(state)?.name : undefined),
		fetch: (daemon, tool, {workspace}) => daemon.toolInfo({workspace, tool, ask: false}),
		isStaledBy: isAboutTools,
	},
	workspace: {
		// Also at home: the inbox says when it waits for trust.
		keyOf: ({workspace}) => workspace,
		fetch: (daemon, workspace) => daemon.workspace(workspace),
		isStaledBy: event =>
			event.type.startsWith('workspace.') || event.type === 'trigger.impaired' || isForWantOfTrust(event),
	},
	request: {
		keyOf: requestKeyOf,
		fetch: (daemon, key) => {
			const [runId, stepId, attempt] = key.split(' ');
			return daemon.stepRequest(runId!, stepId!, {attempt: attempt ? Number(attempt) : undefined});
		},
	},
};

/** A run that is gone, or whose file is not what it was, has none. */
const forecastsOf = async (daemon: CockpitDaemon, ids: readonly string[]): Promise<Record<string, CostForecast>> => {
	const found = await Promise.all(
		ids.map(id =>
			daemon.forecast(id).then(
				forecast => [[id, forecast] as const],
				() => [],
			),
		),
	);
	return Object.fromEntries(found.flat());
};

export const resourceNames = Object.keys(resourceDefinitions) as ResourceName[];
