import type {Paging} from './api-operation.ts';
import type {ApiDocument, Place} from './document.ts';
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
	answer: Place | undefined,
	isList: boolean,
	document: ApiDocument,
): Paging | undefined => {
	if (method !== 'GET') return undefined;
	const said = objectOf(operation['x-pagination']);
	const items = pointerOf(said.items);
	const next = pointerOf(said.next);
	const parameter = textOf(said.parameter);
	if (next !== undefined) {
		return parameter === undefined ? {next, items} : {arguments: {[parameter]: `$response.body#${next}`}, items};
	}

	const pageable = operation['x-ms-pageable'];
	if (isObject(pageable) && typeof pageable.nextLinkName === 'string') {
		return {next: `/${pageable.nextLinkName}`, items: `/${textOf(pageable.itemName) ?? 'value'}`};
	}

	return answer ? pagingOfAnswer(answer, items, isList, document) : undefined;
};

const pagingOfAnswer = (
	answer: Place,
	items: string | undefined,
	isList: boolean,
	document: ApiDocument,
): Paging | undefined => {
	const {links, headers} = objectOf(answer.value);
	for (const [name, value] of Object.entries(objectOf(links))) {
		if (!/^next[-_]?(page)?$/i.test(name)) continue;
		const {parameters} = objectOf(document.follow({value, base: answer.base}).value);
		if (isObject(parameters)) return {arguments: parameters, items};
	}

	const isDeclared = Object.keys(objectOf(headers)).some(name => name.toLowerCase() === 'link');
	return isDeclared || isList || items !== undefined ? {items} : undefined;
};

/** `/data`, or `data` for short. */
const pointerOf = (value: unknown): string | undefined => {
	if (typeof value !== 'string' || value === '') return undefined;
	return value.startsWith('/') ? value : `/${value}`;
};
