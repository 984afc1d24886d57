import {existsSync, globSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {WireEvent} from '../../source/run/events.ts';
import {isAlive, openSession, type Session, until, workflowOf} from './session.ts';

let session: Session;
beforeEach(() => {
	session = openSession();
});
afterEach(() => session.close());

const script = (id: string, code: string, settings = '') =>
	`## ${id}\n${settings === '' ? '' : `\`\`\`yaml step\n${settings}\n\`\`\`\n`}\`\`\`sh run\n${code}\n\`\`\`\n\n`;

const start = (name: string, body: string) => session.start(session.write(`${name}.md`, workflowOf(name, body)));
const eventOf = <T extends WireEvent['type']>(events: readonly WireEvent[], type: T) =>
	events.find((event): event is Extract<WireEvent, {type: T}> => event.type === type)!;

const eventsOf = async (runId: string) => (await (await session.client()).runEvents(runId, {})).events;
const happened = (runId: string, type: WireEvent['type']) =>
	until(type, async () => (await eventsOf(runId)).some(event => event.type === type));

const killDaemon = async () => {
	const {pid} = await (await session.client()).health();
	process.kill(pid, 'SIGKILL');
	await until('the daemon to be gone', () => !isAlive(pid));
};

const read = (name: string) => readFileSync(path.join(session.workspace, name), 'utf8');

test('a retry waits for its moment although the daemon was killed in between', {timeout: 30_000}, async () => {
	const runId = await start(
		'retry',
		script('flaky', 'echo x >>tries; [ "$(wc -l <tries)" -ge 2 ]', 'retry: { max: 1, delay: 3s, backoff: constant }'),
	);
	await happened(runId, 'attempt.failed');
	const {retryAtMs} = eventOf(await eventsOf(runId), 'attempt.failed').body;
	await killDaemon();
	const events = await session.finish(runId);
	const second = events.filter(event => event.type === 'attempt.started')[1]!;
	expect(Date.parse(second.at)).toBeGreaterThanOrEqual(retryAtMs);
	expect(events.at(-1)!.type).toBe('run.completed');
});

test('an undo script goes on while the daemon is dead, and is not run twice', {timeout: 30_000}, async () => {
	const runId = await start(
		'undo',
		`${script('work', 'true').trimEnd()}\n\`\`\`sh undo\necho begin >>trace; sleep 1; echo end >>trace\n\`\`\`\n\n${script('fails', 'exit 1')}`,
	);
	await until('the undo to begin', () => existsSync(path.join(session.workspace, 'trace')));
	await killDaemon();
	const events = await session.finish(runId);
	expect(read('trace')).toBe('begin\nend\n');
	expect(eventOf(events, 'rollback.completed').body).toEqual({undone: 1, left: []});
});

test('files come back also where the daemon is killed while it restores them', {timeout: 60_000}, async () => {
	for (let index = 0; index < 300; index++) session.write(`site/${index}`, `old ${index}`);
	const runId = await start(
		'files',
		script('change', 'for f in site/*; do echo new >"$f"; done; echo extra >site/extra', 'undo: { files: [site] }') +
			script('fails', 'exit 1'),
	);
	await happened(runId, 'undo.started');
	await killDaemon();
	await session.finish(runId);
	for (let index = 0; index < 300; index++) expect(read(`site/${index}`)).toBe(`old ${index}`);
	expect(existsSync(path.join(session.workspace, 'site/extra'))).toBe(false);
});

/** Ends a running script behind the back of a daemon that is dead already, as a reboot would. */
const vanish = async (runId: string, stepId: string) => {
	const [claim] = globSync(path.join(session.stateFolder, `runs/${runId}/steps/${stepId}/1/claim`));
	const pid = Number(readFileSync(claim!, 'utf8').split('\n')[0]);
	process.kill(-pid, 'SIGKILL');
	await until('the script to be gone', () => !isAlive(pid));
};

test.each(['retry', 'ask', 'fail'])(
	'an attempt that vanished, with on-interrupt: %s',
	{timeout: 30_000},
	async choice => {
		const runId = await start(
			`interrupt-${choice}`,
			script('work', 'echo x >>begun; [ -e goes-on ] || sleep 60', `on-interrupt: ${choice}`),
		);
		await until('the script to begin', () => existsSync(path.join(session.workspace, 'begun')));
		await killDaemon();
		await vanish(runId, 'work');
		writeFileSync(path.join(session.workspace, 'goes-on'), '');
		if (choice === 'ask') {
			await happened(runId, 'approval.requested');
			const client = await session.client();
			const [question] = (await client.approvals({status: 'open'})).approvals;
			expect(question).toMatchObject({kind: 'interrupt', stepId: 'work', runId});
			await client.approve(question!.id, {origin: {by: 'tester', via: 'api'}});
		}

		const events = await session.finish(runId);
		if (choice === 'fail') {
			expect(eventOf(events, 'step.failed').body.failure.code).toBe('attempt.vanished');
		} else {
			expect(eventOf(events, 'attempt.interrupted').body).toMatchObject({stepId: 'work', reason: 'vanished'});
			expect(events.at(-1)!.type).toBe('run.completed');
		}

		expect(read('begun')).toBe(choice === 'fail' ? 'x\n' : 'x\nx\n');
	},
);

test('a sub-workflow goes on under its parent although the daemon was killed', {timeout: 30_000}, async () => {
	session.write('child.md', workflowOf('child', script('slow', 'echo x >>slowly; sleep 1; echo "n=1" >>"$OUTPUT"')));
	const runId = await start('parent', '## call\n```yaml step\nuses: ./child.md\n```\n\n');
	await until('the child to work', () => existsSync(path.join(session.workspace, 'slowly')));
	await killDaemon();
	const events = await session.finish(runId);
	expect(events.at(-1)!.type).toBe('run.completed');
	expect(read('slowly')).toBe('x\n');
});
