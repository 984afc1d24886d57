import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {openSession, type Session, workflowOf} from './session.ts';

let session: Session;

beforeAll(() => {
	session = openSession();
});

afterAll(() => session.close());

const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) console.warn('SKIPPED: python3 is missing, so python steps are not tested.');

test('run --json prints events only, in order, and runs show agrees', async () => {
	const file = session.write(
		'two.md',
		workflowOf('two', '## a\n```sh run\necho hi\necho n=1 >> "$OUTPUT"\n```\n## b\n```sh run\ntrue\n```\n'),
	);
	const {code, stdout, stderr} = await session.aiworkflow(['run', file, '--json']);
	expect(stderr).toBe('');
	expect(code).toBe(0);
	const events = stdout
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line));
	for (const event of events)
		expect(event).toMatchObject({
			cursor: expect.any(Number),
			runId: expect.any(String),
			type: expect.any(String),
			at: expect.stringMatching(/^\d{4}-.*Z$/),
			body: expect.any(Object),
		});
	expect(events.map(event => event.type)).toEqual([
		'run.created',
		'run.started',
		'attempt.started',
		'step.completed',
		'attempt.started',
		'step.completed',
		'run.completed',
	]);
	expect(events.map(event => event.seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
	const shown = await session.aiworkflow(['runs', 'show', events[0].runId, '--json']);
	expect(JSON.parse(shown.stdout)).toMatchObject({
		id: events[0].runId,
		workflow: 'two',
		status: 'completed',
		steps: [
			{
				id: 'a',
				kind: 'script',
				status: 'completed',
				attempts: [{number: 1, status: 'completed'}],
				outputs: {n: '1'},
				text: {preview: 'hi\n'},
				costUsd: 0,
			},
			{id: 'b', kind: 'script', status: 'completed', startedAt: expect.any(String), endedAt: expect.any(String)},
		],
	});
});

test('a failing script fails the run with its last words, exit code 1', async () => {
	const file = session.write(
		'bad.md',
		workflowOf('bad', '## a\n```sh run\necho out; echo "no such thing" >&2; exit 7\n```\n'),
	);
	const {code, stdout} = await session.aiworkflow(['run', file, '--json']);
	expect(code).toBe(1);
	const last = JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
	expect(last).toMatchObject({
		type: 'run.failed',
		body: {failure: {code: 'script.failed', message: expect.stringContaining('no such thing')}},
	});
	const {stdout: shown} = await session.aiworkflow(['runs', 'show', last.runId, '--json']);
	expect(JSON.parse(shown).steps[0]).toMatchObject({status: 'failed', exitCode: 7, failure: {code: 'script.failed'}});
});

const hostile = '$(touch pwned); "; rm -rf x \'';

test.each([
	['sh', 'printf %s "$INPUT_V" > by-input; printf %s "$E" > by-env; cat > by-stdin'],
	['bash', 'printf %s "$INPUT_V" > by-input; printf %s "$E" > by-env; cat > by-stdin'],
	[
		'js',
		"import {readFileSync, writeFileSync} from 'node:fs'; writeFileSync('by-input', process.env.INPUT_V); writeFileSync('by-env', process.env.E); writeFileSync('by-stdin', readFileSync(0));",
	],
	[
		'ts',
		"import {readFileSync, writeFileSync} from 'node:fs'; const v: string = process.env.INPUT_V!; writeFileSync('by-input', v); writeFileSync('by-env', process.env.E!); writeFileSync('by-stdin', readFileSync(0));",
	],
	...(hasPython
		? [
				[
					'python',
					"import os, sys\nopen('by-input', 'w').write(os.environ['INPUT_V'])\nopen('by-env', 'w').write(os.environ['E'])\nopen('by-stdin', 'w').write(sys.stdin.read())",
				],
			]
		: []),
])('a hostile input reaches a %s script byte for byte and executes nothing', async (language, code) => {
	const folder = path.join(session.workspace, `hostile-${language}`);
	session.write(`hostile-${language}/keep`, '');
	const file = session.write(
		`hostile-${language}.md`,
		workflowOf(
			`hostile-${language}`,
			`## a\n\`\`\`yaml step\ncwd: hostile-${language}\nenv: { E: "\${{ inputs.v }}" }\nstdin: \${{ inputs.v }}\n\`\`\`\n\`\`\`${language} run\n${code}\n\`\`\`\n`,
			'inputs:\n  v: { type: string, required: true }\n',
		),
	);
	const {code: exit, stderr} = await session.aiworkflow(['run', file, '--input', `v=${hostile}`, '--json']);
	expect(stderr).toBe('');
	expect(exit).toBe(0);
	for (const name of ['by-input', 'by-env', 'by-stdin'])
		expect(readFileSync(path.join(folder, name), 'utf8')).toBe(hostile);
	expect(readdirSync(folder).sort()).toEqual(['by-env', 'by-input', 'by-stdin', 'keep']);
	expect(existsSync(path.join(session.workspace, 'pwned'))).toBe(false);
});

test('only the environment a run may have reaches its scripts', async () => {
	const file = session.write('env.md', workflowOf('env', '## a\n```sh run\nenv\n```\n', 'pass-env: [WANTED]\n'));
	const {stdout} = await session.aiworkflow(['run', file, '--json'], {
		environment: {WANTED: 'yes', UNWANTED: 'no', LC_ALL: 'C.UTF-8'},
	});
	const completed = stdout
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line))
		.find(event => event.type === 'step.completed');
	const names = completed.body.text.preview.split('\n').map((line: string) => line.split('=')[0]);
	expect(names).toContain('WANTED');
	expect(names).toContain('LC_ALL');
	expect(names).not.toContain('UNWANTED');
	expect(names).toEqual(
		expect.arrayContaining([
			'PATH',
			'HOME',
			'OUTPUT',
			'AIWORKFLOW_RUN_ID',
			'AIWORKFLOW_STEP_ID',
			'AIWORKFLOW_STEP_KEY',
			'AIWORKFLOW_BUNDLE',
		]),
	);
});

test('a secret is masked wherever output is read, and refused as an output', async () => {
	const file = session.write(
		'secret.md',
		workflowOf(
			'secret',
			'## a\n```yaml step\nenv: { TOKEN: "${{ secrets.TOKEN }}" }\ncontinue-on-error: true\n```\n```sh run\necho "the token is $TOKEN"; echo "oops $TOKEN" >&2; exit 1\n```\n## b\n```yaml step\nenv: { TOKEN: "${{ secrets.TOKEN }}" }\n```\n```sh run\necho "leak=$TOKEN" >> "$OUTPUT"\n```\n',
		),
	);
	const {stdout} = await session.aiworkflow(['run', file, '--json'], {environment: {TOKEN: 'super-secret-value'}});
	expect(stdout).not.toContain('super-secret-value');
	expect(stdout).toContain('the token is ***');
	const last = JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
	expect(last.body.failure.code).toBe('output.secret');
	const logs = await session.aiworkflow(['runs', 'logs', last.runId, 'a']);
	expect(logs.stdout).toContain('the token is ***');
	expect(logs.stdout + logs.stderr).not.toContain('super-secret-value');
	for (const name of ['journal.db', 'journal.db-wal', 'daemon.log']) {
		const place = path.join(session.stateFolder, name);
		if (existsSync(place)) expect(readFileSync(place).includes('super-secret-value'), name).toBe(false);
	}
});

test('a missing secret is said before anything runs', async () => {
	const file = session.write(
		'needs.md',
		workflowOf(
			'needs',
			'## a\n```yaml step\nenv: { T: "${{ secrets.NOT_SET_ANYWHERE }}" }\n```\n```sh run\ntrue\n```\n',
		),
	);
	const {code, stderr} = await session.aiworkflow(['run', file]);
	expect(code).toBe(2);
	expect(stderr).toContain('NOT_SET_ANYWHERE');
});

test('a script that takes too long is ended, with all it started', async () => {
	const file = session.write(
		'slow.md',
		workflowOf('slow', '## a\n```yaml step\ntimeout: 300ms\n```\n```sh run\nsleep 600 & echo $! > child; wait\n```\n'),
	);
	const {code, stdout} = await session.aiworkflow(['run', file, '--json']);
	expect(code).toBe(1);
	expect(JSON.parse(stdout.trimEnd().split('\n').at(-1)!).body.failure.code).toBe('attempt.timed-out');
	const child = Number(readFileSync(path.join(session.workspace, 'child'), 'utf8'));
	// An orphan stays a zombie where process 1 reaps none.
	expect(existsSync(`/proc/${child}/stat`) ? readFileSync(`/proc/${child}/stat`, 'utf8').split(') ')[1]![0] : 'Z').toBe(
		'Z',
	);
});

test('declared outputs are checked and coerced', async () => {
	const good = session.write(
		'good.md',
		workflowOf(
			'good',
			'## a\n```yaml step\noutputs: { n: integer }\n```\n```sh run\necho n=42 >> "$OUTPUT"\n```\n',
			'outputs:\n  n: ${{ steps.a.outputs.n }}\n',
		),
	);
	const ended = await session.aiworkflow(['run', good, '--json']);
	expect(JSON.parse(ended.stdout.trimEnd().split('\n').at(-1)!).body.outputs).toEqual({n: 42});
	const bad = session.write(
		'worse.md',
		workflowOf('worse', '## a\n```yaml step\noutputs: { n: integer }\n```\n```sh run\necho n=many >> "$OUTPUT"\n```\n'),
	);
	const failed = await session.aiworkflow(['run', bad, '--json']);
	expect(JSON.parse(failed.stdout.trimEnd().split('\n').at(-1)!).body.failure).toMatchObject({
		code: 'output.invalid',
		message: expect.stringContaining('n'),
	});
});

test('a large text is read whole by expressions and kept out of the journal', async () => {
	const file = session.write(
		'large.md',
		workflowOf(
			'large',
			'## a\n```sh run\nhead -c 300000 /dev/zero | tr "\\0" x\n```\n## b\n```yaml step\nstdin: ${{ steps.a.text }}\n```\n```sh run\nwc -c\n```\n## c\n```yaml step\nenv: { BIG: "${{ steps.a.text }}" }\n```\n```sh run\ntrue\n```\n',
		),
	);
	const {stdout} = await session.aiworkflow(['run', file, '--json']);
	const events = stdout
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line));
	const texts = events.filter(event => event.type === 'step.completed').map(event => event.body.text);
	expect(texts[0]).toMatchObject({sizeBytes: 300_000, isWhole: false});
	expect(texts[0].preview.length).toBeLessThan(40_000);
	expect(texts[1].preview.trim()).toBe('300000');
	expect(events.at(-1).body.failure).toMatchObject({
		code: 'env.too-large',
		suggestion: expect.stringContaining('stdin'),
	});
});

test('cancelling ends a running script and the run says so', async () => {
	const file = session.write(
		'long.md',
		workflowOf(
			'long',
			'## a\n```sh run\ntouch begun; sleep 600\n```\n## tidy\n```yaml step\nif: always()\n```\n```sh run\ntouch tidied\n```\n',
		),
	);
	const {stdout} = await session.aiworkflow(['run', file, '--detach', '--json']);
	const {runId} = JSON.parse(stdout);
	const cancelled = await session.aiworkflow(['runs', 'cancel', runId]);
	expect(cancelled.code).toBe(0);
	const events = await session.finish(runId);
	expect(events.at(-1)?.type).toBe('run.cancelled');
	expect(existsSync(path.join(session.workspace, 'tidied'))).toBe(true);
	const again = await session.aiworkflow(['runs', 'cancel', runId]);
	expect(again.code).toBe(1);
	expect(again.stderr).toContain('already ended');
});

test('eight parallel sleeps of one second take far less than eight', async () => {
	const steps = Array.from(
		{length: 8},
		(_, index) =>
			`## p${index}\n\`\`\`yaml step\nneeds: []\n\`\`\`\n\`\`\`sh run\necho start >> order; sleep 1; echo end >> order\n\`\`\`\n`,
	);
	await session.aiworkflow(['run', session.write('parallel.md', workflowOf('parallel', steps.join('\n')))]);
	const order = readFileSync(path.join(session.workspace, 'order'), 'utf8').trim().split('\n');
	// All began before one ended: the claim is about order, not about a clock.
	expect(order.slice(0, 8)).toEqual(Array.from({length: 8}, () => 'start'));
});

test('each step of `runs logs` begins on a line of its own', async () => {
	const text = workflowOf('glued', '## one\n```sh run\nprintf first\n```\n## two\n```sh run\nprintf second\n```\n');
	const runId = await session.start(session.write('glued.md', text));
	await session.finish(runId);
	expect((await session.aiworkflow(['runs', 'logs', runId])).stdout).toBe('── one\nfirst\n── two\nsecond\n');
	expect((await session.aiworkflow(['runs', 'logs', runId, 'one'])).stdout).toBe('first');
});
