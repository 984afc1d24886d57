/** A failure that `retry: { on }` may name. */
export interface RetryableFailure {
	readonly code: string;
	/** What happened, for the documentation. */
	readonly meaning: string;
	/** Whether a `retry:` without `on` is for it, only where an agent fails so, or only where repeating it is safe. */
	readonly byDefault: boolean | 'agents' | 'safe';
}

/** How attempts end badly; what another attempt cannot mend, such as `env.too-large`, is not here. */
export const retryableFailures: readonly RetryableFailure[] = [
	{code: 'script.failed', meaning: 'the script ended with another exit code than 0', byDefault: true},
	{code: 'script.unstartable', meaning: 'the script could not be started', byDefault: false},
	{code: 'attempt.timed-out', meaning: 'the attempt took longer than `timeout`', byDefault: true},
	{code: 'attempt.stalled', meaning: 'the attempt was silent for longer than `idle-timeout`', byDefault: true},
	{code: 'attempt.vanished', meaning: 'the process is gone, mostly with its machine', byDefault: false},
	{code: 'output.invalid', meaning: 'the outputs are not as declared', byDefault: 'agents'},
	{code: 'output.too-large', meaning: 'more output than the limit', byDefault: false},
	{code: 'agent.unreachable', meaning: 'the agent could not be started or reached', byDefault: true},
	{code: 'agent.rate-limited', meaning: 'the provider refused for now: too many requests', byDefault: true},
	{code: 'agent.overloaded', meaning: 'the provider has too much to do', byDefault: true},
	{code: 'agent.crashed', meaning: 'the agent ended in the middle', byDefault: true},
	{code: 'agent.circuit-open', meaning: 'it failed too often in a row and is given a rest', byDefault: true},
	{code: 'agent.disabled', meaning: 'a person disabled every agent that could do it', byDefault: false},
	{code: 'agent.incomplete', meaning: 'the agent stopped before it was done', byDefault: false},
	{code: 'agent.refused', meaning: 'the agent declined to do it', byDefault: false},
	{code: 'agent.unauthenticated', meaning: 'the agent is not logged in', byDefault: false},
	{code: 'http.failed', meaning: 'the answer of an `http:` step has another status than expected', byDefault: 'safe'},
	{code: 'http.unreachable', meaning: 'the server of an `http:` step gave no answer', byDefault: 'safe'},
	{code: 'http.answer-too-large', meaning: 'the answer of an `http:` step is larger than the limit', byDefault: false},
	{code: 'transform.failed', meaning: 'the expression of a `transform:` step cannot be evaluated', byDefault: false},
	{
		code: 'sql.failed',
		meaning: 'the database refused; a conflict with somebody else is safe to repeat',
		byDefault: 'safe',
	},
	{code: 'sql.unreachable', meaning: 'the database could not be reached', byDefault: 'safe'},
	{code: 'sql.answer-too-large', meaning: 'a query found more rows than the limit', byDefault: false},
	{code: 'tool.unreachable', meaning: 'the tool could not be started or reached, or died', byDefault: 'safe'},
	{code: 'tool.rate-limited', meaning: 'the tool refused for now: too many requests', byDefault: true},
	{code: 'tool.unauthenticated', meaning: 'the tool does not know who asks', byDefault: false},
	{code: 'tool.failed', meaning: 'the tool answered that it failed', byDefault: false},
	{code: 'tool.answer-invalid', meaning: 'the tool answered nonsense', byDefault: false},
	{code: 'tool.answer-too-large', meaning: 'the answer of the tool is larger than the limit', byDefault: false},
	{code: 'tool.circuit-open', meaning: 'the tool failed too often in a row and is given a rest', byDefault: true},
	{
		code: 'step.crashed',
		meaning: 'the process of a `tool:`, `http:`, `transform:` or `sql:` step died',
		byDefault: false,
	},
	{code: 'run.failed', meaning: 'the run of a `uses:` step failed', byDefault: false},
	{code: 'run.cancelled', meaning: 'the run of a `uses:` step was cancelled', byDefault: false},
	{code: 'webhook.undeliverable', meaning: 'a webhook that the step waited for was given up', byDefault: true},
	{code: 'webhook.outbox-full', meaning: 'too many webhooks wait to be sent', byDefault: true},
];

/** Every code, and `noun.*` for each family. */
export const retryableCodes: readonly string[] = [
	...retryableFailures.map(({code}) => code),
	...new Set(retryableFailures.map(({code}) => `${code.split('.', 1)[0]}.*`)),
];
