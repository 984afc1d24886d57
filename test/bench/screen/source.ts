import {mkdirSync} from 'node:fs';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import path from 'node:path';
import {wireEventOf} from '../../../source/run/wire.ts';
import {createWorld, type World} from './world.ts';

/**
 * A process that speaks the daemon's stream protocol on a real socket and plays a scripted world at so many events a
 * second. It is told what to do over the channel to its parent.
 */
export type Order =
	| {readonly kind: 'world'; readonly open: number; readonly ended: number; readonly areRunning: boolean}
	| {readonly kind: 'rate'; readonly eventsPerSecond: number}
	/** Emits one event that names a run by this; it is the last one so far. */
	| {readonly kind: 'mark'; readonly name: string};

export interface Counts {
	/** Events of the journal and lines of output that were written. */
	readonly sent: number;
	/** Times a client asked for the state of a run: it missed an event. */
	readonly gaps: number;
	/** Streams that were opened; more than one means that a client was cut off. */
	readonly streams: number;
	/** Bytes that waited for a slow client, at most. */
	readonly waitingBytesMax: number;
}

const tickMs = 5;
/** Three of ten are lines of output, where somebody reads it. */
const outputShare = 0.3;
const snapshotRuns = 100;

const [socketPath] = process.argv.slice(2) as [string];
let world: World = createWorld({open: 0, ended: 0, areRunning: false});
let rate = 0;
let due = 0;
let lastMs = performance.now();
const streams = new Set<ServerResponse>();
const readers = new Map<ServerResponse, {runId: string; stepId: string; offset: number}>();
const counts = {sent: 0, gaps: 0, streams: 0, waitingBytesMax: 0};

const eventText = (event: Parameters<typeof wireEventOf>[0]) =>
	`event: journal\nid: ${event.cursor}\ndata: ${JSON.stringify(wireEventOf(event))}\n\n`;

const writeAll = (text: string) => {
	for (const stream of streams) {
		stream.write(text);
		counts.waitingBytesMax = Math.max(counts.waitingBytesMax, stream.writableLength);
	}
};

const tick = () => {
	const nowMs = performance.now();
	due += ((nowMs - lastMs) / 1000) * rate;
	lastMs = nowMs;
	const count = Math.floor(due);
	if (count === 0) return;
	due -= count;
	const outputCount = readers.size > 0 ? Math.round(count * outputShare) : 0;
	let text = '';
	for (let index = 0; index < count - outputCount; index++) {
		for (const event of world.next()) text += eventText(event);
	}

	if (text !== '') writeAll(text);
	for (let index = 0; index < outputCount; index++) printLine();
	counts.sent += count;
	for (const [response, {runId, stepId}] of readers) {
		if (!world.isRunning(runId, stepId)) response.end('{"end":true}\n');
	}
};

let lines = 0;
const printLine = () => {
	for (const [response, reader] of readers) {
		const text = `line ${++lines} of what a step prints, about as long as lines are in a log ${'.'.repeat(lines % 40)}\n`;
		const nextOffset = reader.offset + text.length;
		response.write(`${JSON.stringify({stream: 'stdout', offset: reader.offset, nextOffset, text})}\n`);
		reader.offset = nextOffset;
	}
};

const sendSnapshot = (response: ServerResponse) => {
	const runs = [...world.runs.values()].toReversed();
	for (let start = 0; start === 0 || start < runs.length; start += snapshotRuns) {
		const page = runs.slice(start, start + snapshotRuns);
		const data = {cursor: world.cursor(), runs: page, isLast: start + snapshotRuns >= runs.length};
		response.write(`event: snapshot\ndata: ${JSON.stringify(data)}\n\n`);
	}
};

const json = (response: ServerResponse, body: unknown, status = 200) => {
	response.writeHead(status, {'content-type': 'application/json'});
	response.end(JSON.stringify(body));
};

const answer = (request: IncomingMessage, response: ServerResponse) => {
	const url = new URL(request.url!, 'http://daemon');
	const [, , root, runId, verb, stepId] = url.pathname.split('/');
	if (root === 'health') {
		const startedAt = new Date().toISOString();
		return json(response, {status: 'ok', pid: process.pid, version: '0.1.0', startedAt, cursor: world.cursor()});
	}

	if (root === 'events') {
		counts.streams++;
		response.writeHead(200, {'content-type': 'text/event-stream'});
		sendSnapshot(response);
		streams.add(response);
		return response.on('close', () => streams.delete(response));
	}

	if (root === 'costs') {
		const total = {name: null, costUsd: 0, knownCostUsd: 0, unknown: 0, inputTokens: 0, outputTokens: 0, requests: 0};
		return json(response, {by: 'agent', rows: [], total});
	}

	if (root === 'runs' && verb === 'state' && world.runs.has(runId!)) {
		counts.gaps++;
		return json(response, world.runs.get(runId!));
	}

	if (root === 'runs' && verb === 'steps') {
		if (url.searchParams.get('follow') !== 'true') {
			return json(response, {attempt: 1, chunks: [], stdoutBytes: 0, stderrBytes: 0, isEnded: false});
		}

		response.writeHead(200, {'content-type': 'application/x-ndjson'});
		response.flushHeaders();
		if (!world.isRunning(runId!, stepId!)) return response.end('{"end":true}\n');
		readers.set(response, {runId: runId!, stepId: stepId!, offset: 0});
		return response.on('close', () => readers.delete(response));
	}

	return json(response, {error: {code: 'not-found', message: 'Not part of this bench.'}}, 404);
};

process.on('message', (order: Order) => {
	if (order.kind === 'rate') rate = order.eventsPerSecond;
	else if (order.kind === 'mark') writeAll(eventText(world.mark(order.name)));
	else world = createWorld(order);
	process.send!(counts);
});
process.on('disconnect', () => process.exit(0));
mkdirSync(path.dirname(socketPath), {recursive: true});
createServer(answer).listen(socketPath, () => process.send!(counts));
setInterval(tick, tickMs);
