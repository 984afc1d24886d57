import type {ScheduleView} from '../../api/messages.ts';
import {connect} from '../../client/connect.ts';
import {usageInvalid} from '../../errors.ts';
import {limits} from '../../limits.ts';
import {workspaceOf} from '../agent-words.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {momentWordsOf, stateNotesOf} from '../schedule-words.ts';
import type {Verb} from '../verb.ts';

/** `next 5`: the coming moments of all schedules that fire. `next nightly 5`: of one, whether it fires or not. */
export const nextMoments: Verb<typeof tables.workspaceOnly> = async ({args, options, output}) => {
	const [name, count] =
		args[1] === undefined && /^\d+$/.test(args[0] ?? '') ? [undefined, args[0]] : [args[0], args[1]];
	const coming = countOf(count ?? '5');
	const workspace = workspaceOf(options);
	const client = await connect();
	const found =
		name === undefined
			? (await client.schedules({workspace, coming})).schedules
			: [await client.schedule(name, {workspace, coming})];
	const moments = momentsOf(name === undefined ? found.filter(({state}) => state === 'armed') : found).slice(0, coming);
	if (output.isJson) {
		const listed = moments.map(({at, schedule: {name, timezone}}) => ({at, schedule: name, timezone}));
		await output.document({workspace, moments: listed});
		return exitCodes.done;
	}

	const {tableOf} = await import('../table.ts');
	const rows = moments.map(({at, schedule}) => [momentWordsOf(at, schedule.timezone), schedule.name]);
	for (const line of tableOf(rows)) await output.print(line);
	if (moments.length === 0) output.note('No schedule of this workspace fires.');
	for (const note of stateNotesOf(found)) output.note(note);
	return exitCodes.done;
};

const momentsOf = (schedules: readonly ScheduleView[]) =>
	schedules
		.flatMap(schedule => schedule.coming.map(at => ({at, schedule})))
		.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.schedule.name.localeCompare(b.schedule.name));

/** @throws AiworkflowError `usage.invalid` */
const countOf = (text: string): number => {
	const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
	if (count >= 1 && count <= limits.scheduleComingMax) return count;
	throw usageInvalid(
		`The count must be a number from 1 to ${limits.scheduleComingMax}, not "${text}".`,
		'Write `aiworkflow schedule next 5`.',
	);
};
