import {z} from 'zod';
import {limits} from '../limits.ts';
import {originSchema} from '../run/events.ts';
import {priorities, queueBackends} from '../workflow/queues.ts';

/**
 * The one API: what the cockpit, the commands, `curl --unix-socket` and a web page send and get. The server validates
 * with these schemas and generates OpenAPI from them; clients import the types only, so that none of zod is loaded.
 */

/** No file system takes a NUL, and what is relative means something else to the daemon. */
const absolutePath = z.string().regex(/^\/[^\0]*$/, 'must be an absolute path');

export const failureResponse = z
	.object({
		error: z.object({
			code: z.string(),
			message: z.string(),
			suggestion: z.string().optional(),
			retryable: z.boolean().optional(),
			diagnostics: z.array(z.unknown()).optional(),
		}),
	})
	.describe('What happened and what to do.');

export const healthResponse = z.object({
	status: z.enum(['ok', 'failing']),
	pid: z.number().int(),
	version: z.string(),
	socket: z.string(),
	stateFolder: z.string(),
	startedAt: z.string(),
	uptimeMs: z.number(),
	runs: z.object({queued: z.number(), running: z.number(), waiting: z.number(), paused: z.number()}),
	approvalsOpen: z.number(),
	attemptsRunning: z.number(),
	isDraining: z.boolean().describe('Whether nothing new begins.'),
	cursor: z.number().describe('Of the last journalled event.'),
	failure: z.object({code: z.string(), message: z.string(), suggestion: z.string().optional()}).optional(),
});

export const statusResponse = z.object({
	runsQueued: z.number().int(),
	runsRunning: z.number().int(),
	runsWaiting: z.number().int(),
	runsPaused: z.number().int(),
	runsFailed: z.number().int().describe('Of the last 24 hours; runs of sub-workflows not counted.'),
	approvalsOpen: z.number().int(),
	spentUsd: z.number().nullable().describe("Since midnight of the daemon's zone; null: some of it is unknown."),
	spentKnownUsd: z.number().describe('What is known of it.'),
});

const environment = z
	.record(z.string(), z.string())
	.describe('Environment of whoever starts the run; the daemon keeps only what the run may have.');
const reason = z.string().max(limits.commentBytesMax).default('asked for');

export const createRunRequest = z.object({
	file: absolutePath.describe('Absolute path of the workflow file.'),
	workspace: absolutePath.describe('Absolute path of the folder the run works in.'),
	inputs: z.record(z.string(), z.unknown()).default({}),
	agents: z.array(z.string()).optional().describe('Agents to use instead of those the file names.'),
	approveAll: z.boolean().default(false).describe('Approve every `approval:` step, never a permission.'),
	taint: z
		.string()
		.max(200)
		.optional()
		.describe('Where the inputs come from, if not from a person: agents only read unless a step allows more.'),
	record: z.boolean().default(false).describe('Keep what its agents change, for a recording.'),
	environment,
	origin: originSchema,
});

export const createRunResponse = z.object({
	runId: z.string(),
	number: z.number(),
	workflow: z.string(),
	cursor: z.number().describe('Of `run.created`; events after it are the rest of the run.'),
	plan: z.array(z.string()).describe('The plan, a line a step; what a bundle sets is the first line.'),
	warnings: z.array(z.unknown()).describe('Diagnostics of severity warning.'),
});

/** For what takes nothing but who asks: resuming. */
export const originRequest = z.object({origin: originSchema});

/** For what takes a word on why as well: pausing, cancelling, skipping. */
export const reasonRequest = z.object({origin: originSchema, reason});

export const retryRunRequest = z.object({
	from: z.string().optional().describe('This step and everything after it. Default: what did not succeed.'),
	environment,
	origin: originSchema,
});

export const signalRequest = z.object({
	name: z.string().min(1).max(200),
	data: z.unknown().default(null).describe('Handed to the step that waits for it.'),
	origin: originSchema,
});

export const forkRunRequest = z.object({
	from: z.string().optional().describe('This step and everything after it are done anew.'),
	at: z.number().int().min(1).optional().describe('`seq` of the event to go on from. Default: the last one.'),
	inputs: z
		.record(z.string(), z.unknown())
		.optional()
		.describe('Inputs that are not those of the run; the others are taken over.'),
	environment,
	origin: originSchema,
});

export const rollbackRequest = z.object({
	to: z.string().optional().describe('A savepoint: only what came after it. Default: everything.'),
	origin: originSchema,
});

export const rollbackQuery = z.object({to: z.string().optional().describe('A savepoint.')});

export const daemonLogsQuery = z.object({
	tail: z.coerce
		.number()
		.int()
		.min(0)
		.max(limits.logTailBytesMax)
		.default(limits.logTailBytes)
		.describe('Bytes of the end of the log to begin with, cut at the beginning of a line.'),
	offset: z.coerce.number().int().min(0).optional().describe('Byte offset to go on from, instead of `tail`.'),
	follow: z.stringbool().default(false).describe('Keep the answer open (NDJSON) and tell what is appended.'),
});

export const drainRequest = z.object({isOn: z.boolean().describe('Whether nothing new is to begin.')});

export const backupRequest = z.object({
	file: absolutePath.describe('Absolute path of the copy.'),
	force: z.boolean().default(false).describe('Overwrite a file that is there.'),
});

const moment = z.iso.datetime({offset: true});

export const pruneRequest = z.object({
	endedBefore: moment.describe('Only runs that ended before this moment.'),
	keepFailed: z.boolean().default(false),
	dryRun: z.boolean().default(false).describe('Only count them.'),
});

export const compactRequest = z.object({endedBefore: moment});

export const costsQuery = z.object({
	runId: z.string().optional(),
	workflow: z.string().optional(),
	agent: z.string().optional(),
	workspace: z.string().optional(),
	since: moment.optional(),
	until: moment.optional(),
	limit: z.coerce.number().int().min(1).max(limits.pageEventsMax).default(100),
});

export const costSummaryQuery = costsQuery.omit({limit: true}).extend({
	by: z.enum(['workflow', 'agent', 'model', 'step', 'day', 'hour', 'minute']).default('workflow'),
});

export const costEstimateRequest = z.object({
	file: absolutePath.describe('Absolute path of the workflow file.'),
	workspace: absolutePath,
	agents: z.array(z.string()).optional().describe('Agents to use instead of those the file names.'),
});

export const statisticsQuery = z.object({
	workflow: z.string().optional(),
	workspace: z.string().optional(),
	since: moment.optional().describe('Only runs created then or later.'),
	until: moment.optional().describe('Only runs created before.'),
});

export const answerRequest = z.object({
	origin: originSchema,
	comment: z.string().optional(),
	optionId: z.string().optional().describe('For a permission: which of its options. Default: the first fitting one.'),
	text: z.string().optional().describe('What was made of the text, where it may be changed.'),
	forRun: z.boolean().default(false).describe('Allow the same for the rest of the run; for a permission.'),
	extendBy: z
		.number()
		.positive()
		.optional()
		.describe('What a budget is extended by: USD, or the unit of the budget. Default: what was asked for.'),
});

export const workspaceQuery = z.object({workspace: absolutePath.describe('Absolute path.')});

export const workflowFileQuery = z.object({file: absolutePath.describe('Absolute path of the workflow file.')});

const ownEnvironment = z
	.record(z.string(), z.string())
	.optional()
	.describe('Environment of whoever asks. Default: that of the daemon.');
const depth = z.enum(['quick', 'deep']).describe('`quick`: found, and tells its version. `deep`: opens its protocol.');

export const agentsQuery = workspaceQuery.extend({depth: depth.default('quick')});

export const checkAgentsRequest = z.object({
	workspace: absolutePath,
	agents: z.array(z.string()).optional().describe('Only these. Default: all.'),
	depth: depth.default('deep'),
	environment: ownEnvironment,
});

const toolName = z.string().min(1).max(200).describe('Name of a tool.');
const bundle = absolutePath.optional().describe('Folder of a workflow whose own tools are meant too.');

export const toolsQuery = workspaceQuery.extend({bundle});

export const listToolsRequest = z.object({
	workspace: absolutePath,
	bundle,
	check: z.boolean().default(false).describe('Open each of them, to see whether it works and what it can do.'),
	environment: ownEnvironment,
});

export const toolInfoRequest = z.object({
	workspace: absolutePath,
	bundle,
	tool: toolName,
	ask: z.boolean().default(true).describe('Open it, and have it say so; else what is known of it already is told.'),
	environment: ownEnvironment,
});

export const callToolRequest = z.object({
	workspace: absolutePath,
	bundle,
	tool: toolName,
	operation: z.string().max(200).default('').describe('Default: the only one it has.'),
	arguments: z.record(z.string(), z.unknown()).default({}),
	texts: z
		.array(z.string())
		.default([])
		.describe('Names of arguments that are text, to be read as the operation takes them.'),
	timeoutMs: z
		.number()
		.int()
		.positive()
		.max(24 * 3_600_000)
		.optional(),
	environment: ownEnvironment,
});

const agentName = z.string().min(1).max(200).describe('Name of an agent.');

export const agentParams = z.object({id: agentName});

export const disableAgentRequest = z.object({
	workspace: absolutePath.describe('Where that name is known.'),
	origin: originSchema,
	reason: z.string().max(limits.commentBytesMax).optional().describe('Kept with it, for whoever wonders.'),
});

export const enableAgentRequest = disableAgentRequest.omit({reason: true});

export const preferAgentRequest = enableAgentRequest.extend({
	isOn: z.boolean().default(true).describe('False: it is preferred no more.'),
});

const names = z.array(z.string()).default([]);

export const serveToolsRequest = z.object({
	workspace: absolutePath,
	bundle: absolutePath.optional().describe('Folder of a bundle, whose tools come first.'),
	tools: z.array(z.string()).optional().describe('Tools, or `<tool>.<operation>`. Default: all that may be used.'),
	environment: z.record(z.string(), z.string()).describe('What the tools need is taken from it.'),
});

export const routeRequest = z.object({
	workspace: absolutePath,
	agents: names.describe(
		'In order of preference. Default: all that the workspace describes, and built-in ones that are there.',
	),
	routing: z
		.object({
			strategy: z.string().optional().describe("Default: the workspace's, else `priority`."),
			require: names.describe('Capabilities or tags it must have.'),
			prefer: names,
			exclude: names,
			maxCostUsd: z.number().positive().optional(),
			maxLatencyMs: z.number().positive().optional(),
		})
		.optional()
		.describe('How one is chosen. Default: as the workspace says, else the first that can.'),
	model: z.string().optional(),
	promptCharacters: z.number().int().min(0).default(4000).describe('Of the prompt, for estimates.'),
	readOnly: z.boolean().default(false).describe('Only an agent that can be held to reading.'),
	environment: ownEnvironment,
});

const coming = (count: number) =>
	z.coerce
		.number()
		.int()
		.min(0)
		.max(limits.scheduleComingMax)
		.default(count)
		.describe('How many of the coming moments of each.');

export const schedulesQuery = workspaceQuery.extend({coming: coming(1)});

export const scheduleQuery = workspaceQuery.extend({coming: coming(5)});

export const scheduleParams = z.object({
	name: z.string().min(1).max(400).describe('Name of its workflow, and where that has several: `nightly/schedule-2`.'),
});

export const scheduleRequest = z.object({workspace: absolutePath, origin: originSchema});

export const pauseScheduleRequest = scheduleRequest.extend({
	reason: z.string().max(limits.commentBytesMax).optional().describe('Kept with it, for whoever wonders.'),
});

export const workspacePathQuery = z.object({path: absolutePath.describe('Absolute path of the workspace.')});

export const trustRequest = z.object({
	workspace: absolutePath,
	environment: z
		.record(z.string(), z.string())
		.optional()
		.describe(
			'Environment of whoever trusts it; runs of its triggers get what they may have of it. Missing: nothing is armed.',
		),
	origin: originSchema,
});

export const revokeRequest = z.object({workspace: absolutePath, origin: originSchema});

export const emitRequest = z.object({
	name: z.string(),
	workspace: absolutePath.describe('Its workflows hear it, and no others.'),
	data: z.unknown().default(null).describe('What `trigger.data` holds in the runs that it starts.'),
	id: z
		.string()
		.min(1)
		.max(limits.dedupeIdLengthMax)
		.optional()
		.describe('What comes again under the same id starts nothing again.'),
	taint: z
		.string()
		.max(200)
		.optional()
		.describe('Where the data come from, if not from you: agents then only read, unless a step allows more.'),
	origin: originSchema,
});

export const triggersQuery = z.object({workspace: absolutePath.optional()});
export const startWebhooksRequest = z.object({
	host: z
		.string()
		.max(64)
		.optional()
		.describe('IP address to listen on. Default: as before, else 127.0.0.1, so that only this machine reaches it.'),
	port: z.number().int().min(0).max(65_535).optional().describe('Default: as before, else 4780. 0: any free one.'),
	origin: originSchema,
});

export const testWebhookRequest = z.object({
	webhook: z.string().min(1).max(1024).describe('Its path, or the name or file of its workflow.'),
	method: z.enum(['POST', 'PUT', 'PATCH', 'GET']).optional().describe('Default: the first that it takes.'),
	body: z.string().optional().describe('Default: a small JSON object.'),
	contentType: z.string().max(200).optional().describe('Default: JSON.'),
	event: z.string().max(200).optional().describe("What happened, in the sender's own word: `push`."),
});

export const runsQuery = z.object({
	status: z.string().optional().describe('Comma-separated run statuses.'),
	workflow: z.string().optional(),
	workspace: z.string().optional(),
	since: moment.optional().describe('Only runs created then or later.'),
	until: moment.optional().describe('Only runs created before.'),
	all: z.stringbool().default(false).describe('Runs of sub-workflows as well.'),
	limit: z.coerce.number().int().min(1).max(200).default(50),
	before: z.string().optional().describe('`next` of the page before.'),
});

export const outputQuery = z.object({
	attempt: z.coerce.number().int().min(1).optional().describe('Default: the last one.'),
	undo: z.stringbool().default(false).describe('What undoing it printed, instead.'),
	stdout: z.coerce.number().int().min(0).default(0).describe('Byte offset to start at.'),
	stderr: z.coerce.number().int().min(0).default(0).describe('Byte offset to start at.'),
	follow: z.stringbool().default(false).describe('Keep the answer open (NDJSON) until the step ends.'),
});

export const queueParams = z.object({name: z.string()});
export const queuesQuery = z.object({queue: z.string().optional().describe('Only queues of this name.')});

const queuePlace = {
	backend: z.enum(queueBackends).optional().describe('Default: that of the armed triggers, else `embedded`.'),
	url: z.string().max(2048).optional().describe('Of a server; default: that of the armed triggers, else this machine.'),
};

export const publishRequest = z.object({
	...queuePlace,
	body: z.unknown().describe('JSON.'),
	id: z.string().optional().describe('Messages of one id are one message. Default: an id of its own.'),
	priority: z.enum(priorities).default('normal'),
	ttlMs: z.number().int().min(1).optional().describe('A run that has not begun by then is not wanted any more.'),
});
export const deadLettersRequest = z.object(queuePlace);
export const replayRequest = z.object({
	...queuePlace,
	ids: z.array(z.string()).min(1).max(limits.queueDeadShownMax).optional().describe('Default: all.'),
});
export const purgeRequest = z.object({...queuePlace, what: z.enum(['waiting', 'dead'])});
export const queueWorkerRequest = z.object({
	isOn: z.boolean().describe('Whether armed triggers consume queues of this name here.'),
	origin: originSchema,
});

const deliveryId = z.string().min(1).max(64).describe('Id of an outgoing webhook, or the first characters of it.');
export const deliveryParams = z.object({id: deliveryId});
export const deliveriesQuery = z.object({
	status: z.enum(['queued', 'delivered', 'dead']).optional(),
	workflow: z.string().optional(),
	run: z.string().optional().describe('Id of a run.'),
});
/** What dead letters: of `ids` and `workflow` both must fit, where they are given; all of them, where neither is. */
export const deadDeliveriesRequest = z.object({
	ids: z.array(deliveryId).min(1).max(limits.deliveriesShownMax).optional(),
	workflow: z.string().optional(),
	origin: originSchema,
});

export type Health = z.infer<typeof healthResponse>;
export type StatusCounts = z.infer<typeof statusResponse>;
export type CreateRunRequest = z.input<typeof createRunRequest>;
export type CreateRunResponse = z.infer<typeof createRunResponse>;
export type RetryRunRequest = z.input<typeof retryRunRequest>;
export type SignalRequest = z.input<typeof signalRequest>;
export type ForkRunRequest = z.input<typeof forkRunRequest>;
export type PruneRequest = z.input<typeof pruneRequest>;
export type CompactRequest = z.input<typeof compactRequest>;
export type CostsQuery = Omit<z.input<typeof costsQuery>, 'limit'> & {readonly limit?: number};
export type CostSummaryQuery = z.input<typeof costSummaryQuery>;
export type CostEstimateRequest = z.input<typeof costEstimateRequest>;
export type StatisticsQuery = z.input<typeof statisticsQuery>;
export type DaemonLogsQuery = Partial<z.output<typeof daemonLogsQuery>>;
export type CheckAgentsRequest = z.input<typeof checkAgentsRequest>;
export type ListToolsRequest = z.input<typeof listToolsRequest>;
export type ToolInfoRequest = z.input<typeof toolInfoRequest>;
export type CallToolRequest = z.input<typeof callToolRequest>;
export type DisableAgentRequest = z.input<typeof disableAgentRequest>;
export type EnableAgentRequest = z.input<typeof enableAgentRequest>;
export type PreferAgentRequest = z.input<typeof preferAgentRequest>;
export type EmitRequest = z.input<typeof emitRequest>;
export type ScheduleRequest = z.input<typeof scheduleRequest>;
export type PauseScheduleRequest = z.input<typeof pauseScheduleRequest>;
export type TrustRequest = z.input<typeof trustRequest>;
export type StartWebhooksRequest = z.input<typeof startWebhooksRequest>;
export type TestWebhookRequest = z.input<typeof testWebhookRequest>;
export type RouteRequest = z.input<typeof routeRequest>;
export type ServeToolsRequest = z.input<typeof serveToolsRequest>;
export type AnswerRequest = z.input<typeof answerRequest>;
export type PublishRequest = z.input<typeof publishRequest>;
export type DeadLettersRequest = z.input<typeof deadLettersRequest>;
export type ReplayRequest = z.input<typeof replayRequest>;
export type PurgeRequest = z.input<typeof purgeRequest>;
export type DeliveriesQuery = z.input<typeof deliveriesQuery>;
export type DeadDeliveriesRequest = z.input<typeof deadDeliveriesRequest>;
export type QueueWorkerRequest = z.input<typeof queueWorkerRequest>;
