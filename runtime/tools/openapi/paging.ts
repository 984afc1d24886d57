import type {ApiParameter, Paging} from './api-operation.ts';
import type {ApiDocument, Place} from './document.ts';
import {documentInvalid} from './failures.ts';
import {isObject, type JsonObject, objectOf, textOf} from './json.ts';

/**
 * How the pages of an operation follow one another, where the document says it: `x-pagination`, `x-ms-pageable`, a link
 * called `next` of the answer, a `Link` header of the answer; a list without any of them may have a `Link` header all the
 * same.
 *
 * @param answer The successful answer.
 */
export const pagingOf = (
	method: string,
	operation: JsonObject,
	parameters: readonly ApiParameter[],
	answer: Place | undefined,
	isList: boolean,
	document: ApiDocument,
): Paging | undefined => {
	if (method !== 'GET') return undefined;
	const said = objectOf(operation['x-pagination']);
	const items = pointerOf(said.items);
	const next = pointerOf(said.next);
	const parameter = textOf(said.parameter);
	const takes = (name: string) => parameters.some(({argument}) => argument === name);
	if (next !== undefined) {
		if (parameter !== undefined && !takes(parameter)) {
			const problem = `an \`x-pagination\` has \`parameter: ${parameter}\`, which its operation does not take.`;
			throw documentInvalid(document.name, problem);
		}

		return parameter === undefined ? {next, items} : {arguments: {[parameter]: `$response.body#${next}`}, items};
	}

	const pageable = operation['x-ms-pageable'];
	if (isObject(pageable) && typeof pageable.nextLinkName === 'string') {
		return {next: `/${pageable.nextLinkName}`, items: `/${textOf(pageable.itemName) ?? 'value'}`};
	}

	return answer ? pagingOfAnswer(operation, takes, answer, items, isList, document) : undefined;
};

const pagingOfAnswer = (
	operation: JsonObject,
	takes: (name: string) => boolean,
	answer: Place,
	items: string | undefined,
	isList: boolean,
	document: ApiDocument,
): Paging | undefined => {
	const {links, headers} = objectOf(answer.value);
	for (const [name, value] of Object.entries(objectOf(links))) {
		if (!/^next[-_]?(page)?$/i.test(name)) continue;
		const {parameters, operationId, operationRef} = objectOf(document.follow({value, base: answer.base}).value);
		// What follows may be another operation: then it is not another page.
		if (operationRef !== undefined || (operationId !== undefined && operationId !== operation.operationId)) continue;
		const said = Object.entries(objectOf(parameters)).map(
			// The document may say where a parameter is: `query.cursor`.
			([parameter, expression]) => [parameter.replace(/^(path|query|header|cookie)\./, ''), expression] as const,
		);
		if (said.length > 0 && said.every(([parameter]) => takes(parameter)))
			return {arguments: Object.fromEntries(said), items};
	}

	const isDeclared = Object.keys(objectOf(headers)).some(name => name.toLowerCase() === 'link');
	return isDeclared || isList || items !== undefined ? {items} : undefined;
};

/** `/data`, or `data` for short. */
const pointerOf = (value: unknown): string | undefined => {
	if (typeof value !== 'string' || value === '') return undefined;
	return value.startsWith('/') ? value : `/${value}`;
};
