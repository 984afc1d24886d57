import {expect} from 'vitest';
import {parseWorkflow} from '../../source/workflow/parse.ts';

/**
 * Checks that a workflow has exactly the given problems, at the places marked with `▶` in its text, in order.
 *
 * @returns The diagnostics, for a closer look.
 */
export const expectProblems = (marked: string, codes: readonly string[]) => {
	const places = marked
		.split('\n')
		.flatMap((line, row) =>
			[...line.matchAll(/▶/g)].map((match, earlier) => `${row + 1}:${match.index - earlier + 1}`),
		);
	const {diagnostics} = parseWorkflow(marked.replaceAll('▶', ''), 'w.md');
	const found = diagnostics.map(({line, column, code}) => `${line}:${column} ${code}`);
	expect(found).toEqual(codes.map((code, index) => `${places[index] ?? 'unmarked'} ${code}`));
	return diagnostics;
};

/** `▶` marks where each problem is, in order; the suggestion is that of the first. */
export type Case = readonly [name: string, marked: string, codes: readonly string[], suggestion?: string];

export const expectCase = ([, marked, codes, suggestion]: Case): void => {
	const [first] = expectProblems(marked, codes);
	if (suggestion !== undefined) expect(first?.suggestion).toBe(suggestion);
	expect(first?.suggestion ?? first?.message).toMatch(/[.?]$/);
};

/** @returns The definition of a workflow that must have no problem at all. */
export const definitionOf = (text: string) => {
	const {definition, diagnostics} = parseWorkflow(text, 'w.md');
	expect(diagnostics).toEqual([]);
	return definition!;
};

/** @returns A workflow with the given steps below frontmatter that declares one of everything. */
export const withSteps = (steps: string): string => `---
name: sample
inputs:
  issue: { type: integer, required: true }
  title: { type: string }
env:
  REGION: eu
---
# Sample

${steps}`;
