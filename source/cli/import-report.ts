import {formatDiagnostic} from '../workflow/format-diagnostic.ts';
import {oneLine} from './clean.ts';
import type {Output} from './output.ts';
import {tableOf} from './table.ts';
import {type ImportOutcome, shownPath} from './verbs/import.ts';

/** One table a file: what was carried over, what was not, and what to do about it. */
export const tellImport = async (
	outcomes: readonly ImportOutcome[],
	{skipped, isDryRun}: {readonly skipped: number; readonly isDryRun: boolean},
	output: Output,
): Promise<void> => {
	for (const outcome of outcomes) await tellOne(outcome, isDryRun, output);
	if (skipped > 0)
		output.note(
			`${skipped === 1 ? 'One other file was' : `${skipped} other files were`} passed over: no format that is told by itself. See \`--as\`.`,
		);
	if (outcomes.length === 0) output.note('Nothing was imported.');
};

const tellOne = async ({from, to, imported}: ImportOutcome, isDryRun: boolean, output: Output): Promise<void> => {
	const {paint, print, note} = output;
	if (imported.kind === 'refused') return note(formatDiagnostic(imported.problem));
	const target = to === null ? '' : oneLine(shownPath(to));
	const verb = isDryRun ? 'would become' : 'is';
	await print(`${paint.green('✓')} ${oneLine(shownPath(from))} (${imported.format}) ${verb} ${target}`);
	const marks = {
		carried: paint.green('carried over'),
		changed: paint.yellow('changed'),
		dropped: paint.red('not carried'),
	};
	const rows = imported.notes.flatMap(({line, what, outcome, detail, advice}) => [
		[`  ${line}`, marks[outcome], oneLine(what), oneLine(detail)],
		...(advice ? [['', '', '', paint.dim(`→ ${oneLine(advice)}`)]] : []),
	]);
	for (const line of tableOf(rows)) await print(line);
	const warnings = imported.diagnostics.filter(({severity}) => severity === 'error' || output.isVerbose);
	if (!imported.isValid) note(`${paint.red('✗')} It is not a valid workflow yet:`);
	for (const diagnostic of warnings) note(formatDiagnostic({...diagnostic, file: target || diagnostic.file}));
	if (isDryRun) await output.raw(`\n${imported.text}`);
	else if (imported.isValid && imported.format !== 'workflow')
		await print(paint.dim(`  Read it, then: aiworkflow run ${target}`));
};
