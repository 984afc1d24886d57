import type {ToolOperation} from '../../../source/tools/definition.ts';
import type {JsonObject} from './json.ts';

/** One operation of a document, with all that a call needs. */
export interface ApiOperation {
	readonly tool: ToolOperation;
	/** As the document has it. */
	readonly operationId?: string;
	/** Upper case. */
	readonly method: string;
	/** With `{placeholders}`. */
	readonly path: string;
	readonly parameters: readonly ApiParameter[];
	readonly body?: ApiBody;
	/** The nearest list: of the operation, its path, or the document; empty: none says any. */
	readonly servers: readonly JsonObject[];
	/** Alternatives, each by scheme name; empty: nobody has to say who they are. */
	readonly security: readonly JsonObject[];
	readonly paging?: Paging;
}

export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie';

export interface ApiParameter {
	/** What a call says it by; differs from the name where another one has that too. */
	readonly argument: string;
	readonly name: string;
	readonly in: ParameterPlace;
	readonly style: string;
	readonly isExploded: boolean;
	/** Reserved characters are sent as they are. */
	readonly isReservedAllowed: boolean;
	/** Sent as one JSON text. */
	readonly isJson: boolean;
	readonly isRequired: boolean;
	readonly schema: Readonly<Record<string, unknown>>;
	readonly description?: string;
}

export interface ApiBody {
	readonly contentType: string;
	readonly kind: 'json' | 'form' | 'multipart' | 'text' | 'file';
	readonly isRequired: boolean;
	/** One argument holds it all; missing: each property is an argument. */
	readonly argument?: string;
	readonly properties: readonly string[];
	/** Properties that are files: a call gives their paths. */
	readonly files: readonly string[];
	/** `encoding` of the document, by property. */
	readonly encoding: JsonObject;
	readonly schema: Readonly<Record<string, unknown>>;
}

/** How the next page is found, and what a page adds. */
export interface Paging {
	/** JSON pointer to an address, or to a value for a parameter. */
	readonly next?: string;
	/** Arguments for the next page by name: constants, or runtime expressions of OpenAPI. */
	readonly arguments?: Readonly<Record<string, unknown>>;
	/** JSON pointer to the list in each answer. */
	readonly items?: string;
}

/** The argument that asks for all pages. */
export const allPages = 'all-pages';
