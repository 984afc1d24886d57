/**
 * What LANGUAGE.md has and this version does not. A file that asks for one of these gets the error `feature.not-built`;
 * building the feature means removing its line here.
 */
export const notBuilt = {
	frontmatter: ['vars'],
	triggers: [] as readonly string[],
	step: ['prompt-file'],
	approval: ['approvers', 'min'],
	matrix: ['include', 'exclude'],
	contexts: ['vars'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export const notBuiltMessage = (what: string): string => `\`${what}\` is not built yet in this version of aiworkflow.`;

/** What to do until then, where there is a way. */
export const insteadOf = (what: string): string => instead[what] ?? 'Remove it for now.';

const instead: Readonly<Record<string, string>> = {
	vars: 'Use `env:` or `inputs:` for now.',
	include: 'List the combinations under `foreach:` for now.',
	exclude: 'List the combinations under `foreach:` for now.',
	'prompt-file': 'Write the prompt into the step for now.',
};
