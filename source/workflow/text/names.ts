/** What a step id, an input or an output may be called, so that an expression can name it. */
const namePattern = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const variablePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;
const nameLengthMax = 100;

/** `__proto__` would vanish from a plain object. */
export const canBeReferenced = (name: string): boolean =>
	namePattern.test(name) && name !== '__proto__' && name.length <= nameLengthMax;

export const isVariableName = (name: string): boolean => variablePattern.test(name) && name !== '__proto__';

/** @returns `INPUT_ISSUE_NUMBER` for `issue-number`. */
export const inputVariableOf = (name: string): string => `INPUT_${name.toUpperCase().replaceAll(/[^A-Z0-9_]/g, '_')}`;

/** @returns `\`a\`, \`b\` and \`c\``. */
export const quotedListOf = (names: readonly string[]): string => {
	const quoted = names.map(name => `\`${name}\``);
	return quoted.length < 2 ? (quoted[0] ?? '') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
};
