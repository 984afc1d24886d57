import type {RunsPage} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {usageInvalid} from '../../errors.ts';
import type {RunSummaryView} from '../../run/views.ts';
import {formatDuration} from '../../units.ts';
import {didYouMean} from '../../workflow/text/nearest.ts';
import {oneLine} from '../clean.ts';
import {exitCodes} from '../exit-codes.ts';
import {glyphOf} from '../glyphs.ts';
import {momentOf} from '../moments.ts';
import type {options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import {rollbackWords} from '../rollback-words.ts';
import {runStatuses} from '../run-statuses.ts';
import {costWords} from '../run-tree.ts';
import type {Verb} from '../verb.ts';

export const listRuns: Verb<typeof tables.runsList> = async ({options, output}) => {
	const {workflow, before, all} = options;
	const since = options.since === undefined ? undefined : momentOf('since', options.since);
	const until = options.until === undefined ? undefined : momentOf('until', options.until);
	const status = options.status === undefined ? undefined : statusesOf(options.status);
	const limit = options.limit === undefined ? undefined : limitOf(options.limit);
	const client = await connect();
	const page = await client.runs({status, workflow, since, until, all: all || undefined, before, limit});
	if (output.isJson) await output.document(page);
	else await printPage(page, output, Boolean(status ?? workflow ?? before ?? since ?? until));
	return exitCodes.done;
};

const limitOf = (text: string): number => {
	const limit = Number(text);
	if (Number.isInteger(limit) && limit >= 1 && limit <= 200) return limit;
	throw usageInvalid(`--limit takes a whole number from 1 to 200, not "${text}".`, 'Page on with --before.');
};

const statusesOf = (text: string): string => {
	const words = text.split(',').map(word => word.trim());
	const unknown = words.find(word => !runStatuses.some(status => status === word));
	if (unknown === undefined) return words.join(',');
	throw usageInvalid(`--status has "${unknown}", which no run can be.`, didYouMean(unknown, runStatuses, ''));
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
	[run.status, rollbackWords(run.rollback)].filter(Boolean).join(', '),
	`${run.stepsEnded}/${run.stepsTotal}`,
	formatDuration(Date.parse(run.endedAt ?? new Date().toISOString()) - Date.parse(run.startedAt ?? run.createdAt)),
	costWords(run.costUsd, run.knownCostUsd),
	paint.dim(
		[localMinuteOf(run.createdAt), run.trigger && `by ${oneLine(run.trigger.label)}`].filter(Boolean).join(' '),
	),
	paint.dim(run.id),
];

/** `2026-11-20 14:02`, by the clock of whoever reads it. */
const localMinuteOf = (moment: string): string => {
	const at = new Date(moment);
	const pad = (value: number) => String(value).padStart(2, '0');
	return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${pad(at.getHours())}:${pad(at.getMinutes())}`;
};
