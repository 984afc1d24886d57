import type {RunsPage} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {usageInvalid} from '../../errors.ts';
import type {RunStatus, RunSummaryView} from '../../run/views.ts';
import {formatDuration, formatUsd} from '../../units.ts';
import {didYouMean} from '../../workflow/text/nearest.ts';
import {exitCodes} from '../exit-codes.ts';
import {glyphOf} from '../glyphs.ts';
import type {options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import type {Verb} from '../verb.ts';

export const listRuns: Verb<typeof tables.runsList> = async ({options, output}) => {
	const {workflow, before} = options;
	const status = options.status === undefined ? undefined : statusesOf(options.status);
	const limit = options.limit === undefined ? undefined : limitOf(options.limit);
	const client = await connect();
	const page = await client.runs({status, workflow, before, limit});
	if (output.isJson) await output.document(page);
	else await printPage(page, output, Boolean(status ?? workflow ?? before));
	return exitCodes.done;
};

const limitOf = (text: string): number => {
	const limit = Number(text);
	if (Number.isInteger(limit) && limit >= 1 && limit <= 200) return limit;
	throw usageInvalid(`--limit takes a whole number from 1 to 200, not "${text}".`, 'Page on with --before.');
};

const statuses = ['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled'] as const satisfies RunStatus[];

const statusesOf = (text: string): string => {
	const words = text.split(',').map(word => word.trim());
	const unknown = words.find(word => !statuses.some(status => status === word));
	if (unknown === undefined) return words.join(',');
	throw usageInvalid(`--status has "${unknown}", which no run can be.`, didYouMean(unknown, statuses, ''));
};

const printPage = async ({runs, next}: RunsPage, output: Output, isFiltered: boolean) => {
	if (runs.length === 0) output.note(isFiltered ? 'No such runs.' : 'No runs. Start one with `aiworkflow run <file>`.');
	const {tableOf} = await import('../table.ts');
	const rows = runs.map(run => rowOf(run, output));
	for (const line of tableOf(rows, {columns: output.columns, cell: 0})) await output.print(line);
	if (next !== null) output.note(`More with --before ${next}.`);
};

const rowOf = (run: RunSummaryView, {paint}: Output): string[] => [
	`${glyphOf(run.status, paint)} ${run.workflow} ${run.number}`,
	run.status,
	`${run.stepsEnded}/${run.stepsTotal}`,
	formatDuration(Date.parse(run.endedAt ?? new Date().toISOString()) - Date.parse(run.startedAt ?? run.createdAt)),
	run.costUsd === 0 ? '' : formatUsd(run.costUsd === null ? null : run.costUsd * 1_000_000),
	paint.dim(localMinuteOf(run.createdAt)),
	paint.dim(run.id),
];

/** `2026-11-20 14:02`, by the clock of whoever reads it. */
const localMinuteOf = (moment: string): string => {
	const at = new Date(moment);
	const pad = (value: number) => String(value).padStart(2, '0');
	return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${pad(at.getHours())}:${pad(at.getMinutes())}`;
};
