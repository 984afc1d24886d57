import {z} from 'zod';
import {limits} from '../limits.ts';
import {originSchema} from '../run/events.ts';

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
	environment,
	origin: originSchema,
});

export const createRunResponse = z.object({
	runId: z.string(),
	number: z.number(),
	workflow: z.string(),
	cursor: z.number().describe('Of `run.created`; events after it are the rest of the run.'),
	plan: z.array(z.string()).describe('The plan, a line a step.'),
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
});

export const workspaceQuery = z.object({workspace: absolutePath.describe('Absolute path.')});

export const workspacePathQuery = z.object({path: absolutePath.describe('Absolute path of the workspace.')});

export const trustRequest = z.object({workspace: absolutePath, origin: originSchema});

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

export type Health = z.infer<typeof healthResponse>;
export type CreateRunRequest = z.input<typeof createRunRequest>;
export type CreateRunResponse = z.infer<typeof createRunResponse>;
export type RetryRunRequest = z.input<typeof retryRunRequest>;
export type SignalRequest = z.input<typeof signalRequest>;
export type ForkRunRequest = z.input<typeof forkRunRequest>;
export type PruneRequest = z.input<typeof pruneRequest>;
export type CompactRequest = z.input<typeof compactRequest>;
export type StatisticsQuery = z.input<typeof statisticsQuery>;
export type AnswerRequest = z.input<typeof answerRequest>;
