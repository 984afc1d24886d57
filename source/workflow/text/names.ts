/** What a step id, an input or an output may be called, so that an expression can name it. */
const namePattern = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const variablePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;
const nameLengthMax = 100;

/** `__proto__` would vanish from a plain object. */
export const canBeReferenced = (name: string): boolean =>
	namePattern.test(name) && name !== '__proto__' && name.length <= nameLengthMax;

export const isVariableName = (name: string): boolean => variablePattern.test(name) && name !== '__proto__';

/** The expression engine looks names up whatever their case. */
export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** @returns `STEP_OUTPUT_ISSUE_NUMBER` for `issue-number`. */
export const outputVariableOf = (name: string): string =>
	`STEP_OUTPUT_${name.toUpperCase().replaceAll(/[^A-Z0-9_]/g, '_')}`;

/** @returns `INPUT_ISSUE_NUMBER` for `issue-number`. */
export const inputVariableOf = (name: string): string => `INPUT_${name.toUpperCase().replaceAll(/[^A-Z0-9_]/g, '_')}`;

/** @returns `a, b and c`. */
export const listOf = (words: readonly string[]): string =>
	words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** @returns `\`a\`, \`b\` and \`c\``. */
export const quotedListOf = (names: readonly string[]): string => listOf(names.map(name => `\`${name}\``));
