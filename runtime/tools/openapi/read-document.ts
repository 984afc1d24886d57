import {readFile, realpath, stat} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {limits} from '../../../source/limits.ts';
import {documentInvalid, documentTooLarge, documentUnreachable, unauthenticated} from './failures.ts';
import {readBytes, TooManyBytes} from './read-bytes.ts';
import {fetchSameOrigin} from './send.ts';

/** Bytes of a document and of all files that it refers to, counted together. */
export interface DocumentBudget {
	bytesLeft: number;
	filesLeft: number;
}

export const createDocumentBudget = (): DocumentBudget => ({
	bytesLeft: limits.openapiDocumentBytesMax,
	filesLeft: limits.openapiDocumentFilesMax,
});

/**
 * One file of a document.
 *
 * @param root Address of the document itself. Nothing outside its folder is read, or outside its origin.
 * @throws AiworkflowError `tool.unreachable`, `tool.unauthenticated`, `tool.answer-too-large`.
 */
export const readDocumentFile = async (
	location: URL,
	root: URL,
	budget: DocumentBudget,
	signal: AbortSignal,
): Promise<string> => {
	if (--budget.filesLeft < 0) {
		throw documentTooLarge(shown(root), `it refers to more than ${limits.openapiDocumentFilesMax} files`);
	}

	const text =
		location.protocol === 'file:'
			? await fromFile(location, root, budget)
			: await fromNetwork(location, root, budget, signal);
	budget.bytesLeft -= Buffer.byteLength(text);
	return text;
};

/** An address as people write it: files as paths. */
export const shown = (location: URL): string =>
	location.protocol === 'file:' ? fileURLToPath(location) : location.href;

const fromFile = async (location: URL, root: URL, budget: DocumentBudget): Promise<string> => {
	const file = fileURLToPath(location);
	if (root.protocol !== 'file:') throw outside(location, root);
	const real = await realpath(file).catch((error: NodeJS.ErrnoException) => {
		throw documentUnreachable(
			file,
			reasonOf(error),
			location.href === root.href
				? 'Write the path of the document relative to the file of the tool.'
				: `Put it there, or take out the \`$ref\` to it that is in ${shown(root)}.`,
			{cause: error},
		);
	});
	const folder = await realpath(path.dirname(fileURLToPath(root)));
	if (location.href !== root.href && !real.startsWith(folder + path.sep)) throw outside(location, root);
	const found = await stat(real);
	if (!found.isFile()) throw documentUnreachable(file, 'it is not a file', 'Write the path of the document itself.');
	if (found.size > budget.bytesLeft) throw tooLarge(root);
	return readFile(real, 'utf8');
};

const fromNetwork = async (location: URL, root: URL, budget: DocumentBudget, signal: AbortSignal): Promise<string> => {
	if (location.origin !== root.origin) throw outside(location, root);
	const response = await fetchSameOrigin(
		{
			method: 'GET',
			url: location,
			headers: new Headers({accept: 'application/json, application/yaml, text/yaml, */*;q=0.5'}),
		},
		shown(location),
		signal,
	);
	if (!response.ok) {
		await response.body?.cancel();
		throw refused(location, response.status);
	}

	const bytes = await readBytes(response, budget.bytesLeft, shown(location), signal).catch(error => {
		throw error instanceof TooManyBytes ? tooLarge(root) : error;
	});
	return new TextDecoder().decode(bytes);
};

const refused = (location: URL, status: number) =>
	status === 401 || status === 403
		? unauthenticated(
				`The OpenAPI document ${shown(location)} is not for everybody: the server answered ${status}.`,
				'Download it, keep it beside the file of the tool, and write its path as `document:`.',
			)
		: documentUnreachable(shown(location), `the server answered ${status}`, 'Look whether the address is right.', {
				isRetryable: status >= 500 || status === 429,
			});

const outside = (location: URL, root: URL) =>
	documentInvalid(
		shown(root),
		`it refers to ${shown(location)}, outside of its own ${root.protocol === 'file:' ? 'folder' : 'origin'}.`,
		'Bring what it refers to into the folder of the document, or use a document that is one file.',
	);

const tooLarge = (root: URL) =>
	documentTooLarge(
		shown(root),
		`the limit is ${limits.openapiDocumentBytesMax / 1024 / 1024} MiB, with all it refers to`,
	);

const reasonOf = (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? 'there is no such file' : error.message);
