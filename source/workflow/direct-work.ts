/**
 * What a direct step asks for, evaluated: nothing is left to interpolate. It may hold secrets, so it goes from the daemon
 * to the process of its attempt through a private file that the process deletes, and nowhere else.
 */
export type DirectWork = HttpWork | TransformWork | SqlWork | ToolWork | ReplayWork;

export interface HttpWork {
	readonly kind: 'http';
	/** In capitals. */
	readonly method: string;
	/** Whole, query included. */
	readonly url: string;
	/** Those of `auth` are apart: they are for the host of the URL only. */
	readonly headers: Readonly<Record<string, string>>;
	readonly auth: Readonly<Record<string, string>>;
	readonly body?: HttpBody;
	/** Statuses that are no failure, from and to. */
	readonly expect: readonly StatusRange[];
	readonly followRedirects: boolean;
	/** The same on every attempt of a step. */
	readonly idempotencyKey: string;
}

export type StatusRange = readonly [from: number, to: number];

export interface HttpBody {
	/** Missing: the step says it itself, in `headers`. */
	readonly contentType?: string;
	readonly text: string;
}

export interface TransformWork {
	readonly kind: 'transform';
	/** JSONata, as written in the file. */
	readonly expression: string;
	readonly input: unknown;
}

export interface SqlWork {
	readonly kind: 'sql';
	/** Absolute path of an SQLite file, or a `postgres://` URL. */
	readonly database: string;
	/** As written in the file. */
	readonly query: string;
	readonly params: readonly unknown[] | Readonly<Record<string, unknown>>;
	/** Missing: where there are several statements. */
	readonly transaction?: boolean;
}

export interface ToolWork {
	readonly kind: 'tool';
	readonly tool: string;
	/** A `ToolDefinition`. */
	readonly definition: unknown;
	/** Ids of the implementations that may be asked, in this order. */
	readonly implementations: readonly string[];
	/** Missing: its only one. */
	readonly operation?: string;
	readonly arguments: Readonly<Record<string, unknown>>;
	readonly idempotencyKey: string;
	/** Those that the definition reads, by name. */
	readonly secrets: Readonly<Record<string, string>>;
}

/** In a replay the step is not done: it is answered from the recording. */
export interface ReplayWork {
	readonly kind: 'replay';
	readonly of: 'tool' | 'http' | 'sql';
	/** Of the arguments, their secrets masked. */
	readonly argumentsSha256: string;
}
