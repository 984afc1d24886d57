import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {AiworkflowError, usageInvalid} from '../../errors.ts';
import {type ExportFormat, exportDefinition} from '../../export/export.ts';
import {oneLine} from '../clean.ts';
import {exitCodes} from '../exit-codes.ts';
import {exportFormats} from '../export-formats.ts';
import {loadWorkflow} from '../load-workflow.ts';
import type {options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import {tableOf} from '../table.ts';
import type {Verb} from '../verb.ts';

/** Writes a workflow for another tool, and tells what that has no word for. */
export const exportWorkflow: Verb<typeof tables.export> = async ({args, options, output}) => {
	const format = formatOf(options.format);
	const {file, definition} = await loadWorkflow(args[0]!);
	const {text, lost} = exportDefinition(definition, format);
	const to = options.to === undefined ? null : path.resolve(options.to);
	if (to !== null) await writeNew(to, text, options.force);
	if (output.isJson) {
		await output.document({file, format, to, lost, ...(format === 'json' ? (JSON.parse(text) as object) : {text})});
		return exitCodes.done;
	}

	if (to === null) await output.raw(text);
	else await output.print(`${output.paint.green('✓')} ${oneLine(file)} is in ${to} (${format}).`);
	tellLost(format, lost, output);
	return exitCodes.done;
};

const formatOf = (asked = 'markdown'): ExportFormat => {
	const format = exportFormats.find(known => known === asked);
	if (format) return format;
	throw usageInvalid(`--format has "${asked}", which is no format.`, `There are: ${exportFormats.join(', ')}.`);
};

const writeNew = async (file: string, text: string, isForced: boolean): Promise<void> => {
	await mkdir(path.dirname(file), {recursive: true});
	try {
		await writeFile(file, text, {flag: isForced ? 'w' : 'wx'});
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		throw new AiworkflowError({
			code: 'export.exists',
			message: `${file} is there already; nothing was written.`,
			suggestion: 'Write elsewhere with `--to`, or overwrite it with `--force`.',
			cause: error,
		});
	}
};

const tellLost = (format: string, lost: ReturnType<typeof exportDefinition>['lost'], {note, paint}: Output): void => {
	if (lost.length === 0) return;
	note(`What ${format} has no word for:`);
	const rows = lost.map(({step, what, detail}) => [
		`  ${step ?? 'workflow'}`,
		paint.yellow(oneLine(what, 60)),
		oneLine(detail),
	]);
	for (const line of tableOf(rows)) note(line);
};
