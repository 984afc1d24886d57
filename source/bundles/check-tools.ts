import {readdir, readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {limits} from '../limits.ts';
import {type ParsedTool, parseTool} from '../tools/parse.ts';
import {formatSize} from '../units.ts';
import type {Diagnostic} from '../workflow/diagnostics.ts';

/** @returns The tools of a bundle as their files describe them, sorted by file; those with problems too. */
export const toolsOf = async (folder: string): Promise<readonly ParsedTool[]> => {
	const place = path.join(folder, 'tools');
	const names = (await readdir(place).catch(() => [])).filter(name => /\.ya?ml$/.test(name)).sort();
	const tools: ParsedTool[] = [];
	for (const name of names.slice(0, limits.toolFilesMax)) {
		const file = path.join(place, name);
		const found = await stat(file).catch(() => undefined);
		if (!found?.isFile()) continue;
		tools.push(found.size > limits.toolFileBytesMax ? tooLarge(file) : parseTool(await readFile(file, 'utf8'), file));
	}

	return tools;
};

/** What is wrong in the files of tools. */
export const toolProblems = async (folder: string): Promise<Diagnostic[]> =>
	(await toolsOf(folder)).flatMap(({diagnostics}) => diagnostics);

const tooLarge = (file: string): ParsedTool => ({
	name: path.basename(file).replace(/\.ya?ml$/, ''),
	diagnostics: [
		{
			...{code: 'tool.invalid', severity: 'error', file, line: 1, column: 1},
			message: `This file is larger than ${formatSize(limits.toolFileBytesMax)}.`,
			suggestion: 'Describe one tool in it, and nothing else.',
		},
	],
});
