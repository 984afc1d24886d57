/** A workflow that is being put together from the file of another tool. */
export interface Draft {
	readonly name: string;
	readonly description?: string;
	readonly title: string;
	/** For readers. */
	readonly introduction?: string;
	/** The rest of the frontmatter, in order. */
	readonly settings: Readonly<Record<string, unknown>>;
	readonly steps: readonly DraftStep[];
}

export interface DraftStep {
	readonly title: string;
	/** Default: that of its title. Where one step has it, all have. */
	readonly id?: string;
	readonly settings?: Readonly<Record<string, unknown>>;
	/** The prompt, the question, or words for readers; safe to stand in a workflow file (see `promptTextOf`). */
	readonly text?: string;
	readonly script?: {readonly language: string; readonly code: string};
}
