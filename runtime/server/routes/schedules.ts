import type {FastifyRequest} from 'fastify';
import type {z} from 'zod';
import {
	pauseScheduleRequest,
	scheduleParams,
	scheduleQuery,
	scheduleRequest,
	schedulesQuery,
} from '../../../source/api/contract.ts';
import type {ScheduleDetails, ScheduleFiring, SchedulesPage, ScheduleView} from '../../../source/api/messages.ts';
import {scheduleAmbiguous, scheduleNotFound, scheduleUnarmed} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import type {JournalEvent} from '../../../source/run/events.ts';
import {scheduleWordsOf} from '../../../source/workflow/schedule/words.ts';
import type {ScheduleTrigger} from '../../../source/workflow/triggers.ts';
import {type Armed, triggersIn} from '../../triggers/arming.ts';
import type {Firing} from '../../triggers/parts.ts';
import {createMoments} from '../../triggers/schedule/moments.ts';
import {termsOf} from '../../triggers/schedule/source.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';

export const registerSchedules = (server: Server, parts: DaemonParts): void => {
	server.get(
		'/schedules',
		{
			schema: {
				tags: ['schedules'],
				summary: 'The schedules of a workspace, armed or not, and when they fire',
				querystring: schedulesQuery,
			},
		},
		async (request): Promise<SchedulesPage> => {
			const {workspace, coming} = request.query as z.output<typeof schedulesQuery>;
			const found = await schedulesIn(parts, workspace);
			return {schedules: await Promise.all(found.map(schedule => viewOf(parts, schedule, coming)))};
		},
	);
	server.get(
		'/schedules/:name',
		{
			schema: {
				tags: ['schedules'],
				summary: 'A schedule, its coming moments, and what it fired',
				params: scheduleParams,
				querystring: scheduleQuery,
			},
		},
		async (request): Promise<ScheduleDetails> => {
			const {workspace, coming} = request.query as z.output<typeof scheduleQuery>;
			const schedule = await find(parts, request, workspace);
			const firings = parts.firings.latestOf(schedule.armed.key, limits.scheduleFiringsShown);
			return {...(await viewOf(parts, schedule, coming)), firings: firings.map(firingViewOf)};
		},
	);
	server.post(
		'/schedules/:name/run',
		{
			schema: {
				tags: ['schedules'],
				summary: 'Fire it now, paused or not; answers when its run began, or when it is clear that none will soon',
				params: scheduleParams,
				body: scheduleRequest,
			},
		},
		async (request): Promise<ScheduleFiring> => {
			const {workspace, origin} = request.body as z.output<typeof scheduleRequest>;
			const schedule = await find(parts, request, workspace);
			if (schedule.state !== 'armed') throw scheduleUnarmed(schedule.name, schedule.state === 'untrusted');
			const outcome = firingOutcome(parts);
			try {
				const {firing} = await parts.schedules.run(schedule.armed, origin);
				await outcome.of(firing);
				return firingViewOf(parts.firings.read(firing)!);
			} finally {
				outcome.end();
			}
		},
	);
	server.post(
		'/schedules/:name/pause',
		{
			schema: {
				tags: ['schedules'],
				summary: 'It fires nothing until it is resumed; what it began goes on',
				params: scheduleParams,
				body: pauseScheduleRequest,
			},
		},
		async (request): Promise<ScheduleView> => {
			const {workspace, origin, reason = null} = request.body as z.output<typeof pauseScheduleRequest>;
			const schedule = await find(parts, request, workspace);
			await parts.schedules.pause(schedule.armed, origin, reason);
			return viewOf(parts, schedule, 1);
		},
	);
	server.post(
		'/schedules/:name/resume',
		{
			schema: {
				tags: ['schedules'],
				summary: 'It fires again, from its next moment on',
				params: scheduleParams,
				body: scheduleRequest,
			},
		},
		async (request): Promise<ScheduleView> => {
			const {workspace, origin} = request.body as z.output<typeof scheduleRequest>;
			const schedule = await find(parts, request, workspace);
			await parts.schedules.resume(schedule.armed, origin);
			return viewOf(parts, schedule, 1);
		},
	);
};

interface Schedule {
	readonly name: string;
	readonly armed: Armed;
	readonly state: 'armed' | 'unarmed' | 'untrusted';
}

/** By name. */
const schedulesIn = async ({triggers: {arming}}: DaemonParts, workspace: string): Promise<readonly Schedule[]> => {
	const isSchedule = ({workspace: own, trigger}: Armed) => own === workspace && trigger.kind === 'schedule';
	const armed = arming.all().filter(isSchedule);
	const found = armed.length > 0 ? armed : (await triggersIn(workspace, {})).armed.filter(isSchedule);
	const state = armed.length > 0 ? 'armed' : arming.untrusted().includes(workspace) ? 'untrusted' : 'unarmed';
	return found
		.map(each => {
			const isOnly = found.filter(({workflow}) => workflow === each.workflow).length === 1;
			return {armed: each, state, name: isOnly ? each.workflow : `${each.workflow}/${each.trigger.id}`} as const;
		})
		.toSorted((a, b) => a.name.localeCompare(b.name));
};

/** @throws AiworkflowError `schedule.not-found`; `usage.invalid` for a workflow that has several. */
const find = async (parts: DaemonParts, request: FastifyRequest, workspace: string): Promise<Schedule> => {
	const {name} = request.params as z.output<typeof scheduleParams>;
	const all = await schedulesIn(parts, workspace);
	const exact = all.find(schedule => schedule.name === name);
	if (exact) return exact;
	const ofWorkflow = all.filter(
		({armed}) => armed.workflow === name || `${armed.workflow}/${armed.trigger.id}` === name,
	);
	if (ofWorkflow.length === 1) return ofWorkflow[0]!;
	const names = (ofWorkflow.length > 0 ? ofWorkflow : all).map(schedule => schedule.name);
	throw ofWorkflow.length > 0 ? scheduleAmbiguous(name, names) : scheduleNotFound(name, names);
};

const viewOf = async (
	{schedules, clock}: DaemonParts,
	{name, armed, state}: Schedule,
	comingCount: number,
): Promise<ScheduleView> => {
	const {workspace, file, workflow, trigger, key} = armed;
	const {overlap, catchUp} = trigger as ScheduleTrigger;
	const {cron, timezone} = termsOf(armed);
	const known = schedules.stateOf(key);
	const paused = known?.paused ?? null;
	return {
		...{name, workspace, file, workflow, trigger: trigger.id},
		...{cron, words: scheduleWordsOf(cron) ?? null, timezone, overlap, catchUp},
		state: state === 'armed' && paused ? 'paused' : state,
		nextAt: state === 'armed' ? isoOf(known?.nextAtMs) : null,
		lastAt: isoOf(known?.lastAtMs),
		missed: known?.missed ?? 0,
		paused: paused && {at: isoOf(paused.atMs)!, by: paused.origin.by, reason: paused.reason},
		coming: await comingOf(cron, timezone, clock.now(), comingCount),
	};
};

const isoOf = (atMs: number | null | undefined): string | null => (atMs == null ? null : new Date(atMs).toISOString());

const comingOf = async (cron: string, timezone: string, nowMs: number, count: number): Promise<string[]> => {
	if (count === 0) return [];
	const moments = await createMoments(cron, timezone);
	const coming: string[] = [];
	for (let at = moments.next(nowMs); at !== undefined; at = moments.next(at)) {
		coming.push(new Date(at).toISOString());
		if (coming.length === count) break;
	}

	return coming;
};

const firingViewOf = ({id, atMs, runId, status, data, detail}: Firing): ScheduleFiring => ({
	...{firing: id, at: new Date(atMs).toISOString(), runId, status},
	scheduledAt: typeof data.scheduledAt === 'string' ? data.scheduledAt : null,
	detail: detail ?? null,
});

/** Hears from now on what becomes of firings. */
const firingOutcome = ({bus}: DaemonParts) => {
	const heard = new Set<string>();
	let wake = () => {};
	const end = bus.subscribe((events: readonly JournalEvent[]) => {
		for (const {type, body} of events)
			if (type === 'trigger.fired' || type === 'trigger.skipped' || type === 'trigger.failed') heard.add(body.firing);
		wake();
	});
	return {
		end,
		/** Resolves when something is known of it, or after `limits.scheduleRunAnswerMs`: it may have to wait for another run. */
		async of(firing: string): Promise<void> {
			await new Promise<void>(resolve => {
				const timer = setTimeout(resolve, limits.scheduleRunAnswerMs);
				wake = () => {
					if (!heard.has(firing)) return;
					clearTimeout(timer);
					resolve();
				};
				wake();
			});
		},
	};
};
