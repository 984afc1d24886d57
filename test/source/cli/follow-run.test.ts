import {rmSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {followRun} from '../../../source/cli/follow-run.ts';
import {connect} from '../../../source/client/connect.ts';
import type {NewEvent, WireEvent} from '../../../source/run/events.ts';
import {runViewOf} from '../../../source/run/views.ts';
import {startFakeDaemon, temporaryFolder} from '../client/fake-daemon.ts';
import {completed, created, origin, runId, started, stateAfter, step, wireEventsOf} from './run-story.ts';

const story: readonly (readonly [number, NewEvent])[] = [
	[0, created([step('a', 'script')])],
	[0, {type: 'run.started', body: {}}],
	[1, started('a')],
	[2, completed('a')],
	[2, {type: 'run.completed', body: {outputs: {}}}],
];
const events = wireEventsOf(story);
const sse = (event: WireEvent) => `event: journal\nid: ${event.cursor}\ndata: ${JSON.stringify(event)}\n\n`;
/** What the daemon answers to the question whether anything follows. */
const viewAfter = (all: readonly WireEvent[]) => JSON.stringify(runViewOf(stateAfter(all)));
const view = viewAfter(events);
const isView = (url: string | undefined) => url === `/v1/runs/${runId}`;
const after = (headers: Record<string, unknown>) =>
	events.filter(({cursor}) => cursor > Number(headers['last-event-id']));

test('a stream that breaks is taken up after the last event, and nothing comes twice', async () => {
	const daemon = await startFakeDaemon(({url, headers}, response) => {
		if (isView(url)) return void response.end(view);
		const [first, second] = after(headers);
		response.write(sse(first!));
		// An event the client has seen, as a restarted daemon might send it again.
		response.write(sse(events[0]!));
		if (second) setTimeout(() => response.destroy(), 5);
	});
	const client = await connect({stateFolder: daemon.stateFolder, start: false});
	const seen: WireEvent[] = [];
	for await (const event of followRun(client, runId)) seen.push(event);
	expect(seen).toEqual(events);
	expect(daemon.requests.filter(request => request.includes('/events'))).toHaveLength(events.length);
});

test('a daemon that was stopped is waited for and not started', async () => {
	const stateFolder = temporaryFolder();
	const daemon = await startFakeDaemon((_, response) => response.write(sse(events[0]!)), stateFolder);
	const client = await connect({stateFolder, daemonEntry: '/nonexistent/daemon.js'});
	const told: boolean[] = [];
	const seen: string[] = [];
	for await (const {type} of followRun(client, runId, {onAway: isAway => void told.push(isAway)})) {
		seen.push(type);
		if (seen.length > 1) continue;
		await daemon.close();
		rmSync(path.join(stateFolder, 'daemon.sock'), {force: true});
		setTimeout(() => {
			void startFakeDaemon(
				({url, headers}, response) => response.end(isView(url) ? view : after(headers).map(sse).join('')),
				stateFolder,
			);
		}, 400);
	}

	expect(seen).toEqual(events.map(({type}) => type));
	expect(told).toEqual([true, false]);
});

test('a cursor out of retention is made up for from the journal of the run', async () => {
	const daemon = await startFakeDaemon(({url}, response) => {
		if (isView(url)) return void response.end(view);
		const page = url!.startsWith(`/v1/runs/${runId}/events`);
		if (page) response.end(JSON.stringify({events: events.slice(0, 3), next: null}));
		else
			response.end(
				`event: snapshot\ndata: ${JSON.stringify({cursor: events[2]!.cursor, runs: [], isLast: true})}\n\n${events.slice(3).map(sse).join('')}`,
			);
	});
	const client = await connect({stateFolder: daemon.stateFolder, start: false});
	const seen: WireEvent[] = [];
	for await (const event of followRun(client, runId)) seen.push(event);
	expect(seen).toEqual(events);
});

test('a daemon that cannot be reached again ends it with that failure', async () => {
	const daemon = await startFakeDaemon((_, response) => response.write(sse(events[0]!)));
	const client = await connect({stateFolder: daemon.stateFolder, start: false});
	const follow = async () => {
		for await (const _ of followRun(client, runId, {retryDelayMs: () => 1})) await daemon.kill();
	};

	await expect(follow()).rejects.toMatchObject({code: 'daemon.unreachable'});
});

test('a signal ends it in order', async () => {
	const daemon = await startFakeDaemon((_, response) => response.write(sse(events[0]!)));
	const client = await connect({stateFolder: daemon.stateFolder, start: false});
	const leave = new AbortController();
	for await (const _ of followRun(client, runId, {signal: leave.signal})) leave.abort();
	expect(daemon.requests).toHaveLength(1);
});

const target = {stepId: 'a', attempt: 1, how: 'script'} as const;

test.each<[why: string, more: NewEvent[]]>([
	[
		'was opened again',
		[
			{type: 'run.reopened', body: {origin, stepIds: ['a'], reason: 'asked for'}},
			started('a', undefined, 2),
			completed('a', 2),
			{type: 'run.completed', body: {outputs: {}}},
		],
	],
	[
		'was rolled back',
		[
			{type: 'rollback.started', body: {origin, reason: 'asked for', targets: [target]}},
			{type: 'undo.started', body: target},
			{type: 'undo.completed', body: target},
			{type: 'rollback.completed', body: {undone: 1, left: []}},
		],
	],
])('an ending of a run that %s is not the end', async (_, more) => {
	const all = wireEventsOf([...story, ...more.map(event => [3, event] as const)]);
	const daemon = await startFakeDaemon(({url}, response) => {
		if (isView(url)) response.end(viewAfter(all));
		else response.write(all.map(sse).join(''));
	});
	const client = await connect({stateFolder: daemon.stateFolder, start: false});
	const seen: WireEvent[] = [];
	for await (const event of followRun(client, runId)) seen.push(event);
	expect(seen).toEqual(all);
});
