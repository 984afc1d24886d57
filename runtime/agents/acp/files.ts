import {lstat, mkdir, readFile, realpath, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {RequestError} from '@agentclientprotocol/sdk';

/** A file an agent may read or write through us; the protocol hands texts over whole. */
const fileBytesMax = 16 * 1024 * 1024;

/** `fs/read_text_file`, confined to the workspace. OpenCode calls `fs/*` even where the client says it has none. */
export const readWorkspaceFile = async (
	workspace: string,
	{path: file, line, limit}: {readonly path: string; readonly line?: number | null; readonly limit?: number | null},
): Promise<string> => {
	const real = await confine(workspace, file);
	const size = await stat(real).then(
		found => found.size,
		() => undefined,
	);
	if (size === undefined) throw RequestError.resourceNotFound(file);
	if (size > fileBytesMax) throw RequestError.invalidParams(undefined, `${file} is larger than ${fileBytesMax} bytes`);
	const text = await readFile(real, 'utf8');
	if (line == null && limit == null) return text;
	const first = Math.max(0, (line ?? 1) - 1);
	return text
		.split('\n')
		.slice(first, limit == null ? undefined : first + limit)
		.join('\n');
};

/** `fs/write_text_file`, confined to the workspace. */
export const writeWorkspaceFile = async (workspace: string, file: string, content: string): Promise<void> => {
	if (Buffer.byteLength(content) > fileBytesMax)
		throw RequestError.invalidParams(undefined, `the text for ${file} is larger than ${fileBytesMax} bytes`);
	const real = await confine(workspace, file);
	await mkdir(path.dirname(real), {recursive: true});
	await writeFile(real, content);
};

/**
 * @returns The real path of a file inside the workspace, symbolic links followed. The file need not exist.
 * @throws RequestError `-32602` for anything that leads outside.
 */
export const confine = async (workspace: string, file: string): Promise<string> => {
	const root = await realpath(workspace);
	const real = await realpathOfMissing(path.resolve(root, file));
	if (real === root || !isInside(root, real))
		throw RequestError.invalidParams(undefined, `${file} is outside the workspace ${workspace}`);
	return real;
};

const isInside = (root: string, file: string) => {
	const relative = path.relative(root, file);
	return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
};

/** Like `realpath`, for a path whose last parts may not exist yet. A dangling link counts as leading outside. */
const realpathOfMissing = async (file: string): Promise<string> => {
	try {
		return await realpath(file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || path.dirname(file) === file) throw error;
		if (await isLink(file)) throw RequestError.invalidParams(undefined, `${file} is a link to nowhere`);
		return path.join(await realpathOfMissing(path.dirname(file)), path.basename(file));
	}
};

const isLink = (file: string) =>
	lstat(file).then(
		found => found.isSymbolicLink(),
		() => false,
	);
