import {z} from 'zod';
import {createRunRequest, createRunResponse, runsQuery} from '../../../source/api/contract.ts';
import type {EventsPage, RunRecording, RunsPage} from '../../../source/api/messages.ts';
import {runNotEnded, runNotRecorded} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import {isRunEnded} from '../../../source/run/state.ts';
import {runSummaryViewOf, runViewOf} from '../../../source/run/views.ts';
import {wireEventOf} from '../../../source/run/wire.ts';
import {attemptOfCaller} from '../caller.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';
import {findRun, findRunId} from '../find.ts';
import {startRun} from '../start-run.ts';

const params = z.object({id: z.string().describe('Id of a run, or the first characters of it.')});
const eventsQuery = z.object({
	after: z.coerce.number().int().min(0).default(0).describe('Cursor to go on after.'),
	limit: z.coerce.number().int().min(1).max(limits.pageEventsMax).default(limits.pageEventsMax),
});

export const registerRuns = (server: Server, parts: DaemonParts): void => {
	server.post(
		'/runs',
		{schema: {tags: ['runs'], summary: 'Start a run', body: createRunRequest, response: {201: createRunResponse}}},
		async (request, reply) => {
			reply.code(201);
			const asked = request.body as z.output<typeof createRunRequest>;
			// What a step of a tainted run starts is no cleaner than itself.
			const inside = attemptOfCaller(request);
			const taint = asked.taint ?? (inside && parts.engine.find(inside.split('/')[0]!)?.taint);
			return startRun(parts, {...asked, taint});
		},
	);
	server.get(
		'/runs',
		{schema: {tags: ['runs'], summary: 'Runs, newest first', querystring: runsQuery}},
		async request => listRuns(parts, request.query as z.output<typeof runsQuery>),
	);
	server.get('/runs/:id', {schema: {tags: ['runs'], summary: 'A run with its steps', params}}, async request =>
		runViewOf(findRun(parts, (request.params as z.output<typeof params>).id)),
	);
	server.get(
		'/runs/:id/state',
		{schema: {tags: ['runs'], summary: 'A run as the fold of its events, to go on folding', params}},
		async request => {
			// What memory has and the disk has not would be folded twice by whoever goes on from here.
			parts.journal.flush();
			return findRun(parts, (request.params as z.output<typeof params>).id);
		},
	);
	server.get(
		'/runs/:id/recording',
		{schema: {tags: ['runs'], summary: 'What its agents answered, for a recording', params}},
		async (request): Promise<RunRecording> => {
			const run = findRun(parts, (request.params as z.output<typeof params>).id);
			if (!run.record) throw runNotRecorded(run.id);
			if (!isRunEnded(run)) throw runNotEnded(run.id);
			// What memory has, the journal must have too before it is read.
			parts.journal.flush();
			return parts.recordings.of(run.id);
		},
	);
	server.get(
		'/runs/:id/events',
		{schema: {tags: ['runs'], summary: 'The journal of a run, a page', params, querystring: eventsQuery}},
		async (request): Promise<EventsPage> => {
			const id = findRunId(parts, (request.params as z.output<typeof params>).id);
			const {after, limit} = request.query as z.output<typeof eventsQuery>;
			const events = parts.events.ofRun(id, after, limit).map(wireEventOf);
			return {events, next: events.length === limit ? events.at(-1)!.cursor : null};
		},
	);
};

const listRuns = (
	{runs, engine}: DaemonParts,
	{status, workflow, workspace, since, until, all, limit, before}: z.output<typeof runsQuery>,
): RunsPage => {
	const rows = runs.list({
		statuses: status?.split(',').filter(Boolean),
		workflow,
		workspace,
		sinceMs: since === undefined ? undefined : Date.parse(since),
		untilMs: until === undefined ? undefined : Date.parse(until),
		includesChildren: all,
		limit,
		beforeKey: before === undefined ? undefined : Number(before),
	});
	return {
		// The row of an open run is written when its status changes; its progress is in memory.
		runs: rows.map(({view}) => {
			const open = engine.stateOf(view.id);
			return open ? runSummaryViewOf(open) : {...addedFields, ...view};
		}),
		next: rows.length === limit ? String(rows.at(-1)!.key) : null,
	};
};

/** What rows written by earlier versions lack. */
const addedFields = {rollback: null, parentRunId: null, trigger: null};
