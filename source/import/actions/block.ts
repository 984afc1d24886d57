/** One fence of the older format. */
export interface ActionBlock {
	/** `agent`, `script`, …: as written, in small letters. */
	readonly kind: string;
	/** What other blocks call it. */
	readonly name: string;
	/** Of the step that it becomes. */
	readonly title: string;
	readonly line: number;
	readonly fields: Readonly<Record<string, unknown>>;
	/** The fence's text, where it holds no settings. */
	readonly content?: string;
}

export interface KnownNames {
	readonly inputs: readonly string[];
	/** In small letters → id of the step. */
	readonly steps: ReadonlyMap<string, string>;
}
