import type {ScheduleDetails, ScheduleView} from '../api/messages.ts';
import type {Output} from './output.ts';

/** One row of a list: whether it fires, its name, its expression, that in words, when it fires next. */
export const scheduleRowOf = (schedule: ScheduleView, output: Output): string[] => [
	markedNameOf(schedule, output),
	stateWordsOf(schedule),
	schedule.cron,
	schedule.words ?? '',
	schedule.nextAt === null ? '' : momentWordsOf(schedule.nextAt, schedule.timezone),
];

/** All that is known of a schedule, a line for each thing. */
export const scheduleLinesOf = (schedule: ScheduleDetails, output: Output): string[] => {
	const {cron, words, timezone, overlap, catchUp, file, workflow, trigger, lastAt, missed, paused, coming} = schedule;
	const told = (at: string | null) => at && momentWordsOf(at, timezone);
	const facts: readonly (readonly [string, string | null])[] = [
		['state', stateWordsOf(schedule)],
		['paused', paused && `since ${told(paused.at)} by ${paused.by}${paused.reason ? `: ${paused.reason}` : ''}`],
		['schedule', words === null ? cron : `${cron}  (${words})`],
		['zone', timezone],
		['workflow', `${workflow}  (${trigger} in ${file})`],
		['overlap', overlap],
		['catch-up', catchUp],
		['last', told(lastAt)],
		['missed', missed === 0 ? null : `${missed} without a run`],
		...coming.map((at, index) => [index === 0 ? 'coming' : '', told(at)] as const),
		...schedule.firings.map(({at, status, runId, detail}, index) => {
			const run = status === 'skipped' || status === 'failed' ? '' : `  run ${runId}`;
			return [index === 0 ? 'fired' : '', `${told(at)}  ${status}${run}${detail ? `: ${detail}` : ''}`] as const;
		}),
	];
	const lines = facts.flatMap(([name, text]) =>
		text ? [`  ${output.paint.dim(name.padEnd(nameWidth))}  ${text}`] : [],
	);
	return [markedNameOf(schedule, output), ...lines];
};

const nameWidth = 'schedule'.length;

const markedNameOf = ({name, state, nextAt}: ScheduleView, {paint}: Output): string => {
	if (state === 'paused') return `${paint.yellow('‖')} ${name}`;
	return `${state === 'armed' && nextAt !== null ? paint.green('✓') : paint.yellow('!')} ${name}`;
};

const stateWordsOf = ({state, nextAt}: ScheduleView): string => {
	if (state === 'untrusted') return 'not trusted';
	if (state === 'unarmed') return 'not armed';
	return state === 'armed' && nextAt === null ? 'never fires' : state;
};

/** What to do about schedules that do not fire. */
export const stateNotesOf = (schedules: readonly ScheduleView[]): string[] => {
	const states = new Set(schedules.map(({state}) => state));
	if (states.has('untrusted'))
		return [
			'Files of the workspace changed since a person trusted it: read them, then run `aiworkflow schedule start`.',
		];
	return states.has('unarmed')
		? ['None of them fires: nobody armed the workspace. `aiworkflow schedule start` does.']
		: [];
};

/** `Mon 2026-11-23 09:00 Europe/Berlin`: as the clock on the wall shows it there. */
export const momentWordsOf = (at: string, timezone: string): string => {
	const date = new Date(at);
	const weekday = date.toLocaleDateString('en', {timeZone: timezone, weekday: 'short'});
	// Swedish dates are ISO ones.
	const wall = date.toLocaleString('sv', {timeZone: timezone});
	return `${weekday} ${wall.replace(/:00$/, '')} ${timezone}`;
};
