import {openAsBlob} from 'node:fs';
import {realpath, stat} from 'node:fs/promises';
import path from 'node:path';
import {limits} from '../../../source/limits.ts';
import type {ApiBody, ApiOperation} from './api-operation.ts';
import {argumentsInvalid} from './failures.ts';
import {isObject, type JsonObject, objectOf, textOf} from './json.ts';
import {queryPairs, scalarText} from './styles.ts';

export interface EncodedBody {
	/** Missing: whoever sends it knows. */
	readonly contentType?: string;
	readonly data: string | Blob | FormData;
}

/** @throws AiworkflowError `tool.arguments-invalid`, also for a file that is not inside the workspace. */
export const encodedBody = async (
	operation: ApiOperation,
	given: JsonObject,
	workspace: string,
): Promise<EncodedBody | undefined> => {
	const {body} = operation;
	const value = body && bodyValue(body, given);
	if (body === undefined || value === undefined) return undefined;
	const {contentType} = body;
	if (body.kind === 'json') return {contentType, data: JSON.stringify(value)};
	if (body.kind === 'text') return {contentType, data: typeof value === 'string' ? value : JSON.stringify(value)};
	const open = (file: unknown) => openFile(operation, file, workspace);
	if (body.kind === 'file') return {contentType, data: (await open(value)).blob};
	if (!isObject(value)) throw argumentsInvalid(operation.tool.name, 'the body is not an object');
	if (body.kind === 'form') return {contentType, data: formText(body, value)};
	return {data: await formData(body, value, open)};
};

const bodyValue = ({argument, properties, isRequired}: ApiBody, given: JsonObject): unknown => {
	if (argument !== undefined) return given[argument];
	const entries = properties.filter(name => given[name] !== undefined).map(name => [name, given[name]]);
	return entries.length === 0 && !isRequired ? undefined : Object.fromEntries(entries);
};

const formText = ({encoding}: ApiBody, value: JsonObject): string =>
	Object.entries(value)
		.filter(([, each]) => each !== undefined && each !== null)
		.flatMap(([name, each]) => {
			const {style, explode, allowReserved} = objectOf(encoding[name]);
			const parameter = {
				name,
				style: textOf(style) ?? 'form',
				isExploded: typeof explode === 'boolean' ? explode : style === undefined || style === 'form',
				isReservedAllowed: allowReserved === true,
			};
			// Without a style of its own, what is nested is one JSON text.
			return queryPairs(parameter, style === undefined && isObject(each) ? JSON.stringify(each) : each);
		})
		.join('&');

const formData = async (
	{files, encoding}: ApiBody,
	value: JsonObject,
	open: (file: unknown) => Promise<{readonly blob: Blob; readonly name: string}>,
): Promise<FormData> => {
	const form = new FormData();
	for (const [name, each] of Object.entries(value)) {
		for (const one of Array.isArray(each) ? each : [each]) {
			if (one === undefined || one === null) continue;
			const type = textOf(objectOf(encoding[name]).contentType)?.split(',').at(0)?.trim();
			if (files.includes(name)) {
				const {blob, name: fileName} = await open(one);
				form.append(name, type === undefined || type.includes('*') ? blob : new Blob([blob], {type}), fileName);
			} else if (isObject(one)) form.append(name, new Blob([JSON.stringify(one)], {type: type ?? 'application/json'}));
			else form.append(name, scalarText(one));
		}
	}

	return form;
};

/** Only what is in the workspace may be sent away, wherever links lead. */
const openFile = async (operation: ApiOperation, file: unknown, workspace: string) => {
	const invalid = (problem: string) =>
		argumentsInvalid(operation.tool.name, problem, 'Give the path of a file in the workspace.');
	if (typeof file !== 'string') throw invalid('a file is given as its path');
	const root = await realpath(workspace);
	const real = await realpath(path.resolve(root, file)).catch(() => {
		throw invalid(`there is no file "${file}"`);
	});
	if (!real.startsWith(root + path.sep)) throw invalid(`"${file}" is not inside the workspace`);
	const found = await stat(real);
	if (!found.isFile()) throw invalid(`"${file}" is not a file`);
	if (found.size > limits.openapiUploadBytesMax) {
		throw invalid(`"${file}" is larger than ${limits.openapiUploadBytesMax / 1024 / 1024} MiB`);
	}

	return {blob: await openAsBlob(real), name: path.basename(real)};
};
