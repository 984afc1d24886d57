/** What a glyph at the beginning of a line means, for whoever hears the line or has no such characters. */
const words: Readonly<Record<string, string>> = {
	'▶': 'Begins:',
	'✓': 'Done:',
	'✗': 'Failed:',
	'◆': 'Question:',
	'⟲': 'Again:',
	'◷': 'Waits:',
	'!': 'Warning:',
	'⇄': 'Changes agent:',
	'↷': 'Left out:',
	'■': 'Cancelled:',
	'‖': 'Paused:',
	'+': 'More budget:',
	'·': 'Note:',
};

/** @returns The line with its first glyph as a word, columns closed up, arrows said. */
export const spokenLine = (line: string): string => {
	const [, glyph, rest] = /^(\S) (.*)$/.exec(line) ?? [];
	const text = glyph !== undefined && words[glyph] ? `${words[glyph]} ${rest}` : line.trimStart();
	return text.replaceAll(/\s*→\s*/g, ' to ').replaceAll(/ {2,}/g, ', ');
};
