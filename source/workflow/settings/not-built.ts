/**
 * What LANGUAGE.md has and this version does not. A file that asks for one of these gets the error `feature.not-built`;
 * building the feature means removing its line here.
 */
export const notBuilt = {
	frontmatter: ['vars', 'budget', 'permissions', 'concurrency'],
	triggers: ['schedule', 'webhook', 'files', 'queue', 'event', 'run'],
	triggerOptions: ['if', 'with'],
	step: [
		'idle-timeout',
		'retry',
		'foreach',
		'strategy',
		'max-parallel',
		'fail-fast',
		'repeat',
		'uses',
		'with',
		'tool',
		'http',
		'transform',
		'sql',
		'prompt-file',
		'budget',
		'on-interrupt',
		'on-failover',
		'cache',
		'savepoint',
		'undo',
		'permissions',
	],
	approval: ['approvers', 'min', 'editable'],
	wait: ['signal'],
	fences: ['undo'],
	contexts: ['vars', 'item', 'index', 'matrix'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export const notBuiltMessage = (what: string): string => `\`${what}\` is not built yet in this version of aiworkflow.`;

/** What to do until then, where there is a way. */
export const insteadOf = (what: string): string => instead[what] ?? 'Remove it for now.';

const instead: Readonly<Record<string, string>> = {
	vars: 'Use `env:` or `inputs:` for now.',
	schedule: 'Start the run from cron with `aiworkflow run --detach` for now.',
	foreach: 'Loop inside a `run` script for now.',
	strategy: 'Write one step for each case for now.',
	item: '`item` belongs to `foreach:`, which is not built yet: write one step for each item for now.',
	retry: 'Loop inside a `run` script for now.',
	repeat: 'Loop inside a `run` script for now.',
	http: 'Call `curl` in a `run` script for now.',
	tool: 'Call the tool in a `run` script for now.',
	uses: 'Put the steps into this file for now.',
	undo: 'Write a last step with `if: failure()` that cleans up for now.',
	'prompt-file': 'Write the prompt into the step for now.',
	'idle-timeout': 'Use `timeout:` for now.',
};
