import {z} from 'zod';

/**
 * The event catalogue. A journal row *is* the event: the same type and body in the journal, on the wire, in `--json`,
 * in the logs and in docs/events.md (generated from here). Import types only where start-up time counts.
 */

const stepId = z.string().describe('Id of the step.');
const item = z
	.number()
	.int()
	.min(0)
	.optional()
	.describe('Index of the item, for a step done once for each of several.');
const attempt = z.number().int().min(1).describe('Number of the attempt of that step or item, from 1.');
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
		resetAtMs: z.number().int().optional().describe('Unix milliseconds at which a limit resets, where it is known.'),
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
	cachedInput: z.number().int().describe('Of the prompt tokens, those read from a cache.'),
	cachedWrite: z.number().int().optional().describe('Of the prompt tokens, those written to a cache.'),
	output: z.number().int(),
	reasoning: z.number().int(),
});

export const stepOutlineSchema = z.object({
	id: z.string(),
	title: z.string(),
	kind: z.enum(['script', 'agent', 'approval', 'wait', 'uses', 'tool', 'http', 'transform', 'sql', 'webhook']),
	needs: z.array(z.string()),
	continueOnError: z.boolean().optional(),
	isEach: z.boolean().optional().describe('Done once for each item of a list.'),
	goto: z.string().optional().describe('The step that a rejection leads back to.'),
});

const parentSchema = z
	.object({
		runId: z.string(),
		stepId,
		item,
		attempt,
		depth: z.number().int().min(1).describe('1: right below a run of a person.'),
	})
	.describe('The step of another run that this run was started by.');

const usedWorkflowSchema = z
	.object({
		fromHash: z.string().describe('Hash of the workflow that names it.'),
		uses: z.string().describe('As written there.'),
		name: z.string(),
		hash: z.string(),
		file: z.string(),
	})
	.describe('A workflow that this one uses, pinned when the run was accepted.');

const unitSchema = z.object({stepId, item});

const undoTargetSchema = unitSchema
	.extend({
		how: z.enum(['script', 'tool', 'files', 'git']).describe('An `undo` fence, a call, or a snapshot to restore.'),
		attempt: attempt.describe('The attempt that is undone.'),
	})
	.describe('One thing that a rollback does.');

const failoverReason = z
	.enum([
		'initialisation-failed',
		'health-check-failed',
		'step-failed',
		'timed-out',
		'breaker-open',
		'rate-limited',
		'over-budget',
		'disabled',
		'unsuitable',
	])
	.describe('Why another agent takes over.');

const actionSchema = z
	.object({
		kind: z
			.enum(['read', 'write', 'run', 'network', 'tool'])
			.describe('`write`: edit, create, move or delete files; `run`: a command; `network`: fetch; `tool`: any other.'),
		paths: z.array(z.string()).readonly().optional().describe('Absolute; missing where the agent does not say.'),
		command: z.string().optional().describe('The whole command line.'),
		host: z.string().optional().describe('Of what is fetched.'),
		tool: z.string().optional().describe('As the agent calls it; its name, of a tool that the agent was given.'),
		operation: z.string().optional().describe('Of a tool that the agent was given.'),
	})
	.describe('What an agent asks leave for, as far as it says.');

const patterns = z.array(z.string()).readonly().optional();
const permissionRules = z
	.object({
		write: patterns.describe('Globs, relative to the workspace.'),
		run: patterns.describe('Command lines; `*` stands for anything that cannot begin another command.'),
		network: patterns.describe('Host names; `*` stands for any part.'),
		tools: patterns.describe('Names of tools; `*` stands for anything.'),
	})
	.describe('Patterns of what is allowed without asking; one that begins with `!` is refused without asking.');

export const budgetRefSchema = z
	.object({
		scope: z.enum(['step', 'run', 'workflow', 'agent', 'model', 'workspace', 'global']),
		name: z.string().describe('Of the step, the workflow, the agent…'),
		runId: z.string().optional().describe('The run whose budget it is, where that is a run above.'),
		period: z.enum(['hour', 'day', 'week', 'month']).optional(),
		unit: z.enum(['usd', 'tokens', 'requests', 'credits', 'minutes']),
	})
	.describe('Which limit.');

const budgetAmounts = {
	budget: budgetRefSchema,
	limit: z.number().describe('Extensions included; micro-dollars for USD, else the unit itself.'),
	spent: z.number().describe('In the same unit; what other attempts have reserved is included.'),
};

const answeredBy = z
	.string()
	.optional()
	.describe('`<tool>/<implementation>` that answered, where it is another than the one that was to be asked first.');

const agentMark = z
	.object({
		id: z.string(),
		isReplay: z.boolean().describe('True where a recording answered, not a model.'),
		model: z.string().optional(),
	})
	.describe('The agent that did it.');

const driftSchema = z
	.object({
		recordedSha256: z.string().describe('SHA-256 of the prompt that the answer was recorded for.'),
		promptSha256: z.string().describe('SHA-256 of the prompt it was given for now.'),
	})
	.describe('A recording answered a prompt that it was not made for.');

const answerBody = z.object({
	approvalId,
	stepId,
	item,
	origin: originSchema,
	comment: z.string().optional(),
	optionId: z.string().optional().describe('The option chosen, for a permission.'),
	text: z.string().optional().describe('What was made of the text that may be changed, where it was changed.'),
	allowance: permissionRules.optional().describe('What is allowed from now on, in this run.'),
	rule: z.string().optional().describe('The line of `permissions:` that answered, where no person did.'),
});

const triggerKind = z.enum(['schedule', 'webhook', 'files', 'queue', 'event', 'run']);

/** Which trigger fired, and what is known of it. */
const firingPlace = {
	firing: z.string().describe('Id of what fired it, once.'),
	workspace: z.string(),
	file: z.string().describe('Absolute path of the workflow.'),
	trigger: z.string().describe('Id of the trigger in its file.'),
	kind: triggerKind,
};

const {workspace, file, trigger} = firingPlace;
/** Which schedule. */
const schedulePlace = {workspace, file, trigger};

/** Which outgoing webhook. */
const deliveryPlace = {
	delivery: z.string().describe('Its id: the `webhook-id` that its receiver gets.'),
	run: z.string().describe('Id of the run that it is from, or that it tells of.'),
	workflow: z.string(),
	workspace: z.string(),
	step: z.string().optional().describe('Id of the `webhook:` step; missing for a notification.'),
	item,
	cause: z.string().optional().describe('The event that a notification tells of.'),
	to: z
		.string()
		.describe('Where to, without what may be secret: the origin of the address, or the name of the secret.'),
};

export const eventBodies = {
	'run.created': z
		.object({
			number: z.number().int().describe('Counts the runs of this workflow in this workspace.'),
			workflow: z.object({name: z.string(), hash: z.string(), file: z.string()}),
			workspace: z.string(),
			inputs: z.record(z.string(), z.unknown()),
			agents: z.array(z.string()).optional().describe('Agents named by `--agent`, before those of the file.'),
			approveAll: z.boolean().describe('Started with `--yes`: every `approval:` step is approved.'),
			record: z
				.boolean()
				.optional()
				.describe('Started with `--record`: what its agents change is kept for a recording.'),
			origin: originSchema,
			steps: z.array(stepOutlineSchema),
			budgetMicroUsd: z.number().int().optional().describe('What it may spend, in micro-dollars.'),
			parent: parentSchema.optional(),
			trigger: z
				.object({
					id: z.string(),
					kind: triggerKind,
					firing: z.string(),
					data: z.record(z.string(), z.unknown()).describe('What `trigger` holds.'),
				})
				.optional()
				.describe('What started it by itself.'),
			taint: z
				.string()
				.optional()
				.describe('Where its inputs come from, if not from a person: its agents only read unless a step allows more.'),
			uses: z.array(usedWorkflowSchema).optional(),
			forkedFrom: z
				.object({runId: z.string(), seq: z.number().int(), stepId: stepId.optional()})
				.optional()
				.describe('The run, and the event of it, that this one goes on from.'),
			concurrency: z
				.object({group: z.string(), overlap: z.enum(['queue', 'skip', 'cancel-previous'])})
				.optional()
				.describe('Runs of one group do not overlap.'),
		})
		.describe('A run was accepted and is durable. It may still be queued.'),
	'run.started': z.object({}).describe('The run left the queue.'),
	'run.cancel-requested': z
		.object({origin: originSchema, reason: z.string()})
		.describe('Somebody, or the timeout of the run, asked it to stop.'),
	'run.paused': z.object({origin: originSchema, reason: z.string()}).describe('Nothing new begins; what runs goes on.'),
	'run.resumed': z.object({origin: originSchema}).describe('The run goes on.'),
	'run.reopened': z
		.object({
			origin: originSchema,
			stepIds: z.array(z.string()).describe('These get a new generation; the others keep what they did.'),
			reason: z.string(),
		})
		.describe('An ended run goes on: some of its steps are done again.'),
	'run.rewound': z
		.object({
			toStepId: z.string(),
			approvalId,
			stepIds: z.array(z.string()).describe('That step and all after it: they get a new generation.'),
			feedback: z.string().describe('The comment of the rejection.'),
		})
		.describe('A rejection led back to an earlier step.'),
	'signal.received': z
		.object({name: z.string(), data: z.unknown(), origin: originSchema})
		.describe('Somebody told the run something that a step may wait for.'),
	'run.completed': z.object({outputs: z.record(z.string(), z.unknown())}).describe('Every step ended well enough.'),
	'run.failed': z.object({failure: failureSchema}).describe('A step without `continue-on-error` failed.'),
	'run.cancelled': z.object({reason: z.string()}).describe('The run ended because it was asked to.'),
	'items.expanded': z
		.object({stepId, items: z.array(z.unknown()).describe('The items, or the combinations of a matrix, in order.')})
		.describe('A step is due that is done once for each item.'),
	'attempt.started': z
		.object({
			stepId,
			item,
			attempt,
			childRunId: z.string().optional().describe('The run of the sub-workflow, for `uses:` steps.'),
			agent: z.string().optional().describe('The agent chosen, for agent steps.'),
			tool: z.string().optional().describe('`<tool>/<implementation>`, for `tool:` steps.'),
			target: z
				.string()
				.optional()
				.describe('What is asked for, for `tool:`, `http:`, `transform:` and `sql:` steps: `GET example.com/items`.'),
			model: z.string().optional().describe('The model chosen for it, where the step does not name it.'),
			access: z.enum(['ask', 'read-only']).optional().describe('Missing: `ask`.'),
			reservedMicroUsd: z
				.number()
				.int()
				.optional()
				.describe('What it is expected to cost: set aside from every budget.'),
			resumes: z.number().int().optional().describe('The attempt whose session of the agent it goes on with.'),
			deadlineAtMs: z.number().int().optional().describe('Unix milliseconds at which the attempt times out.'),
		})
		.describe('Durable before anything is spawned.'),
	'attempt.interrupted': z
		.object({stepId, item, attempt, reason: z.enum(['never-claimed', 'vanished']).describe('Whether it had begun.')})
		.describe('The attempt is gone without an outcome; another one follows, or a person is asked.'),
	'attempt.failed': z
		.object({
			stepId,
			item,
			attempt,
			failure: failureSchema,
			exitCode: z.number().int().optional(),
			text: textSchema.optional(),
			agent: agentMark.optional(),
			retryAtMs: z.number().int().describe('Unix milliseconds at which the next attempt begins.'),
			next: z
				.enum(['retry', 'failover', 'quota'])
				.optional()
				.describe('`failover`: another agent takes over; `quota`: it waits until a limit resets. Missing: `retry`.'),
		})
		.describe('The attempt failed and another one follows.'),
	'attempt.completed': z
		.object({
			stepId,
			attempt,
			iteration: z.number().int().min(1),
			outputs: z.record(z.string(), z.unknown()),
			text: textSchema.optional(),
			agent: agentMark.optional(),
			tool: answeredBy,
		})
		.describe('An iteration of a step that repeats ended well; `until` decides whether another one follows.'),
	'agent.routed': z
		.object({
			stepId,
			item,
			attempt,
			agent: z.string(),
			strategy: z.string(),
			candidates: z.array(
				z.object({
					agent: z.string(),
					score: z.number().nullable().describe('0 to 1; null: not eligible.'),
					parts: z.record(z.string(), z.number()),
					excluded: z.string().optional(),
				}),
			),
		})
		.describe('One of several agents was chosen; the scores behind it.'),
	'agent.switched': z
		.object({stepId, item, attempt, from: z.string(), to: z.string(), reason: failoverReason, detail: z.string()})
		.describe('Another agent takes over than the one that was to do it.'),
	'agent.session-started': z
		.object({
			stepId,
			item,
			attempt,
			agent: agentMark,
			sessionId: z.string(),
			canResume: z.boolean().optional().describe('Whether another process can go on with it.'),
			hostLine,
		})
		.describe('An agent opened its own session.'),
	'agent.warned': z
		.object({stepId, item, attempt, message: z.string(), drift: driftSchema.optional(), hostLine})
		.describe('Worth knowing, not a failure: a recording made for another prompt, for instance.'),
	'agent.tool-called': z
		.object({
			stepId,
			item,
			attempt,
			tool: z.string(),
			operation: z.string(),
			outcome: z.enum(['ok', 'failed', 'refused']).describe('`refused`: it was never called.'),
			code: z.string().optional().describe('Of the failure.'),
			durationMs: z.number().int().nonnegative(),
			hostLine,
		})
		.describe('An agent called a tool that it was given by `tools:`, and it ended.'),
	'usage.recorded': z
		.object({
			stepId,
			item,
			attempt,
			agent: z.string(),
			model: z.string().optional(),
			tokens: tokensSchema.nullable(),
			costMicroUsd,
			costSource: z
				.enum(['agent', 'prices', 'file', 'none'])
				.describe('Who said what it costs: the agent, the bundled prices, a price file or a profile, nobody.'),
			provider: z.string().optional().describe('Who serves the model.'),
			units: z.record(z.string(), z.number()).readonly().optional().describe('What the agent bills in besides money.'),
			hostLine,
		})
		.describe('What one attempt used; the difference since the last such event of the attempt.'),
	'approval.requested': z
		.object({
			approvalId,
			stepId,
			item,
			attempt: attempt.optional(),
			kind: z
				.enum(['approval', 'permission', 'interrupt', 'budget'])
				.describe(
					'A step of the workflow, an agent asking leave, whether an attempt that vanished is done again, or whether more may be spent.',
				),
			question: z.string(),
			preview: z.string().optional().describe('What it is about: a command, a diff, the text that may be changed.'),
			isEditable: z.boolean().optional().describe('Whether the text may be changed by whoever says yes.'),
			options: z.array(z.object({id: z.string(), label: z.string(), isAllow: z.boolean()})).optional(),
			action: actionSchema.optional(),
			budget: z
				.object({...budgetAmounts, needed: z.number(), extendBy: z.number().describe('What yes adds to the limit.')})
				.optional(),
			unknownCostOf: z
				.object({agent: z.string(), model: z.string().optional()})
				.optional()
				.describe('Whose cost cannot be told, where that is the question.'),
			expiresAtMs: z.number().int().optional(),
			onExpire: z.enum(['reject', 'approve', 'fail']).optional(),
			onReject: z
				.union([z.enum(['fail', 'skip']), z.object({goto: z.string()})])
				.optional()
				.describe('What a no does to the run: its step fails, is skipped, or it goes back to this one.'),
			hostLine,
		})
		.describe('Somebody has to decide.'),
	'approval.approved': answerBody.describe('Yes.'),
	'approval.rejected': answerBody.describe('No.'),
	'approval.expired': z
		.object({approvalId, stepId, item, action: z.enum(['reject', 'approve', 'fail'])})
		.describe('Nobody answered in time.'),
	'approval.withdrawn': z
		.object({approvalId, stepId, item, reason: z.string()})
		.describe('The question is moot: the step was cancelled or ended.'),
	'budget.alerted': z
		.object({stepId, item, ...budgetAmounts, share: z.number().describe('Of the limit, 0 to 1.')})
		.describe('A share of a budget is spent.'),
	'budget.exceeded': z
		.object({
			stepId,
			item,
			attempt: attempt.optional().describe('Missing: before it began.'),
			...budgetAmounts,
			needed: z.number().describe('What the attempt would take, or took, beyond what was left.'),
			action: z.enum(['pause', 'downgrade', 'stop']),
		})
		.describe('A budget does not suffice.'),
	'budget.extended': z
		.object({approvalId, stepId, item, budget: budgetRefSchema, by: z.number(), origin: originSchema})
		.describe('Somebody allowed to spend more.'),
	'budget.waived': z
		.object({approvalId, stepId, item, agent: z.string(), model: z.string().optional(), origin: originSchema})
		.describe('Somebody allowed, for this run, an agent whose cost is unknown.'),
	'wait.started': z
		.object({
			stepId,
			wakeAtMs: z.number().int().optional().describe('The moment; for a signal, when the step gives up.'),
			signal: z.string().optional().describe('The name of the signal that is waited for.'),
		})
		.describe('The step waits for a moment or a signal.'),
	'step.completed': z
		.object({
			stepId,
			attempt: attempt.optional(),
			outputs: z
				.record(z.string(), z.unknown())
				.describe('Empty for a step of items, whose outputs are those of its items.'),
			text: textSchema.optional(),
			agent: agentMark.optional(),
			tool: answeredBy,
			cached: z
				.object({runId: z.string(), at: z.string()})
				.optional()
				.describe('Whose result was taken instead of running.'),
		})
		.describe('The step, and with it its last attempt, ended well.'),
	'item.completed': z
		.object({
			stepId,
			item: z.number().int().min(0),
			attempt: attempt.optional(),
			outputs: z.record(z.string(), z.unknown()),
			text: textSchema.optional(),
			agent: agentMark.optional(),
			tool: answeredBy,
			cached: z.object({runId: z.string(), at: z.string()}).optional(),
		})
		.describe('One item ended well.'),
	'item.failed': z
		.object({
			stepId,
			item: z.number().int().min(0),
			attempt: attempt.optional(),
			failure: failureSchema,
			exitCode: z.number().int().optional(),
			outputs: z.record(z.string(), z.unknown()).optional(),
			text: textSchema.optional(),
			agent: agentMark.optional(),
		})
		.describe('One item failed for good; the others go on unless `fail-fast` is set.'),
	'item.cancelled': z
		.object({stepId, item: z.number().int().min(0), attempt: attempt.optional(), text: textSchema.optional()})
		.describe('One item was stopped.'),
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
		.object({
			stepId,
			reason: z.enum(['condition', 'need-failed', 'rejected', 'run-failed', 'asked']),
			detail: z.string(),
		})
		.describe('The step was not run.'),
	'step.skip-requested': z
		.object({stepId, origin: originSchema, reason: z.string()})
		.describe('Somebody asked to go on without this step; those after it count it as satisfied.'),
	'step.cancel-requested': z
		.object({stepId, origin: originSchema, reason: z.string()})
		.describe('Somebody asked to stop this step; those after it are not run.'),
	'step.adopted': z
		.object({
			stepId,
			outputs: z.record(z.string(), z.unknown()),
			items: z.array(z.unknown()).optional(),
			itemOutputs: z.array(z.record(z.string(), z.unknown()).nullable()).optional(),
			text: textSchema.optional(),
			agent: agentMark.optional(),
			status: z.enum(['completed', 'failed', 'skipped', 'cancelled']),
			failure: failureSchema.optional(),
			from: z.object({runId: z.string(), attempt: attempt.optional()}),
			costMicroUsd: costMicroUsd
				.optional()
				.describe('What it cost there: counts for budgets, not for the cost of this run.'),
			tokens: tokensSchema.optional(),
		})
		.describe('A fork took over what the step did in the run it was forked from.'),
	'snapshot.taken': z
		.object({stepId, item, attempt, how: z.enum(['files', 'git']), files: z.number().int(), bytes: z.number().int()})
		.describe('What `undo:` of the step names was saved before the attempt.'),
	'rollback.started': z
		.object({
			origin: originSchema,
			reason: z.string(),
			to: z.string().optional().describe('The savepoint, where not all is undone.'),
			targets: z.array(undoTargetSchema).describe('In the order in which they are undone.'),
		})
		.describe('What was done is undone, the last thing first.'),
	'undo.started': z
		.object({
			...undoTargetSchema.shape,
			folder: z.string().optional().describe('Where its output is, beside the attempts of the step.'),
			deadlineAtMs: z.number().int().optional(),
		})
		.describe('Durable before anything is spawned or restored.'),
	'undo.completed': z.object({...undoTargetSchema.shape}).describe('This is undone.'),
	'undo.failed': z
		.object({...undoTargetSchema.shape, failure: failureSchema, exitCode: z.number().int().optional()})
		.describe('This could not be undone; the rest goes on.'),
	'rollback.completed': z
		.object({undone: z.number().int(), left: z.array(undoTargetSchema).describe('What is not undone.')})
		.describe('Everything was tried.'),
	'step.cancelled': z
		.object({stepId, attempt: attempt.optional(), text: textSchema.optional()})
		.describe('The step was stopped, or not started, because the run was cancelled.'),
	'daemon.started': z
		.object({pid: z.number().int(), version: z.string(), bootId: z.string()})
		.describe('A daemon opened this journal.'),
	'daemon.stopped': z.object({pid: z.number().int(), reason: z.string()}).describe('It closed the journal in order.'),
	'breaker.opened': z
		.object({
			kind: z.enum(['agent', 'tool']),
			name: z.string(),
			failures: z.number().int().describe('In a row.'),
			untilMs: z.number().int().describe('Unix milliseconds at which one attempt may try again.'),
			failure: failureSchema,
		})
		.describe('It failed too often in a row: no attempt is given to it for a while.'),
	'breaker.half-opened': z
		.object({kind: z.enum(['agent', 'tool']), name: z.string()})
		.describe('One attempt tries whether it works again.'),
	'breaker.closed': z.object({kind: z.enum(['agent', 'tool']), name: z.string()}).describe('It works again.'),
	'agent.checked': z
		.object({
			agent: z.string(),
			workspace: z.string(),
			isHealthy: z.boolean(),
			version: z.string().optional(),
			detail: z.string().optional().describe('What is the matter with it.'),
		})
		.describe(
			'An agent that runs used lately stopped working, or works again. After `daemon.started` each is taken to work until this says otherwise.',
		),
	'agent.disabled': z
		.object({agent: z.string(), origin: originSchema, reason: z.string().optional()})
		.describe('A person wants it given no new attempts; those that run go on.'),
	'agent.preferred': z
		.object({agent: z.string().nullable().describe('Null: none any more.'), origin: originSchema})
		.describe('A person wants it asked first, wherever it is among those that a step may ask.'),
	'agent.enabled': z.object({agent: z.string(), origin: originSchema}).describe('It is given attempts again.'),
	'workspace.armed': z
		.object({workspace: z.string(), triggers: z.number().int(), origin: originSchema})
		.describe('The triggers of its workflows fire from now on.'),
	'workspace.disarmed': z
		.object({workspace: z.string(), reason: z.string(), origin: originSchema.optional()})
		.describe('None of its triggers fires any more.'),
	'webhooks.started': z
		.object({host: z.string(), port: z.number().int(), origin: originSchema})
		.describe('Webhooks are listened for from now on, also after a restart.'),
	'webhooks.stopped': z.object({origin: originSchema}).describe('Nothing is listened for any more.'),
	'trigger.fired': z.object({...firingPlace, runId: z.string()}).describe('A trigger started a run.'),
	'trigger.skipped': z
		.object({
			...firingPlace,
			reason: z.enum(['disarmed', 'untrusted', 'condition', 'overlap', 'missed', 'chain', 'loop']),
			detail: z.string(),
		})
		.describe('A trigger fired, and no run was to be started.'),
	'trigger.failed': z
		.object({...firingPlace, failure: failureSchema})
		.describe('A trigger fired, and its run could not be started.'),
	'workspace.distrusted': z
		.object({workspace: z.string(), origin: originSchema})
		.describe('A person took back that they trusted a workspace.'),
	'event.emitted': z
		.object({
			name: z.string(),
			id: z.string().describe('A trigger fires once for each id.'),
			workspace: z.string().describe('Where it is heard.'),
			sizeBytes: z.number().int().describe('Of its data, as JSON; the runs that it starts have it.'),
			emitter: z
				.object({runId: z.string(), stepId: z.string()})
				.optional()
				.describe('The step that emitted it; missing: nobody inside a run.'),
			taint: z.string().optional().describe('Where it comes from, if strangers may have had a hand in it.'),
			triggers: z.number().int().describe('How many armed triggers heard it.'),
			origin: originSchema,
		})
		.describe('Somebody told the workflows of a workspace that something happened.'),
	'schedule.paused': z
		.object({...schedulePlace, origin: originSchema, reason: z.string().nullable()})
		.describe('A person wants it to fire nothing, until it is resumed.'),
	'schedule.resumed': z
		.object({...schedulePlace, origin: originSchema})
		.describe('It fires again, from its next moment on.'),
	'trigger.impaired': z
		.object({
			workspace: z.string(),
			file: z.string().describe('Absolute path of the workflow.'),
			trigger: z.string().describe('Id of the trigger in its file.'),
			kind: triggerKind,
			failure: failureSchema,
		})
		.describe('A trigger may not notice all that happens.'),
	'message.buried': z
		.object({
			queue: z.string(),
			backend: z.enum(['embedded', 'redis', 'rabbitmq']),
			message: z.string().describe('Its id.'),
			attempt: z.number().int(),
			workspace: z.string(),
			file: z.string(),
			trigger: z.string().describe('Id of the trigger in its file.'),
			reason: z.string(),
		})
		.describe('A message of a queue became a dead letter.'),
	'webhook.queued': z
		.object({
			...deliveryPlace,
			event: z.string().optional().describe("What happened, in the sender's own word."),
			sizeBytes: z.number().int().describe('Of its body.'),
			expiresAtMs: z.number().int().describe('Unix milliseconds until which it is tried.'),
		})
		.describe('An outgoing webhook is in the outbox: from now on it is tried, whatever becomes of its run.'),
	'webhook.deferred': z
		.object({
			...deliveryPlace,
			tries: z.number().int().min(1),
			failure: failureSchema,
			httpStatus: z.number().int().optional(),
			nextAtMs: z.number().int().describe('Unix milliseconds of the next try.'),
		})
		.describe('An outgoing webhook was not taken; it is tried again.'),
	'webhook.delivered': z
		.object({...deliveryPlace, tries: z.number().int().min(1), httpStatus: z.number().int()})
		.describe('Its receiver took an outgoing webhook.'),
	'webhook.buried': z
		.object({
			...deliveryPlace,
			tries: z.number().int(),
			failure: failureSchema,
			httpStatus: z.number().int().optional(),
		})
		.describe('An outgoing webhook became a dead letter: it is not tried again until somebody replays it.'),
	'webhook.replayed': z
		.object({...deliveryPlace, expiresAtMs: z.number().int(), origin: originSchema})
		.describe('Somebody wants a dead letter tried again, under the same id.'),
	'webhook.purged': z
		.object({deliveries: z.array(z.string()).describe('Their ids.'), origin: originSchema})
		.describe('Somebody removed dead letters of outgoing webhooks.'),
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
export type PromptDrift = z.infer<typeof driftSchema>;
export type UsedWorkflow = z.infer<typeof usedWorkflowSchema>;
export type RunParent = z.infer<typeof parentSchema>;
export type AgentAction = Readonly<z.infer<typeof actionSchema>>;
export type PermissionRules = Readonly<z.infer<typeof permissionRules>>;
export type BudgetRef = z.infer<typeof budgetRefSchema>;
export type UndoTarget = z.infer<typeof undoTargetSchema>;
/** A step, or one item of it. */
export type UnitRef = z.infer<typeof unitSchema>;
