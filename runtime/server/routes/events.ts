import {z} from 'zod';
import type {Hint, SnapshotPage} from '../../../source/api/messages.ts';
import {limits} from '../../../source/limits.ts';
import type {JournalEvent} from '../../../source/run/events.ts';
import {type RunState, reduce} from '../../../source/run/state.ts';
import {wireEventOf} from '../../../source/run/wire.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';
import {openEventStream} from '../event-stream.ts';
import {findRunId} from '../find.ts';

const query = z.object({runId: z.string().optional().describe('Only the events of this run.')});

/** Ended runs in a snapshot; older ones are read by `GET /v1/runs`. */
const snapshotEndedRunsMax = 50;

export const registerEvents = (server: Server, parts: DaemonParts): void => {
	server.get(
		'/events',
		{
			schema: {
				tags: ['events'],
				summary: 'Live events (Server-Sent Events): a snapshot first, then the journal as it grows',
				description: 'Send `Last-Event-ID` to go on without a gap and without a snapshot.',
				querystring: query,
			},
		},
		(request, reply) => {
			const {runId: given} = request.query as z.output<typeof query>;
			const runId = given === undefined ? undefined : findRunId(parts, given);
			const lastEventId = request.headers['last-event-id'];
			reply.hijack();
			// From here to the subscription nothing is awaited: what the snapshot shows and what follows leave no gap.
			parts.journal.flush();
			const stream = openEventStream(reply.raw);
			const isWanted = (event: {readonly runId: string | null}) => runId === undefined || event.runId === runId;
			const send = (event: JournalEvent) => isWanted(event) && stream.send('journal', wireEventOf(event), event.cursor);
			const after = typeof lastEventId === 'string' && /^\d+$/.test(lastEventId) ? Number(lastEventId) : undefined;
			if (after === undefined || after > parts.journal.cursor) {
				for (const page of snapshotOf(parts, runId))
					stream.send('snapshot', page, page.isLast ? page.cursor : undefined);
			} else {
				for (const event of missedEvents(parts, runId, after)) send(event);
			}

			const unsubscribe = parts.bus.subscribe(events => events.forEach(send));
			const unlisten = parts.hints.listen((hint: Hint) => isWanted(hint) && stream.hint(hint));
			stream.onClose(() => {
				unsubscribe();
				unlisten();
			});
		},
	);
};

/** Every open run and the newest ended ones, newest first, in pages. */
function* snapshotOf(parts: DaemonParts, runId: string | undefined): Generator<SnapshotPage> {
	const {cursor} = parts.journal;
	const runs = runId === undefined ? runsOfSnapshot(parts) : [stateOf(parts, runId)];
	for (let start = 0; start === 0 || start < runs.length; start += limits.pageRunsMax) {
		const page = runs.slice(start, start + limits.pageRunsMax);
		yield {cursor, runs: page, isLast: start + limits.pageRunsMax >= runs.length};
	}
}

const runsOfSnapshot = (parts: DaemonParts): RunState[] => {
	const open = parts.engine.openRuns();
	const ended = parts.runs
		.list({statuses: ['completed', 'failed', 'cancelled'], limit: snapshotEndedRunsMax})
		.filter(({view}) => !parts.engine.stateOf(view.id))
		.map(({view}) => stateOf(parts, view.id));
	return [...open, ...ended].sort((a, b) => b.createdAtMs - a.createdAtMs || b.cursor - a.cursor);
};

const stateOf = (parts: DaemonParts, id: string): RunState =>
	parts.engine.stateOf(id) ?? parts.events.ofRun(id).reduce<RunState | undefined>(reduce, undefined)!;

function* missedEvents({events}: DaemonParts, runId: string | undefined, after: number): Generator<JournalEvent> {
	for (let cursor = after; ; ) {
		const page =
			runId === undefined
				? events.after(cursor, limits.pageEventsMax)
				: events.ofRun(runId, cursor, limits.pageEventsMax);
		yield* page;
		if (page.length < limits.pageEventsMax) return;
		cursor = page.at(-1)!.cursor;
	}
}
