import type {StyleName} from '../theme.ts';

/** Whether a text is a diff: it has a header of one, or lines that were added and lines that were removed. */
export const isDiff = (lines: readonly string[]): boolean =>
	lines.some(line => /^(@@ |diff --git |--- \S)/.test(line)) ||
	(lines.some(line => /^\+(?!\+)/.test(line)) && lines.some(line => /^-(?!-)/.test(line)));

/** @returns How one line of a diff looks; its first character says the same without colours. */
export const diffStyleOf = (line: string): StyleName => {
	if (/^(\+\+\+|---|diff |index )/.test(line)) return 'strong';
	if (line.startsWith('@@')) return 'muted';
	if (line.startsWith('+')) return 'completed';
	return line.startsWith('-') ? 'failed' : 'text';
};
