import {afterAll, beforeAll, expect, test} from 'vitest';
import type {Client} from '../../source/client/client.ts';
import {openSession, type Session, workflowOf} from './session.ts';

let session: Session;
let client: Client;
const runIds: string[] = [];

/** More than a stream may be behind, in runs that wait. */
beforeAll(async () => {
	session = openSession();
	client = await session.client();
	const file = session.write(
		'waits.md',
		workflowOf('waits', '## ask\n```yaml step\napproval: {}\n```\n', 'inputs:\n  text: {type: string}\n'),
	);
	for (let count = 0; count < 40; count++)
		runIds.push(await session.start(file, {inputs: {text: 'x'.repeat(1_000_000)}}));
});

afterAll(() => session.close());

test('a snapshot larger than what a stream may be behind arrives whole', async () => {
	const seen: string[] = [];
	for await (const message of client.events()) {
		if (message.kind !== 'snapshot') continue;
		seen.push(...message.data.runs.map(run => run.id));
		if (message.data.isLast) break;
	}

	expect(seen.sort()).toEqual([...runIds].sort());
});

test('a journal that was missed from its beginning arrives whole, and what happens follows it', async () => {
	const created: string[] = [];
	let last = '';
	for await (const message of client.events({lastEventId: 0})) {
		if (message.kind !== 'journal') continue;
		if (message.data.type === 'run.created') created.push(message.data.runId!);
		if (message.data.type === 'run.cancelled') break;
		if (created.length < runIds.length || last) continue;
		last = runIds[0]!;
		await client.cancelRun(last, {origin: {by: 'tester', via: 'api'}});
	}

	expect(created).toEqual(runIds);
});
