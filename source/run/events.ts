import {z} from 'zod';

/**
 * The event catalogue. A journal row *is* the event: the same type and body in the journal, on the wire, in `--json`,
 * in the logs and in docs/events.md (generated from here). Import types only where start-up time counts.
 */

const stepId = z.string().describe('Id of the step.');
const attempt = z.number().int().min(1).describe('Number of the attempt of that step, from 1.');
const approvalId = z.string().describe('Id of the approval.');
const hostLine = z
	.number()
	.int()
	.optional()
	.describe("Which line of the agent host's events file said so; a restarted daemon goes on after it.");
const costMicroUsd = z.number().int().nullable().describe('Micro-dollars; null where the cost is unknown.');

export const failureSchema = z
	.object({
		code: z.string().describe('Stable code, `noun.adjective`.'),
		message: z.string(),
		suggestion: z.string().optional(),
		retryable: z.boolean().optional(),
	})
	.describe('What went wrong and what to do.');

export const originSchema = z
	.object({
		by: z.string().describe('User name of whoever acted.'),
		via: z.string().describe('Where from: `cockpit`, `command`, `api`, `engine`.'),
		pid: z.number().int().optional(),
		host: z.string().optional(),
	})
	.describe('Who did it and where from.');

export const textSchema = z
	.object({
		preview: z.string().describe('The whole text, or its first part.'),
		sizeBytes: z.number().int(),
		isWhole: z.boolean().describe('False where the rest is only in the output file of the attempt.'),
	})
	.describe('What a step said: standard output, or the answer of an agent.');

export const tokensSchema = z.object({
	input: z.number().int().describe('Prompt tokens, cached ones included.'),
	cachedInput: z.number().int(),
	output: z.number().int(),
	reasoning: z.number().int(),
});

export const stepOutlineSchema = z.object({
	id: z.string(),
	title: z.string(),
	kind: z.enum(['script', 'agent', 'approval', 'wait']),
	needs: z.array(z.string()),
	continueOnError: z.boolean().optional(),
});

const agentMark = z
	.object({
		id: z.string(),
		isReplay: z.boolean().describe('True where a recording answered, not a model.'),
		model: z.string().optional(),
	})
	.describe('The agent that did it.');

const answerBody = z.object({
	approvalId,
	stepId,
	origin: originSchema,
	comment: z.string().optional(),
	optionId: z.string().optional().describe('The option chosen, for a permission.'),
});

export const eventBodies = {
	'run.created': z
		.object({
			number: z.number().int().describe('Counts the runs of this workflow in this workspace.'),
			workflow: z.object({name: z.string(), hash: z.string(), file: z.string()}),
			workspace: z.string(),
			inputs: z.record(z.string(), z.unknown()),
			agents: z.array(z.string()).optional().describe('Agents named by `--agent`, before those of the file.'),
			approveAll: z.boolean().describe('Started with `--yes`: every `approval:` step is approved.'),
			origin: originSchema,
			steps: z.array(stepOutlineSchema),
		})
		.describe('A run was accepted and is durable. It may still be queued.'),
	'run.started': z.object({}).describe('The run left the queue.'),
	'run.cancel-requested': z
		.object({origin: originSchema, reason: z.string()})
		.describe('Somebody, or the timeout of the run, asked it to stop.'),
	'run.completed': z.object({outputs: z.record(z.string(), z.unknown())}).describe('Every step ended well enough.'),
	'run.failed': z.object({failure: failureSchema}).describe('A step without `continue-on-error` failed.'),
	'run.cancelled': z.object({reason: z.string()}).describe('The run ended because it was asked to.'),
	'attempt.started': z
		.object({
			stepId,
			attempt,
			agent: z.string().optional().describe('The agent chosen, for agent steps.'),
			deadlineAtMs: z.number().int().optional().describe('Unix milliseconds at which the attempt times out.'),
		})
		.describe('Durable before anything is spawned.'),
	'attempt.interrupted': z
		.object({stepId, attempt, reason: z.enum(['never-claimed', 'vanished']).describe('Whether it had begun.')})
		.describe('The attempt is gone without an outcome; another one follows or the step fails.'),
	'agent.session-started': z
		.object({stepId, attempt, agent: agentMark, sessionId: z.string(), hostLine})
		.describe('An agent opened its own session.'),
	'agent.warned': z
		.object({stepId, attempt, message: z.string(), hostLine})
		.describe('Worth knowing, not a failure: a recording made for another prompt, for instance.'),
	'usage.recorded': z
		.object({
			stepId,
			attempt,
			agent: z.string(),
			model: z.string().optional(),
			tokens: tokensSchema.nullable(),
			costMicroUsd,
			costSource: z.enum(['agent', 'none']).describe('Who said what it costs.'),
			hostLine,
		})
		.describe('What one attempt used; the difference since the last such event of the attempt.'),
	'approval.requested': z
		.object({
			approvalId,
			stepId,
			attempt: attempt.optional(),
			kind: z.enum(['approval', 'permission']).describe('A step of the workflow, or an agent asking leave.'),
			question: z.string(),
			preview: z.string().optional().describe('The command or diff that a permission is about.'),
			options: z.array(z.object({id: z.string(), label: z.string(), isAllow: z.boolean()})).optional(),
			expiresAtMs: z.number().int().optional(),
			onExpire: z.enum(['reject', 'approve', 'fail']).optional(),
			hostLine,
		})
		.describe('Somebody has to decide.'),
	'approval.approved': answerBody.describe('Yes.'),
	'approval.rejected': answerBody.describe('No.'),
	'approval.expired': z
		.object({approvalId, stepId, action: z.enum(['reject', 'approve', 'fail'])})
		.describe('Nobody answered in time.'),
	'approval.withdrawn': z
		.object({approvalId, stepId, reason: z.string()})
		.describe('The question is moot: the step was cancelled or ended.'),
	'wait.started': z.object({stepId, wakeAtMs: z.number().int()}).describe('The step waits for a moment.'),
	'step.completed': z
		.object({
			stepId,
			attempt: attempt.optional(),
			outputs: z.record(z.string(), z.unknown()),
			text: textSchema.optional(),
			agent: agentMark.optional(),
		})
		.describe('The step, and with it its last attempt, ended well.'),
	'step.failed': z
		.object({
			stepId,
			attempt: attempt.optional(),
			failure: failureSchema,
			exitCode: z.number().int().optional(),
			outputs: z.record(z.string(), z.unknown()).optional(),
			text: textSchema.optional(),
			agent: agentMark.optional(),
		})
		.describe('The step, and with it its last attempt, failed for good.'),
	'step.skipped': z
		.object({stepId, reason: z.enum(['condition', 'need-failed', 'rejected', 'run-failed']), detail: z.string()})
		.describe('The step was not run.'),
	'step.cancelled': z
		.object({stepId, attempt: attempt.optional(), text: textSchema.optional()})
		.describe('The step was stopped, or not started, because the run was cancelled.'),
	'daemon.started': z
		.object({pid: z.number().int(), version: z.string(), bootId: z.string()})
		.describe('A daemon opened this journal.'),
	'daemon.stopped': z.object({pid: z.number().int(), reason: z.string()}).describe('It closed the journal in order.'),
	'workspace.trusted': z
		.object({workspace: z.string(), digest: z.string(), origin: originSchema})
		.describe('A person armed a workspace; the digest covers what they agreed to.'),
} as const;

export type EventType = keyof typeof eventBodies;
export type EventBody<T extends EventType> = z.infer<(typeof eventBodies)[T]>;
/** An event not yet journalled. */
export type NewEvent = {[T in EventType]: {readonly type: T; readonly body: EventBody<T>}}[EventType];

/** A journal row. `cursor` counts over the whole journal, `seq` within the run. */
export type JournalEvent = NewEvent & {
	readonly cursor: number;
	readonly runId: string | null;
	readonly seq: number;
	/** Unix milliseconds. */
	readonly atMs: number;
};

/** An event on the wire and in `--json`. */
export type WireEvent = NewEvent & {
	readonly cursor: number;
	readonly runId: string | null;
	readonly seq: number;
	/** ISO-8601 UTC. */
	readonly at: string;
};

export type Origin = z.infer<typeof originSchema>;
export type StepText = z.infer<typeof textSchema>;
export type Tokens = z.infer<typeof tokensSchema>;
export type StepOutline = z.infer<typeof stepOutlineSchema>;
export type AgentMark = z.infer<typeof agentMark>;
