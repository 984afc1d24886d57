import {chmodSync, existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {mainEntry} from '../../source/install.ts';
import type {WireEvent} from '../../source/run/events.ts';
import {openSession, type Session, typesOf, until, workflowOf} from './session.ts';

let session: Session;

beforeAll(() => {
	session = openSession();
});

afterAll(() => session.close());

const step = (id: string, script: string, settings = '') =>
	`## ${id}\n${settings ? `\`\`\`yaml step\n${settings}\n\`\`\`\n` : ''}\`\`\`sh run\n${script}\n\`\`\`\n`;
const inside = (name: string) => path.join(session.workspace, name);
const open = (gate: string) => writeFileSync(inside(gate), '');
const gated = (gate: string) => `while [ ! -e ${gate} ]; do sleep 0.02; done`;
const statusOf = async (id: string) => (await (await session.client()).run(id)).status;
const eventsOf = async (id: string): Promise<readonly WireEvent[]> =>
	(await (await session.client()).runEvents(id)).events;

/** Waits until nothing happens in it any more, whatever its endings before. */
const settled = (id: string, status: string) =>
	until(`run ${id} to be ${status}`, async () => (await statusOf(id)) === status);

test('a paused run begins nothing new, and goes on where it was', async () => {
	const file = session.write('pause.md', workflowOf('pause', step('a', gated('gate-a')) + step('b', 'echo b > b.txt')));
	const id = await session.start(file);
	await until('the script to begin', async () => (await eventsOf(id)).some(({type}) => type === 'attempt.started'));
	const paused = await session.aiworkflow(['runs', 'pause', id, '--reason', 'lunch']);
	expect(paused).toMatchObject({code: 0, stdout: '‖ pause 1 is paused. What runs goes on: a.\n'});
	open('gate-a');
	await until('a to end', async () => (await (await session.client()).run(id)).stepsEnded === 1);
	expect(await statusOf(id)).toBe('paused');
	expect(existsSync(inside('b.txt'))).toBe(false);
	const shown = await session.aiworkflow(['runs', 'show', id]);
	expect(shown.stdout).toMatch(/^‖ pause 1 {2}paused/);
	expect(shown.stdout).toMatch(/‖ paused by .*: lunch/);
	expect((await session.aiworkflow(['runs', 'list', '--status', 'paused', '--json'])).stdout).toContain(id);

	const resumed = await session.aiworkflow(['runs', 'resume', id, '--watch']);
	expect(resumed.code).toBe(0);
	expect(resumed.stdout).toContain('✓ pause 1  completed');
	expect(resumed.stdout).not.toContain('✓ a');
	const again = await session.aiworkflow(['runs', 'resume', id]);
	expect(again).toMatchObject({code: 1, stderr: expect.stringContaining('is not paused: it is completed')});
	expect((await session.aiworkflow(['runs', 'pause', id])).code).toBe(1);
	expect((await session.aiworkflow(['runs', 'pause', 'zzzz'])).code).toBe(3);
});

test('a retry does what failed again, with the environment of whoever asks, and follows from there', async () => {
	const body =
		step('a', 'echo a >> retry.log') + step('b', 'echo "b $COLOUR" >> retry.log; test -e mended') + step('c', 'true');
	const file = session.write('retry.md', workflowOf('retry', body, 'pass-env: [COLOUR]\n'));
	const first = await session.aiworkflow(['run', file, '--json'], {environment: {COLOUR: 'red'}});
	expect(first.code).toBe(1);
	const id = JSON.parse(first.stdout.split('\n')[0]!).runId;
	open('mended');
	const {code, stdout} = await session.aiworkflow(['runs', 'retry', id, '--watch'], {environment: {COLOUR: 'blue'}});
	expect(code).toBe(0);
	expect(stdout).toMatch(/^⟲ retry 1 goes on. Done again: b, c.\n⟲ retry 1 {2}goes on/);
	expect(stdout).not.toContain('failed');
	expect(readFileSync(inside('retry.log'), 'utf8')).toBe('a\nb red\nb blue\n');

	// Both endings are in the journal: whoever watches from the beginning sees all of it, and stops at the last one.
	const watched = await session.aiworkflow(['runs', 'watch', id, '--json']);
	expect(watched.code).toBe(0);
	const types = typesOf(
		watched.stdout
			.trimEnd()
			.split('\n')
			.map(line => JSON.parse(line)),
	);
	expect(types).toContain('run.failed');
	expect(types.at(-1)).toBe('run.completed');
	const nothing = await session.aiworkflow(['runs', 'retry', id]);
	expect(nothing).toMatchObject({code: 1, stderr: expect.stringContaining('there is nothing to retry')});

	const from = await session.aiworkflow(['runs', 'resume', id, '--from', 'b', '--watch']);
	expect(from.code).toBe(0);
	const {steps} = await (await session.client()).run(id);
	expect(steps.map(({generation}) => generation)).toEqual([1, 3, 3]);
	const mistyped = await session.aiworkflow(['runs', 'retry', id, '--from', 'bb']);
	expect(mistyped).toMatchObject({code: 3, stderr: expect.stringContaining('Did you mean `b`?')});
});

test('a retry needs the secrets that the run needs', async () => {
	const settings = 'env: { TOKEN: "${{ secrets.TOKEN }}" }';
	const file = session.write('secret.md', workflowOf('secret', step('a', 'test -e has-token', settings)));
	const first = await session.aiworkflow(['run', file, '--json'], {environment: {TOKEN: 'hunter22'}});
	const id = JSON.parse(first.stdout.split('\n')[0]!).runId;
	const without = await session.aiworkflow(['runs', 'retry', id]);
	expect(without).toMatchObject({code: 2, stderr: expect.stringContaining('needs the secret TOKEN')});
	open('has-token');
	const withIt = await session.aiworkflow(['runs', 'retry', id, '--watch'], {environment: {TOKEN: 'hunter22'}});
	expect(withIt.code).toBe(0);
});

test('a step is skipped for a reason, and what needs it runs', async () => {
	const body = step('a', gated('never')) + step('b', 'echo b > skipped-b.txt');
	const id = await session.start(session.write('skip.md', workflowOf('skip', body)));
	await until('the script to begin', async () => (await eventsOf(id)).some(({type}) => type === 'attempt.started'));
	expect((await session.aiworkflow(['runs', 'skip', id, 'a'])).code).toBe(2);
	const skipped = await session.aiworkflow(['runs', 'skip', id, 'a', '--reason', 'done by hand']);
	expect(skipped).toMatchObject({code: 0, stdout: expect.stringContaining('goes on without a')});
	await settled(id, 'completed');
	expect(existsSync(inside('skipped-b.txt'))).toBe(true);
	const {steps} = await (await session.client()).run(id);
	expect(steps[0]).toMatchObject({status: 'skipped', skipped: {reason: 'asked'}});
	expect((await session.aiworkflow(['runs', 'skip', id, 'a', '--reason', 'x'])).code).toBe(1);
});

test('one step is cancelled, and what does not need it goes on', async () => {
	const body = step('a', gated('never')) + step('b', gated('gate-step'), 'needs: []');
	const id = await session.start(session.write('one.md', workflowOf('one', body)));
	await until(
		'both to begin',
		async () => (await eventsOf(id)).filter(({type}) => type === 'attempt.started').length === 2,
	);
	const {code, stdout} = await session.aiworkflow(['runs', 'cancel', id, '--step', 'a', '--reason', 'too slow']);
	expect({code, stdout}).toMatchObject({
		code: 0,
		stdout: expect.stringContaining('Step a of one 1 is being cancelled.'),
	});
	open('gate-step');
	await settled(id, 'cancelled');
	const {steps} = await (await session.client()).run(id);
	expect(steps.map(({status}) => status)).toEqual(['cancelled', 'completed']);
});

test('a signal is sent with data, and kept where nobody waits yet', async () => {
	const body = `${step('a', gated('gate-signal'))}## gate\n\`\`\`yaml step\nwait: { signal: go }\n\`\`\`\n${step('b', 'true')}`;
	const id = await session.start(session.write('signal.md', workflowOf('signal', body)));
	const early = await session.aiworkflow(['runs', 'signal', id, 'go', '--data', '{"tag": "v1"}']);
	expect(early).toMatchObject({code: 0, stderr: expect.stringContaining('No step waits for it yet')});
	expect((await (await session.client()).run(id)).signals).toMatchObject([{name: 'go', data: {tag: 'v1'}}]);
	open('gate-signal');
	await settled(id, 'completed');
	expect((await session.aiworkflow(['runs', 'signal', id, 'go'])).code).toBe(1);
});

const undoable = (name: string, undo: string) =>
	workflowOf(
		name,
		`${step('files', `echo new > ${name}.txt`, `savepoint: begun\nundo: { files: [${name}.txt] }`)}` +
			`## tag\n\`\`\`sh run\necho "id=7" >> "$OUTPUT"\n\`\`\`\n\`\`\`sh undo\necho "untag $STEP_OUTPUT_ID"; ${undo}\n\`\`\`\n`,
	);

test('a rollback waits for its end, says what was undone, and what printed it', async () => {
	writeFileSync(inside('back.txt'), 'old\n');
	const file = session.write('back.md', undoable('back', 'true'));
	const run = await session.aiworkflow(['run', file, '--json']);
	expect(run.code).toBe(0);
	const id = JSON.parse(run.stdout.split('\n')[0]!).runId;
	expect(readFileSync(inside('back.txt'), 'utf8')).toBe('new\n');

	const unsure = await session.aiworkflow(['runs', 'rollback', id]);
	expect(unsure).toMatchObject({code: 2, stderr: expect.stringContaining('Give `--yes`')});
	const unknown = await session.aiworkflow(['runs', 'rollback', id, '--to', 'begin', '--yes']);
	expect(unknown).toMatchObject({code: 3, stderr: expect.stringContaining('Did you mean `begun`?')});

	const part = await session.aiworkflow(['runs', 'rollback', id, '--to', 'begun', '--yes', '--json']);
	expect(part.code).toBe(0);
	expect(JSON.parse(part.stdout)).toMatchObject({
		runId: id,
		status: 'done',
		undone: [{stepId: 'tag', how: 'script', status: 'undone', failure: null}],
		left: [],
	});
	expect((await session.aiworkflow(['runs', 'logs', id, 'tag', '--undo'])).stdout).toBe('untag 7\n');

	const rest = await session.aiworkflow(['runs', 'rollback', id, '--yes']);
	expect(rest.code).toBe(0);
	expect(rest.stdout).toContain('✓ files  undone (files)');
	expect(rest.stdout).toContain('rolled back: 1 undone');
	expect(readFileSync(inside('back.txt'), 'utf8')).toBe('old\n');
	const nothing = await session.aiworkflow(['runs', 'rollback', id, '--yes']);
	expect(nothing).toMatchObject({code: 1, stderr: expect.stringContaining('has nothing to undo')});
	const shown = await session.aiworkflow(['runs', 'show', id]);
	expect(shown.stdout).toMatch(/^✓ back 1 {2}completed, rolled back/);
	expect((await session.aiworkflow(['runs', 'logs', id, 'files', '--undo'])).code).toBe(3);
});

test('a rollback that leaves something ends with 1 and says exactly what', async () => {
	const file = session.write('stuck.md', undoable('stuck', 'exit 9'));
	const run = await session.aiworkflow(['run', file, '--json']);
	const id = JSON.parse(run.stdout.split('\n')[0]!).runId;
	const {code, stdout, stderr} = await session.aiworkflow(['runs', 'rollback', id, '--yes']);
	expect(code).toBe(1);
	expect(stdout).toContain('✗ tag    not undone (script): failed, exit 9');
	expect(stdout).toContain('✗ stuck 1  rolled back in part: 1 undone, left: tag (script)');
	expect(stderr).toContain(`aiworkflow runs logs ${id} tag --undo`);
	expect((await session.aiworkflow(['runs', 'list', '--workflow', 'stuck'])).stdout).toContain('rolled back in part');
});

test('a run that fails undoes what it did, and both are followed to the end', async () => {
	const file = session.write('fails.md', `${undoable('fails', 'true')}${step('last', 'exit 1')}`);
	const {code, stdout} = await session.aiworkflow(['run', file]);
	expect(code).toBe(1);
	expect(stdout).toContain('rolled back: 2 undone');
	expect(stdout).toMatch(/✗ fails 1 {2}failed after .*\n {2}Step "last" failed/);
});

test('what was undone is done again by a retry, and not taken over by a fork', async () => {
	const body = `${step('a', 'echo a >> redo.log')}## tag
\`\`\`sh run
echo tag >> redo.log
\`\`\`
\`\`\`sh undo
echo untag >> redo.log
\`\`\`
${step('last', 'test -e redo-mended')}`;
	const run = await session.aiworkflow(['run', session.write('redo.md', workflowOf('redo', body)), '--json']);
	const id = JSON.parse(run.stdout.split('\n')[0]!).runId;
	expect(readFileSync(inside('redo.log'), 'utf8')).toBe('a\ntag\nuntag\n');
	const fork = JSON.parse((await session.aiworkflow(['runs', 'fork', id, '--json'])).stdout);
	expect(fork).toMatchObject({adopted: ['a'], stepIds: ['tag', 'last']});
	await settled(fork.runId, 'failed');
	open('redo-mended');
	const retried = await session.aiworkflow(['runs', 'retry', id, '--watch']);
	expect(retried).toMatchObject({code: 0, stdout: expect.stringContaining('Done again: tag, last.')});
	expect(readFileSync(inside('redo.log'), 'utf8')).toBe('a\ntag\nuntag\ntag\nuntag\ntag\n');
});

test('a fork takes over what was done, with other inputs', async () => {
	const body = step('a', 'echo "made by a"') + step('b', 'echo "$INPUT_WHO" >> forked.txt');
	const inputs = 'inputs:\n  who: { type: string, default: one, enum: [one, two] }\n';
	const file = session.write('fork.md', workflowOf('fork', body, inputs));
	const first = await session.aiworkflow(['run', file, '--json']);
	const id = JSON.parse(first.stdout.split('\n')[0]!).runId;
	rmSync(file);
	const wrong = await session.aiworkflow(['runs', 'fork', id, '--input', 'who=three']);
	expect(wrong).toMatchObject({code: 2, stderr: expect.stringContaining('must be one of "one", "two"')});
	const forked = await session.aiworkflow(['runs', 'fork', id, '--from', 'b', '--input', 'who=two', '--json']);
	expect(forked.code).toBe(0);
	const fork = JSON.parse(forked.stdout);
	expect(fork).toMatchObject({number: 2, forkedFrom: id, adopted: ['a'], stepIds: ['b']});
	await settled(fork.runId, 'completed');
	expect(readFileSync(inside('forked.txt'), 'utf8')).toBe('one\ntwo\n');
	expect((await session.aiworkflow(['runs', 'logs', fork.runId, 'a'])).stdout).toBe('made by a\n');
	const shown = await session.aiworkflow(['runs', 'show', fork.runId]);
	expect(shown.stdout).toContain(`forked from run ${id}`);
	expect(shown.stdout).toContain(`taken over from run ${id}`);
	const late = await session.aiworkflow(['runs', 'fork', id, '--at', '999']);
	expect(late).toMatchObject({code: 3, stderr: expect.stringContaining('has no event 999')});
});

test('a step cannot steer its own run, but it may send it a signal', async () => {
	const steer = (words: string, code: string) => `set +e; aiworkflow runs ${words}; echo "${code}=$?" >> "$OUTPUT"`;
	const script = [
		steer('skip $AIWORKFLOW_RUN_ID b --reason x', 'skip'),
		steer('retry $AIWORKFLOW_RUN_ID', 'retry'),
		steer('fork $AIWORKFLOW_RUN_ID', 'fork'),
		steer('rollback $AIWORKFLOW_RUN_ID --yes', 'rollback'),
		steer('resume $AIWORKFLOW_RUN_ID', 'resume'),
		steer('signal $AIWORKFLOW_RUN_ID go', 'signal'),
		steer('pause $AIWORKFLOW_RUN_ID', 'pause'),
	].join('\n');
	const bin = inside('bin');
	session.write('bin/aiworkflow', `#!/bin/sh\nexec "${process.execPath}" "${mainEntry}" "$@"\n`);
	chmodSync(path.join(bin, 'aiworkflow'), 0o755);
	const file = session.write(
		'inside.md',
		workflowOf('inside', step('a', `PATH="${bin}:$PATH"\n${script}`) + step('b', 'true')),
	);
	const id = await session.start(file);
	await until('a to end', async () => (await (await session.client()).run(id)).stepsEnded === 1);
	const {steps, paused} = await (await session.client()).run(id);
	expect(steps[0]!.outputs).toEqual({
		...{skip: '5', retry: '5', fork: '5', rollback: '5', resume: '5'},
		...{signal: '0', pause: '0'},
	});
	expect(paused).not.toBeNull();
	await session.aiworkflow(['runs', 'resume', id]);
	await settled(id, 'completed');
});

test('items are shown with their counts, and read one by one', async () => {
	const settings = 'foreach: [x, y, z]\nenv: { ITEM: "${{ item }}" }\ncontinue-on-error: true';
	const file = session.write(
		'items.md',
		workflowOf('items', step('each', 'echo "did $ITEM"; [ "$ITEM" != y ]', settings)),
	);
	const run = await session.aiworkflow(['run', file]);
	expect(run.code).toBe(0);
	expect(run.stdout).toContain('✗ each[1]  failed, exit 1');
	const list = JSON.parse((await session.aiworkflow(['runs', 'list', '--workflow', 'items', '--json'])).stdout);
	const {id} = list.runs[0];
	expect((await session.aiworkflow(['runs', 'logs', id, 'each[1]'])).stdout).toBe('did y\n');
	expect((await session.aiworkflow(['runs', 'logs', id, 'each.2'])).stdout).toBe('did z\n');
	expect((await session.aiworkflow(['runs', 'logs', id, 'each'])).stdout).toBe(
		'── each[0]\ndid x\n── each[1]\ndid y\n── each[2]\ndid z\n',
	);
	const missing = await session.aiworkflow(['runs', 'logs', id, 'each[3]']);
	expect(missing).toMatchObject({code: 3, stderr: expect.stringContaining('They are each[0] to each[2]')});
	const shown = await session.aiworkflow(['runs', 'show', id]);
	expect(shown.stdout).toMatch(/✗ each .* 3\/3 items, 1 failed/);
	expect(shown.stdout).toMatch(/✗ each\[1\] .* script.failed/);
});

test('runs of sub-workflows are listed below their step, and by themselves only with --all', async () => {
	session.write('child.md', workflowOf('child', step('inner', 'echo inner')));
	const file = session.write('parent.md', workflowOf('parent', '## deploy\n```yaml step\nuses: ./child.md\n```\n'));
	const run = await session.aiworkflow(['run', file]);
	expect(run.code).toBe(0);
	const childId = /▶ deploy {2}run (\w+)/.exec(run.stdout)![1]!;
	expect((await session.aiworkflow(['runs', 'list', '--workflow', 'child'])).stdout).toBe('');
	expect((await session.aiworkflow(['history', '--workflow', 'child', '--all'])).stdout).toContain(childId);
	const {runs} = JSON.parse((await session.aiworkflow(['runs', 'list', '--workflow', 'parent', '--json'])).stdout);
	const shown = await session.aiworkflow(['runs', 'show', runs[0].id]);
	expect(shown.stdout).toMatch(new RegExp(`✓ child 1 +run +completed .*${childId}\\n +✓ inner`));
	expect((await session.aiworkflow(['runs', 'show', childId])).stdout).toContain(
		`started by step deploy of run ${runs[0].id}`,
	);
});
