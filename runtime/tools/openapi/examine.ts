import {type Failure, failureOf} from '../../../source/errors.ts';
import type {OpenapiImplementation} from '../../../source/tools/definition.ts';
import type {ToolPlace} from '../parts.ts';
import {loadDocument} from './document.ts';
import {objectOf, textOf} from './json.ts';
import {operationsOf} from './operations.ts';
import {checkAuthNames, credentialsOf} from './security.ts';
import {serverOf} from './servers.ts';

/** What can be told of a tool by its document alone. */
export interface OpenapiExamination {
	readonly title?: string;
	/** Of the document's own format: `3.1.0`. */
	readonly openapi?: string;
	readonly operationCount: number;
	/** Each with its suggestion; the same one of several operations once. */
	readonly problems: readonly Failure[];
}

/** Reads the document and looks whether each operation could be called. The server itself is sent nothing. Never rejects. */
export const examineOpenapi = async (
	{document: location, auth, server, operations: wanted}: OpenapiImplementation,
	place: Pick<ToolPlace, 'folder' | 'resolve'>,
	signal: AbortSignal,
): Promise<OpenapiExamination> => {
	const problems = new Map<string, Failure>();
	const trying = <Value>(work: () => Value): Value | undefined => {
		try {
			return work();
		} catch (error) {
			const failure = failureOf(error);
			problems.set(`${failure.code} ${failure.suggestion}`, failure);
			return undefined;
		}
	};
	try {
		const document = await loadDocument(place.resolve(location), place.folder, signal);
		trying(() => checkAuthNames(auth, document));
		const operations = trying(() => operationsOf(document, wanted)) ?? [];
		const chosen = server === undefined ? undefined : trying(() => place.resolve(server));
		for (const operation of operations) {
			trying(() => serverOf(operation, chosen, document));
			trying(() => credentialsOf(operation, auth, document, place.resolve));
		}

		return {
			title: textOf(objectOf(document.root.info).title),
			openapi: textOf(document.root.openapi),
			operationCount: operations.length,
			problems: Array.from(problems.values()),
		};
	} catch (error) {
		return {operationCount: 0, problems: [failureOf(error)]};
	}
};
