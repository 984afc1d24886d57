/** One problem of a workflow file, with its place and its mend. */
export interface Diagnostic {
	/** `noun.adjective`, stable: `needs.unknown`, `yaml.invalid`, `step.duplicate`. */
	readonly code: string;
	readonly severity: 'error' | 'warning';
	readonly message: string;
	readonly file: string;
	/** 1-based. */
	readonly line: number;
	/** 1-based. */
	readonly column: number;
	/** The line itself, as it stands in the file, cut to a sane length. */
	readonly source?: string;
	/** What to write instead, imperative. */
	readonly suggestion?: string;
}

export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean =>
	diagnostics.some(diagnostic => diagnostic.severity === 'error');
