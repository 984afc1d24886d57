import type {ApiOperation, ApiParameter} from './api-operation.ts';
import {encodedBody} from './encode-body.ts';
import {argumentsInvalid, unauthenticated} from './failures.ts';
import type {JsonObject} from './json.ts';
import {isIdempotencyKey} from './parameters.ts';
import type {Credentials} from './security.ts';
import type {ApiRequest} from './send.ts';
import {cookiePairs, headerText, pathText, queryPairs} from './styles.ts';

/**
 * @param server Without a `/` at the end.
 * @param given Checked already.
 * @throws AiworkflowError `tool.arguments-invalid`
 */
export const requestOf = async (
	operation: ApiOperation,
	server: string,
	given: JsonObject,
	credentials: Credentials,
	workspace: string,
	idempotencyKey?: string,
): Promise<ApiRequest> => {
	const sent = (where: ApiParameter['in']) =>
		operation.parameters
			.filter(parameter => parameter.in === where)
			.map(parameter => ({parameter, value: givenTo(parameter, given)}))
			.filter(({value}) => value !== undefined && value !== null);
	const query = sent('query').flatMap(({parameter, value}) => queryPairs(parameter, value));
	const keys = credentials.query.map(pair => pair.map(encodeURIComponent).join('='));
	const url = new URL(`${server}${pathOf(operation, given)}`);
	url.search = [...query, ...keys].join('&');

	const headers = new Headers({accept: 'application/json, text/*;q=0.9, */*;q=0.5'});
	for (const {parameter, value} of sent('header'))
		setHeader(operation, headers, parameter.name, headerText(parameter, value));
	const needsKey = operation.method === 'POST' || operation.method === 'PATCH' || hasKeyParameter(operation);
	if (idempotencyKey !== undefined && needsKey && !headers.has('idempotency-key')) {
		setHeader(operation, headers, 'idempotency-key', idempotencyKey);
	}

	const cookies = [
		...sent('cookie').flatMap(({parameter, value}) => cookiePairs(parameter, value)),
		...credentials.cookies.map(([name, value]) => `${name}=${encodeURIComponent(value)}`),
	];
	if (cookies.length > 0) headers.set('cookie', cookies.join('; '));
	const body = await encodedBody(operation, given, workspace);
	if (body?.contentType) headers.set('content-type', body.contentType);
	for (const [name, value] of credentials.headers) setSecretHeader(headers, name, value);
	return {method: operation.method, url, headers, body: body?.data};
};

const hasKeyParameter = ({parameters}: ApiOperation) =>
	parameters.some(({in: where, name}) => isIdempotencyKey(where, name));

const givenTo = ({argument, isJson}: ApiParameter, given: JsonObject): unknown => {
	const value = given[argument];
	return isJson && value !== undefined ? JSON.stringify(value) : value;
};

const pathOf = (operation: ApiOperation, given: JsonObject): string =>
	operation.path
		.split('/')
		.map(segment => {
			const text = segment.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => {
				const parameter = operation.parameters.find(each => each.in === 'path' && each.name === name)!;
				const part = pathText(parameter, givenTo(parameter, given));
				// An empty one is another address: that of the whole list, say.
				if (part === '') throw argumentsInvalid(operation.tool.name, `"${parameter.argument}" is empty`);
				return part;
			});
			if (segment !== text && (text === '.' || text === '..')) {
				throw argumentsInvalid(
					operation.tool.name,
					`"${text}" is a step to another address, not a value for ${segment}`,
				);
			}

			return text;
		})
		.join('/');

const setHeader = (operation: ApiOperation, headers: Headers, name: string, value: string): void => {
	try {
		headers.set(name, value);
	} catch {
		throw argumentsInvalid(
			operation.tool.name,
			`"${name}" is sent as a header, and its value has characters that no header may have`,
		);
	}
};

const setSecretHeader = (headers: Headers, name: string, value: string): void => {
	try {
		headers.set(name, value);
	} catch {
		// The error of the headers themselves would show the value.
		throw unauthenticated(
			`The value that \`auth:\` of the tool has for the header "${name}" has characters that no header may have.`,
			'Look whether the secret has a line break or something else in it that does not belong there.',
		);
	}
};
