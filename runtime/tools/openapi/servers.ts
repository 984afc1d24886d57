import type {ApiOperation} from './api-operation.ts';
import type {ApiDocument} from './document.ts';
import {documentInvalid} from './failures.ts';
import {type JsonObject, objectOf, textOf} from './json.ts';

/**
 * @param chosen `server:` of the tool; it stands in the place of every server of the document.
 * @returns Where an operation is, without a `/` at the end.
 * @throws AiworkflowError `tool.answer-invalid` where the document does not tell.
 */
export const serverOf = (operation: ApiOperation, chosen: string | undefined, document: ApiDocument): string => {
	const url = chosen ?? withVariables(operation.servers[0] ?? {url: '/'}, document);
	const absolute = URL.parse(url, document.location.href);
	if (absolute === null || (absolute.protocol !== 'http:' && absolute.protocol !== 'https:')) {
		throw documentInvalid(
			document.name,
			`its server "${url}" is no full address, so it is not known where the server is.`,
			'Write `server: https://…` in the file of the tool.',
		);
	}

	if (absolute.username !== '' || absolute.password !== '') {
		throw documentInvalid(
			document.name,
			`its server at ${absolute.host} has a name or a password in its address.`,
			'Write `server:` without them, and say who you are in `auth:`.',
		);
	}

	absolute.hash = '';
	absolute.search = '';
	return absolute.href.replace(/\/+$/, '');
};

const withVariables = (server: JsonObject, document: ApiDocument): string => {
	const variables = objectOf(server.variables);
	return (textOf(server.url) ?? '/').replaceAll(/\{([^{}]+)\}/g, (_, name: string) => {
		const value = objectOf(variables[name]).default;
		if (typeof value === 'string' || typeof value === 'number') return String(value);
		throw documentInvalid(
			document.name,
			`its server "${String(server.url)}" has a variable "${name}" without a default.`,
			'Write `server:` with the full address in the file of the tool.',
		);
	});
};
