import {readdir, readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {limits} from '../../source/limits.ts';
import {type ParsedTool, parseTool, toolNameOf} from '../../source/tools/parse.ts';
import {formatSize} from '../../source/units.ts';

/** A file that describes a tool, as it stands now. */
export interface ToolFile extends ParsedTool {
	/** Absolute. */
	readonly file: string;
	/** Whose it is: of two tools of one name that of the bundle counts. */
	readonly origin: 'bundle' | 'workspace';
}

export const toolsFolderOf = (workspace: string) => path.join(workspace, '.aiworkflow', 'tools');

interface Known {
	readonly stamp: string;
	readonly parsed: ParsedTool;
}

/** Reads files of tools, and one again only where it has changed. */
export const createToolFiles = () => {
	const known = new Map<string, Known>();

	const read = async (file: string): Promise<ParsedTool | undefined> => {
		const found = await stat(file).catch(() => undefined);
		if (!found?.isFile()) return undefined;
		const stamp = `${found.mtimeMs} ${found.size} ${found.ino}`;
		const before = known.get(file);
		if (before?.stamp === stamp) return before.parsed;
		const parsed =
			found.size > limits.toolFileBytesMax ? tooLarge(file) : parseTool(await readFile(file, 'utf8'), file);
		known.delete(file);
		known.set(file, {stamp, parsed});
		if (known.size > knownMax) known.delete(known.keys().next().value!);
		return parsed;
	};

	const inFolder = async (folder: string, origin: ToolFile['origin']): Promise<ToolFile[]> => {
		const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
			if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
			throw error;
		});
		const files = names.filter(name => /\.ya?ml$/.test(name)).toSorted();
		const tools: ToolFile[] = [];
		for (const name of files.slice(0, limits.toolFilesMax)) {
			const file = path.join(folder, name);
			const parsed = await read(file);
			if (parsed) tools.push({...parsed, file, origin});
		}

		return tools;
	};

	return {
		/** @returns By name; of two with one name the first, those of the bundle before those of the workspace. */
		async list(workspace: string, bundleFolder?: string): Promise<readonly ToolFile[]> {
			const ofBundle = bundleFolder ? await inFolder(path.join(bundleFolder, 'tools'), 'bundle') : [];
			const all = [...ofBundle, ...(await inFolder(toolsFolderOf(workspace), 'workspace'))];
			const first = new Map<string, ToolFile>();
			for (const tool of all) if (!first.has(tool.name)) first.set(tool.name, tool);
			return [...first.values()].toSorted((a, b) => a.name.localeCompare(b.name));
		},
	};
};

const knownMax = 2000;

const tooLarge = (file: string): ParsedTool => ({
	name: toolNameOf(file),
	diagnostics: [
		{
			code: 'tool.invalid',
			severity: 'error',
			message: `This file is larger than ${formatSize(limits.toolFileBytesMax)}.`,
			...{file, line: 1, column: 1},
			suggestion: 'Describe one tool in it, and nothing else.',
		},
	],
});
