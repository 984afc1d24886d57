import {cpSync, existsSync, readdirSync} from 'node:fs';
import path from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {packageFolder} from '../../source/install.ts';
import type {WireEvent} from '../../source/run/events.ts';
import {json, serve} from '../sessions/http-server.ts';
import {openSession, type Session, typesOf} from '../sessions/session.ts';

const folder = path.join(packageFolder, 'examples/language');
/** `tests/` holds what `aiworkflow test` expects of them, `tools/` what they call. */
const examples = readdirSync(folder)
	.filter(name => !['tests', 'recordings', 'tools'].includes(name))
	.map(name => name.replace(/\.md$/, ''));

/** The network is not asked for anything. */
const inputsOf: Readonly<Record<string, () => Record<string, unknown>>> = {http: () => ({server: server.url})};

let session: Session;
let server: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
	session = openSession();
	server = await serve((_, response) => json(response, {tag_name: 'v24.12.0'}));
	cpSync(folder, session.workspace, {recursive: true});
});
afterAll(async () => {
	await session.close();
	await server.close();
});

const run = async (example: string): Promise<WireEvent[]> => {
	const file = path.join(
		session.workspace,
		existsSync(path.join(session.workspace, `${example}.md`)) ? `${example}.md` : `${example}/workflow.md`,
	);
	return session.finish(await session.start(file, {approveAll: true, inputs: inputsOf[example]?.()}));
};

/** What each example is there to show, as the journal tells it; by default it ends well. */
const shows: Readonly<Record<string, {readonly ending?: string; readonly types: readonly string[]}>> = {
	budget: {types: ['usage.recorded', 'step.completed']},
	cache: {types: ['step.completed']},
	concurrency: {types: ['step.completed']},
	'continue-on-error': {types: ['step.failed', 'run.completed']},
	editable: {types: ['approval.approved', 'step.completed']},
	failover: {types: ['step.completed']},
	foreach: {types: ['items.expanded', 'item.completed']},
	goto: {types: ['approval.approved']},
	http: {types: ['step.completed']},
	'idle-timeout': {types: ['step.failed']},
	matrix: {types: ['items.expanded', 'item.completed']},
	'on-schedule': {types: ['step.completed']},
	'on-files': {types: ['step.completed']},
	'on-interrupt': {types: ['step.completed']},
	'on-webhook': {types: ['step.completed']},
	'on-event': {types: ['step.completed']},
	'on-run': {types: ['step.completed']},
	'on-queue': {types: ['step.completed']},
	permissions: {types: ['step.completed']},
	repeat: {types: ['attempt.completed']},
	retry: {types: ['attempt.failed']},
	savepoint: {types: ['step.completed']},
	sql: {types: ['step.completed']},
	timeout: {types: ['step.failed']},
	tool: {types: ['step.completed']},
	transform: {types: ['step.completed']},
	'undo-fence': {ending: 'run.failed', types: ['rollback.started', 'undo.completed', 'rollback.completed']},
	'undo-files': {ending: 'run.failed', types: ['snapshot.taken', 'undo.completed']},
	'undo-git': {ending: 'run.failed', types: ['snapshot.taken', 'undo.completed']},
	'undo-tool': {ending: 'run.failed', types: ['rollback.started', 'undo.completed']},
	uses: {types: ['attempt.started']},
	'wait-duration': {types: ['wait.started']},
	'wait-signal': {types: ['wait.started']},
	webhook: {types: ['step.completed']},
};

test('every example is run here', () => {
	expect(Object.keys(shows).sort()).toEqual([...examples].sort());
});

test.each(examples)('%s does what it shows', {timeout: 30_000}, async example => {
	const events = await run(example);
	const {ending = 'run.completed', types} = shows[example]!;
	expect(events.at(-1)!.type, JSON.stringify(events.at(-1)!.body)).toBe(ending);
	expect(typesOf(events)).toEqual(expect.arrayContaining([...types]));
});

test('the second run of the cache example is a hit', async () => {
	const events = await run('cache');
	const hits = events.filter(event => event.type === 'step.completed' && event.body.cached);
	expect(hits.length).toBeGreaterThan(0);
});
