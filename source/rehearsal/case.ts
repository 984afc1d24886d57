import type {Diagnostic} from '../workflow/diagnostics.ts';

/** One rehearsal of a workflow: what it is given, and what should come of it. */
export interface TestCase {
	readonly title: string;
	/** The file that describes it; `undefined` for the case that every workflow without a file has. */
	readonly file?: string;
	/** Absolute, where the file names one. */
	readonly workflow?: string;
	readonly inputs: Readonly<Record<string, unknown>>;
	/** On top of the environment of whoever tests: secrets, for instance. */
	readonly env: Readonly<Record<string, string>>;
	/** What the workspace begins with: an absolute folder to copy, or texts by their path in it. */
	readonly files?: string | Readonly<Record<string, string>>;
	/** Whether the workspace is a repository with one commit. */
	readonly git: boolean;
	readonly approve: Approve;
	/** Sent when the run begins; one that nothing waits for yet is kept. */
	readonly signals: Readonly<Record<string, unknown>>;
	readonly timeoutMs: number;
	readonly expect: Expectations;
	/** Where in the file a part of it stands, such as `['expect', 'status']`; the nearest part above one that is not there. */
	readonly placeOf: (path: readonly PropertyKey[]) => Place | undefined;
}

/** 1-based. */
export interface Place {
	readonly file: string;
	readonly line: number;
}

/** By step, the answers to its questions one after the other, the last one for all that follow. */
export type Approve = 'all' | 'none' | Readonly<Record<string, readonly ApprovalAnswer[]>>;

export interface ApprovalAnswer {
	readonly isApproved: boolean;
	readonly comment?: string;
}

export interface Expectations {
	readonly status: ExpectedStatus;
	/** Code of the failure of the run. */
	readonly failure?: string;
	/** Outputs of the workflow that must be there; others may be. */
	readonly outputs: Readonly<Record<string, unknown>>;
	/** By id of a step, or of an item (`fix[3]`). */
	readonly steps: Readonly<Record<string, ExpectedStep>>;
	/** By path in the workspace. */
	readonly files: Readonly<Record<string, ExpectedText>>;
	/** What the recorded answers may have cost together when they were recorded. */
	readonly costUsdMax?: number;
}

export const expectedStatuses = ['completed', 'failed', 'cancelled', 'waiting'] as const;
/** `waiting`: nothing but an approval that the case does not answer is left to wait for. */
export type ExpectedStatus = (typeof expectedStatuses)[number];

export interface ExpectedStep {
	readonly status?: string;
	readonly outputs?: Readonly<Record<string, unknown>>;
	readonly text?: ExpectedText;
	/** Code of its failure. */
	readonly failure?: string;
}

/** The exact text, or what is said of it. */
export type ExpectedText =
	| string
	| {readonly contains: string}
	/** A JavaScript regular expression, which may match anywhere. */
	| {readonly matches: string}
	| {readonly absent: true};

/** A case, or what is wrong with its file. */
export type CaseReading =
	| {readonly case: TestCase; readonly diagnostics?: undefined}
	| {readonly case?: undefined; readonly file: string; readonly diagnostics: readonly Diagnostic[]};
