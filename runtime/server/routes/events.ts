import {z} from 'zod';
import type {SnapshotPage} from '../../../source/api/messages.ts';
import {limits} from '../../../source/limits.ts';
import type {JournalEvent} from '../../../source/run/events.ts';
import {reduce} from '../../../source/run/reduce.ts';
import type {RunState} from '../../../source/run/state.ts';
import {wireEventOf} from '../../../source/run/wire.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';
import {type EventStream, openEventStream} from '../event-stream.ts';
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
			const after = typeof lastEventId === 'string' && /^\d+$/.test(lastEventId) ? Number(lastEventId) : undefined;
			reply.hijack();
			const stream = openEventStream(reply.raw);
			tell(parts, stream, runId, after).catch(error => {
				parts.log.error({err: error}, 'an event stream failed');
				stream.end();
			});
		},
	);
};

/** What was, as fast as the client reads it, then what happens. */
const tell = async (parts: DaemonParts, stream: EventStream, runId: string | undefined, after: number | undefined) => {
	const {journal, bus, hints} = parts;
	const sent = (event: JournalEvent) => [wireEventOf(event), event.cursor] as const;
	journal.flush();
	let cursor = after;
	const isCompacted = runId === undefined && cursor !== undefined && cursor < parts.events.compactedTo();
	if (cursor === undefined || cursor > journal.cursor || isCompacted) {
		({cursor} = journal);
		for (const page of snapshotOf(parts, runId)) await stream.send('snapshot', page, page.isLast ? cursor : undefined);
	}

	while (!stream.isClosed()) {
		// From here to the subscription nothing is awaited where nothing was missed: that leaves no gap.
		journal.flush();
		const missed = missedEvents(parts, runId, cursor);
		for (const event of missed) await stream.send('journal', ...sent(event));
		if (missed.length > 0) {
			cursor = missed.at(-1)!.cursor;
			continue;
		}

		const isWanted = (event: {readonly runId: string | null}) => runId === undefined || event.runId === runId;
		const unsubscribe = bus.subscribe(events => {
			for (const event of events) if (isWanted(event)) stream.push('journal', ...sent(event));
		});
		const unlisten = hints.listen(hint => isWanted(hint) && stream.hint(hint));
		stream.onClose(() => {
			unsubscribe();
			unlisten();
		});
		return;
	}
};

/** Every open run and the newest ended ones, newest first, in pages. */
function* snapshotOf(parts: DaemonParts, runId: string | undefined): Generator<SnapshotPage> {
	const {cursor} = parts.journal;
	const runs = runId === undefined ? runsOfSnapshot(parts) : [stateOf(parts, runId)];
	let page: RunState[] = [];
	let pageSteps = 0;
	// One after the other: those that only wait are read from the journal, and ten thousand of them are not held at once.
	for (const run of runs) {
		if (
			page.length === limits.pageRunsMax ||
			(page.length > 0 && pageSteps + run.stepOrder.length > limits.pageStepsMax)
		) {
			yield {cursor, runs: page, isLast: false};
			page = [];
			pageSteps = 0;
		}

		page.push(run);
		pageSteps += run.stepOrder.length;
	}

	yield {cursor, runs: page, isLast: true};
}

function* runsOfSnapshot(parts: DaemonParts): Generator<RunState> {
	const open = parts.runs.openKeys();
	const ended = parts.runs
		.list({statuses: ['completed', 'failed', 'cancelled'], includesChildren: true, limit: snapshotEndedRunsMax})
		.map(({key, view}) => ({key, id: view.id}));
	const isOpen = new Set(open.map(({id}) => id));
	const all = [...open, ...ended.filter(({id}) => !isOpen.has(id))].sort((a, b) => b.key - a.key);
	for (const {id} of all) yield stateOf(parts, id);
}

const stateOf = (parts: DaemonParts, id: string): RunState =>
	parts.engine.stateOf(id) ?? parts.events.ofRun(id).reduce<RunState | undefined>(reduce, undefined)!;

const missedEvents = ({events}: DaemonParts, runId: string | undefined, after: number): JournalEvent[] =>
	runId === undefined ? events.after(after, limits.pageEventsMax) : events.ofRun(runId, after, limits.pageEventsMax);
