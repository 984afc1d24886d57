import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {appendFileSync, existsSync, mkdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {mainEntry} from '../../source/install.ts';
import {limits} from '../../source/limits.ts';
import type {WireEvent} from '../../source/run/events.ts';
import {openSession, type Session, until} from './session.ts';

let session: Session;
beforeEach(() => {
	session = openSession();
});
afterEach(() => session.close());

const workflow = (on: string, script: string) =>
	session.write(
		'.aiworkflow/workflows/inbox.md',
		`---\nname: inbox\ninputs:\n  files: { type: array, default: [] }\non:\n  files: { ${on}, with: { files: "\${{ trigger.files }}" } }\n---\n# inbox\n\n## work\n\`\`\`sh run\n${script}\n\`\`\`\n`,
	);

/** A script that notes every file it was given, with its size, outside of what is watched. */
const notes = `node -e '
const fs = require("node:fs");
for (const file of JSON.parse(process.env.INPUT_FILES))
	fs.appendFileSync("seen.log", file + " " + fs.statSync(file).size + "\\n");
'`;

const seen = (): string[] => {
	const file = path.join(session.workspace, 'seen.log');
	return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').filter(Boolean).sort() : [];
};

const trust = async () => expect((await session.aiworkflow(['trust', '--yes'])).code).toBe(0);

const eventsUntil = async (holds: (event: WireEvent) => boolean): Promise<WireEvent[]> => {
	const events: WireEvent[] = [];
	for await (const message of (await session.client()).events({lastEventId: 0})) {
		if (message.kind !== 'journal') continue;
		events.push(message.data);
		if (holds(message.data)) break;
	}

	return events;
};

test('files start runs once the workspace is trusted, and those that were there do not', async () => {
	workflow('paths: "inbox/*", settle: 100ms', notes);
	session.write('inbox/before.md', 'there');
	await session.client();
	session.write('inbox/untrusted.md', 'there');
	await trust();
	session.write('inbox/a.md', 'one');
	await until('the run', () => seen().length > 0);
	expect(seen()).toEqual(['inbox/a.md 3']);
	const {runs} = await (await session.client()).runs({});
	const [created] = await session.finish(runs[0]!.id);
	const data = {file: 'inbox/a.md', files: ['inbox/a.md'], event: 'add', size: 3};
	expect(created).toMatchObject({body: {taint: 'file inbox/a.md', trigger: {id: 'files', data}}});
});

test('a run that rewrites its own file does not start another, and what others write meanwhile does', async () => {
	workflow(
		'paths: "inbox/*", settle: 100ms',
		`${notes}\nsleep 0.5\nfor name in $(echo "$INPUT_FILES" | tr -d '[]",'); do echo rewritten >>"$name"; done`,
	);
	await trust();
	session.write('inbox/a.md', 'one');
	await until('the first run', () => seen().length === 1);
	session.write('inbox/b.md', 'two');
	await until('the second run', () => seen().length === 2);
	session.write('inbox/c.md', 'three');
	await until('the third run', () => seen().length === 3);
	expect(seen()).toEqual(['inbox/a.md 3', 'inbox/b.md 3', 'inbox/c.md 5']);
});

test('a run that writes another file each time ends up as a loop that is told of', {timeout: 60_000}, async () => {
	workflow('paths: "inbox/*", settle: 100ms', `${notes}\necho more >inbox/$AIWORKFLOW_RUN_ID.md`);
	await trust();
	session.write('inbox/a.md', 'one');
	const events = await eventsUntil(({type, body}) => type === 'trigger.skipped' && body.reason === 'loop');
	expect(seen()).toHaveLength(limits.fileGenerationsMax + 2);
	expect(JSON.stringify(events.at(-1))).toContain('ignore:');
});

test('killed in the middle of many files, the daemon loses none and starts none twice', {
	timeout: 120_000,
}, async () => {
	workflow('paths: "inbox/**", settle: 100ms', notes);
	await trust();
	const names = Array.from({length: 60}, (_, index) => `inbox/${index % 5}/${index}.md`);
	const pids: number[] = [];
	for (const [index, name] of names.entries()) {
		session.write(name, 'x');
		await new Promise(resolve => setTimeout(resolve, 10));
		appendFileSync(path.join(session.workspace, name), 'x');
		if (index % 20 !== 19) continue;
		const {pid} = await (await session.client()).health();
		await until('some runs', () => seen().length >= index / 4);
		process.kill(pid, 'SIGKILL');
		pids.push(pid);
	}

	await session.client();
	await until('all runs', () => seen().length >= names.length, 60_000);
	expect(new Set(pids).size).toBe(3);
	const runs = await (await session.client()).runs({limit: 200});
	expect(seen()).toEqual(names.map(name => `${name} 2`).sort());
	expect(runs.runs).toHaveLength(names.length);
});

/** `AIWORKFLOW_PROOF=full` makes a burst of ten thousand. */
const count = process.env.AIWORKFLOW_PROOF === 'full' ? 10_000 : 1000;

test(`a burst of ${count} files, each written in two halves, reaches runs of batches: each once, none half-written`, {
	timeout: 300_000,
}, async () => {
	workflow('paths: "inbox/**", settle: 1s, batch: all, debounce: 1s', notes);
	await trust();
	const half = 'x'.repeat(500);
	const startMs = performance.now();
	const files: string[] = [];
	for (let index = 0; index < count; index++) {
		files.push(session.write(`inbox/${index % 10}/${index}.txt`, half));
		if (index % 50 === 0) await new Promise(resolve => setImmediate(resolve));
		if (index >= 50) appendFileSync(files[index - 50]!, half);
	}

	for (const file of files.slice(-50)) appendFileSync(file, half);
	const writtenMs = performance.now();
	await until('all files', () => seen().length >= count, 200_000);
	const endMs = performance.now();
	const names = files.map(file => `${path.relative(session.workspace, file)} 1000`).sort();
	expect(seen()).toEqual(names);
	const {runs} = await (await session.client()).runs({limit: 200});
	console.log(
		`${count} files, written in ${Math.round(writtenMs - startMs)} ms, in ${runs.length} runs ${Math.round(endMs - writtenMs)} ms later`,
	);
});

const limited = ['-U', '-r', 'sh', '-c', 'echo 6 >/proc/sys/user/max_inotify_watches && exec "$0" "$@"'];
const canLimit = spawnSync('unshare', [...limited, 'true']).status === 0;
if (!canLimit) console.warn('Skipped: this system cannot limit its watches for one process (unshare -U).');

test.runIf(canLimit)('out of watches it says so, and `doctor` how to mend it', async () => {
	workflow('paths: "inbox/**", settle: 100ms', notes);
	for (let index = 0; index < 20; index++) mkdirSync(path.join(session.workspace, `inbox/${index}`), {recursive: true});
	const command = [...limited, process.execPath, mainEntry, 'trust', '--yes'];
	const child = spawn('unshare', command, {cwd: session.workspace, env: session.environment, stdio: 'ignore'});
	await once(child, 'exit');
	await eventsUntil(({type}) => type === 'trigger.impaired');
	const {stdout} = await session.aiworkflow(['doctor']);
	expect(stdout).toContain('trigger inbox files');
	expect(stdout).toContain('fs.inotify.max_user_watches');
});
