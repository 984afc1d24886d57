/** The beginning of a Markdown file between two lines `---`. */
export interface FrontmatterText {
	readonly yaml: string;
	readonly body: string;
	/** How many lines stand above the body. */
	readonly linesBefore: number;
}

export const frontmatterOf = (text: string): FrontmatterText | undefined => {
	const [whole, yaml] = /^---[ \t]*\n([\s\S]*?\n|)---[ \t]*(?:\n|$)/.exec(text) ?? [];
	if (whole === undefined) return undefined;
	return {yaml: yaml!, body: text.slice(whole.length), linesBefore: whole.split('\n').length - 1};
};

/** Whether a Markdown file is a workflow rather than the file of a case, or a text for readers. */
export const isWorkflowText = (text: string): boolean => /^name[ \t]*:/m.test(frontmatterOf(text)?.yaml ?? '');
