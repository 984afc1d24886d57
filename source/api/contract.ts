import {z} from 'zod';
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
	runs: z.object({queued: z.number(), running: z.number(), waiting: z.number()}),
	approvalsOpen: z.number(),
	attemptsRunning: z.number(),
	cursor: z.number().describe('Of the last journalled event.'),
	failure: z.object({code: z.string(), message: z.string(), suggestion: z.string().optional()}).optional(),
});

export const createRunRequest = z.object({
	file: absolutePath.describe('Absolute path of the workflow file.'),
	workspace: absolutePath.describe('Absolute path of the folder the run works in.'),
	inputs: z.record(z.string(), z.unknown()).default({}),
	agents: z.array(z.string()).optional().describe('Agents to use instead of those the file names.'),
	approveAll: z.boolean().default(false).describe('Approve every `approval:` step, never a permission.'),
	environment: z
		.record(z.string(), z.string())
		.describe('Environment of whoever starts the run; the daemon keeps only what the run may have.'),
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

export const cancelRunRequest = z.object({origin: originSchema, reason: z.string().default('asked for')});

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
	limit: z.coerce.number().int().min(1).max(200).default(50),
	before: z.string().optional().describe('`next` of the page before.'),
});

export const outputQuery = z.object({
	attempt: z.coerce.number().int().min(1).optional().describe('Default: the last one.'),
	stdout: z.coerce.number().int().min(0).default(0).describe('Byte offset to start at.'),
	stderr: z.coerce.number().int().min(0).default(0).describe('Byte offset to start at.'),
	follow: z.stringbool().default(false).describe('Keep the answer open (NDJSON) until the step ends.'),
});

export type Health = z.infer<typeof healthResponse>;
export type CreateRunRequest = z.input<typeof createRunRequest>;
export type CreateRunResponse = z.infer<typeof createRunResponse>;
export type AnswerRequest = z.input<typeof answerRequest>;
