import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {parse} from 'yaml';
import {packageFolder} from '../../source/install.ts';
import {promptSha256, type RecordedAnswer} from '../../source/recording.ts';
import {isAlive, openSession, type Session, until, workflowOf} from './session.ts';

let session: Session;
beforeEach(async () => {
	session = openSession();
});
afterEach(() => session.close());

const scripted = path.join(packageFolder, 'test/agents/scripted-agent.ts');
const trusted = async (scene = 'obey') => {
	session.write(
		'.aiworkflow/agents.yaml',
		`agents:\n  scripted:\n    command: ${process.execPath}\n    args: [${scripted}, ${scene}]\n`,
	);
	expect((await session.aiworkflow(['trust', '--yes'])).code).toBe(0);
};

const git = (...args: string[]) =>
	execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
		cwd: session.workspace,
		encoding: 'utf8',
		env: {PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1'},
	});
const repository = () => {
	git('init', '--quiet', '--initial-branch=main');
	session.write('.gitignore', 'ignored/\n');
	session.write('kept.txt', 'old\n');
	session.write('gone.txt', 'bye\n');
	git('add', '--all');
	git('commit', '--quiet', '-m', 'first');
};

/** An agent step for each prompt, one after the other. */
const prompting = (name: string, prompts: readonly string[], settings = '') =>
	session.write(
		`flows/${name}.md`,
		workflowOf(
			name,
			prompts.map((prompt, index) => `## s${index}\n${settings}${prompt}\n`).join('\n'),
			'agent: scripted\n',
		),
	);
const recordingOf = (name: string): readonly RecordedAnswer[] =>
	parse(readFileSync(path.join(session.workspace, `flows/recordings/${name}.yaml`), 'utf8')).answers;
const record = (file: string, ...more: string[]) => session.aiworkflow(['run', file, '--record', ...more]);

test('what an agent said and changed is recorded, replayed and tested, and the repository is untouched', async () => {
	await trusted();
	repository();
	session.write('staged.txt', 'staged\n');
	git('add', 'staged.txt');
	session.write('mine.txt', 'not of the agent\n');
	const before = {status: git('status', '--porcelain'), objects: git('count-objects')};
	const prompt = 'WRITE src/new.txt hello\nWRITE kept.txt changed\nDELETE gone.txt\nWRITE ignored/x y\nSAY Done it.';
	const file = prompting('work', [prompt]);
	const {code, stderr} = await record(file);
	expect(stderr).toContain('Recorded 1 answer in flows/recordings/work.yaml.');
	expect(code).toBe(0);

	const [answer] = recordingOf('work');
	expect(answer).toMatchObject({
		step: 's0',
		promptSha256: promptSha256(prompt),
		text: 'Done it.',
		usage: {tokens: {input: 1200, cachedInput: 300, output: 42, reasoning: 7}},
	});
	const changed = [...answer!.patch!.matchAll(/^diff --git a\/(\S+)/gm)].map(([, name]) => name);
	expect(changed).toEqual(['gone.txt', 'kept.txt', 'src/new.txt']);
	expect(git('count-objects')).toBe(before.objects);
	expect(git('diff', '--cached', '--name-only')).toBe('staged.txt\n');
	expect(before.status).toContain('A  staged.txt');

	session.write(
		'flows/work.test.yaml',
		'files: {kept.txt: "old\\n", gone.txt: "bye\\n"}\nexpect:\n  files:\n    src/new.txt: "hello\\n"\n    kept.txt: "changed\\n"\n    gone.txt: {absent: true}\n',
	);
	const tested = await session.aiworkflow(['test', file]);
	expect(tested.stdout).toContain('✓ work › work');
	expect(tested.code).toBe(0);

	session.write('flows/work.md', workflowOf('work', `## s0\n${prompt} Twice.\n`, 'agent: scripted\n'));
	const drifted = await session.aiworkflow(['test', file]);
	expect(drifted.code).toBe(1);
	expect(drifted.stdout).toContain('drift: step s0 was answered from a recording made for another prompt.');
});

test('outside of a repository it is recorded as well', async () => {
	await trusted();
	session.write('kept.txt', 'old\n');
	await record(prompting('plain', ['WRITE kept.txt changed\nSAY ok']));
	expect(recordingOf('plain')[0]!.patch).toContain('-old\n+changed\n');
	expect(existsSync(path.join(session.workspace, '.git'))).toBe(false);
});

test('each answer has what its own step changed, and not what scripts did in between', async () => {
	await trusted();
	const file = session.write(
		'flows/steps.md',
		workflowOf(
			'steps',
			'## a\nWRITE a.txt 1\nSAY a\n\n## between\n```sh run\necho script > script.txt\n```\n\n## b\nWRITE a.txt 2\nSAY b\n',
			'agent: scripted\n',
		),
	);
	await record(file);
	const [a, b] = recordingOf('steps');
	expect(a!.patch).toContain('+1');
	expect(b!.patch).toContain('-1\n+2\n');
	expect(`${a!.patch}${b!.patch}`).not.toContain('script.txt');
});

test('items are told apart by their number; what two changed at the same time is left out, and said', async () => {
	await trusted();
	const file = session.write(
		'flows/items.md',
		workflowOf(
			'items',
			'## fix\n```yaml step\nforeach: [a, b]\n```\nWRITE begun-${{ item }} x\nWAIT begun-a\nWAIT begun-b\nSAY ${{ item }}\n',
			'agent: scripted\n',
		),
	);
	const {stderr} = await record(file);
	expect(recordingOf('items').map(({item, text, patch}) => [item, text.trim(), patch])).toEqual([
		[0, 'a', undefined],
		[1, 'b', undefined],
	]);
	expect(stderr).toContain('The file changes of step fix[0] were not recorded: others worked in the workspace');
});

test('secrets are masked, and a change that holds one is left out', async () => {
	await trusted();
	const file = session.write(
		'flows/secret.md',
		workflowOf(
			'secret',
			'## a\n```yaml step\nenv: {TOKEN: "${{ secrets.TOKEN }}"}\n```\nWRITE a.txt topsecret1\nSAY It is topsecret1.\n',
			'agent: scripted\n',
		),
	);
	const {stderr} = await session.aiworkflow(['run', file, '--record'], {environment: {TOKEN: 'topsecret1'}});
	const text = readFileSync(path.join(session.workspace, 'flows/recordings/secret.yaml'), 'utf8');
	expect(text).not.toContain('topsecret1');
	expect(text).toContain('text: It is ***.');
	expect(stderr).toContain('The file changes of step a were not recorded: they hold a secret.');
});

test('answers of steps that this run did not reach are kept, and the file as it was too', async () => {
	await trusted();
	const file = prompting('merge', ['SAY new']);
	session.write(
		'flows/recordings/merge.yaml',
		'# By hand.\nversion: 1\nanswers:\n  # of another\n  - {step: other, text: kept}\n  - {step: s0, text: old}\n',
	);
	const {stderr} = await record(file);
	expect(stderr).toContain('1 answer of before kept; the file as it was is merge.yaml.bak.');
	expect(recordingOf('merge').map(({step, text}) => [step, text.trim()])).toEqual([
		['s0', 'new'],
		['other', 'kept'],
	]);
	const text = readFileSync(path.join(session.workspace, 'flows/recordings/merge.yaml'), 'utf8');
	expect(text).toContain('# By hand.');
	expect(text).toContain('# of another');
	expect(readFileSync(path.join(session.workspace, 'flows/recordings/merge.yaml.bak'), 'utf8')).toContain('text: old');
});

test('the client leaves and the daemon is killed while an agent asks; it is recorded afterwards', async () => {
	await trusted('permission');
	const file = prompting('ask', ['Do the work.']);
	const detached = await session.aiworkflow(['run', file, '--record', '--detach', '--json']);
	const {runId} = JSON.parse(detached.stdout);
	const client = await session.client();
	await until('the permission', async () => (await client.approvals()).approvals.length > 0);
	const early = await session.aiworkflow(['runs', 'record', runId]);
	expect(early.stderr).toContain('has not ended yet');
	const {pid} = await client.health();
	process.kill(pid, 'SIGKILL');
	await until('the daemon to be gone', () => !isAlive(pid));
	const [approval] = (await (await session.client()).approvals()).approvals;
	await session.aiworkflow(['approvals', 'approve', approval!.id]);
	await session.finish(runId);
	const {code, stdout} = await session.aiworkflow(['runs', 'record', runId, '--json']);
	expect(code).toBe(0);
	expect(JSON.parse(stdout).recordings).toMatchObject([{workflow: 'ask', answers: 1, kept: 0, backup: null}]);
	expect(recordingOf('ask')[0]).toMatchObject({
		text: expect.stringContaining('Done.'),
		patch: expect.stringContaining('+new'),
	});
});

test('a run without --record is not recorded later, and a replay records nothing', async () => {
	await trusted();
	const file = prompting('none', ['SAY one']);
	const runId = await session.start(file);
	await session.finish(runId);
	const later = await session.aiworkflow(['runs', 'record', runId]);
	expect(later.code).toBe(1);
	expect(later.stderr).toContain('was not started with `--record`');
	await record(file);
	const recording = path.join(session.workspace, 'flows/recordings/none.yaml');
	const text = readFileSync(recording, 'utf8');
	const replayed = await record(file, '--agent', 'replay');
	expect(replayed.stderr).toContain('Step s0 was answered by a recording');
	expect(readFileSync(recording, 'utf8')).toBe(text);
});

test('files of aiworkflow are left out, and said', async () => {
	await trusted();
	const file = prompting('odd', ['WRITE .aiworkflow/workflows/x.md y\nWRITE good.txt y\nSAY ok']);
	const {stderr} = await record(file);
	expect(stderr).toContain('".aiworkflow/workflows/x.md" was not recorded');
	expect(recordingOf('odd')[0]!.patch).toContain('good.txt');
	expect(recordingOf('odd')[0]!.patch).not.toContain('x.md');
});

test('a sub-workflow is recorded beside its own file, once', async () => {
	await trusted();
	session.write(
		'flows/part.md',
		workflowOf('part', '## say\nSAY ${{ inputs.word }}\n', 'agent: scripted\ninputs: {word: {type: string}}\n'),
	);
	const file = session.write(
		'flows/whole.md',
		workflowOf(
			'whole',
			'## each\n```yaml step\nforeach: [one, two]\nmax-parallel: 1\nuses: ./part.md\nwith: {word: "${{ item }}"}\n```\n',
		),
	);
	const {stderr} = await record(file);
	expect(recordingOf('part').map(({text}) => text)).toEqual(['one']);
	expect(stderr).toContain('part was used more than once: only the answers of its first run are recorded.');
	expect(existsSync(path.join(session.workspace, 'flows/recordings/whole.yaml'))).toBe(false);
});

test('an answer after a rejection is told apart from the one before', async () => {
	await trusted();
	const file = session.write(
		'flows/again.md',
		workflowOf(
			'again',
			'## draft\nSAY draft ${{ run.feedback }}\n\n## ask\n```yaml step\napproval: {on-reject: {goto: draft, max: 2}}\n```\nGood?\n',
			'agent: scripted\n',
		),
	);
	const {stdout} = await session.aiworkflow(['run', file, '--record', '--detach', '--json']);
	const {runId} = JSON.parse(stdout);
	const client = await session.client();
	for (const verb of ['reject', 'approve']) {
		await until('the approval', async () => (await client.approvals()).approvals.length > 0);
		const [approval] = (await client.approvals()).approvals;
		await session.aiworkflow(['approvals', verb, approval!.id, '--comment', 'shorter']);
	}

	await session.finish(runId);
	await session.aiworkflow(['runs', 'record', runId]);
	expect(recordingOf('again').map(({generation, text}) => [generation, text.trim()])).toEqual([
		[1, 'draft'],
		[2, 'draft shorter'],
	]);
	session.write('flows/again.test.yaml', 'approve: {ask: [{reject: shorter}, approve]}\n');
	expect((await session.aiworkflow(['test', file])).code).toBe(0);
});

test('an answer given after another agent failed is recorded for the prompt of the step', async () => {
	session.write(
		'.aiworkflow/agents.yaml',
		`agents:\n${['limited e429', 'scripted obey']
			.map(text => text.split(' '))
			.map(([id, scene]) => `  ${id}:\n    command: ${process.execPath}\n    args: [${scripted}, ${scene}]\n`)
			.join('')}`,
	);
	await session.aiworkflow(['trust', '--yes']);
	const file = session.write('flows/over.md', workflowOf('over', '## s0\nSAY ok\n', 'agent: [limited, scripted]\n'));
	const {stderr, stdout} = await record(file);
	expect(stdout).toContain('over 1');
	expect(recordingOf('over')).toMatchObject([
		{text: expect.stringContaining('ok'), promptSha256: promptSha256('SAY ok')},
	]);
	expect(stderr).toContain('What earlier attempts of step s0 changed before they failed is not recorded.');
	expect((await session.aiworkflow(['test', file])).stdout).toContain('1 passed');
});
