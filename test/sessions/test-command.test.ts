import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {connect} from '../../source/client/connect.ts';
import {mainEntry} from '../../source/install.ts';
import {promptSha256} from '../../source/recording.ts';
import {isAlive, openSession, type Session, until, workflowOf} from './session.ts';

let session: Session;
beforeEach(() => {
	session = openSession();
});
afterEach(() => session.close());

const tested = async (...args: string[]) => {
	// The folders of the tests are looked for afterwards.
	const {code, stdout, stderr} = await session.aiworkflow(['test', ...args, '--json'], {
		environment: {TMPDIR: session.home},
	});
	return {code, stderr, document: JSON.parse(stdout)};
};

const judged = workflowOf(
	'judge',
	'## judge\n```yaml step\noutputs: {risk: {enum: [low, high]}}\n```\nJudge ${{ inputs.what }}.\n\n## tell\n```yaml step\nenv: {RISK: "${{ steps.judge.outputs.risk }}"}\n```\n```sh run\nprintf "%s" "$RISK" > risk.txt\n```\n',
	'inputs: {what: {type: string, default: it}}\nagent: claude\n',
);
const recordingFor = (prompt: string) =>
	`# By hand.\nversion: 1\nanswers:\n  - step: judge\n    promptSha256: ${promptSha256(prompt)}\n    text: Fine.\n    outputs: {risk: low}\n    usage: {costUsd: 0.02}\n`;

test('a workflow without a case completes, or does not, and nothing is left behind', async () => {
	session.write('judge.md', judged);
	session.write('recordings/judge.yaml', recordingFor('Judge it.'));
	const {code, document, stderr} = await tested('judge.md');
	expect({code, stderr}).toEqual({code: 0, stderr: ''});
	expect(document).toMatchObject({passed: 1, failed: 0, invalid: 0});
	expect(document.cases[0]).toMatchObject({workflow: 'judge', title: 'completes', recordedCostUsd: 0.02, drifts: []});
	expect(existsSync(session.stateFolder)).toBe(false);
	expect(existsSync(path.join(session.workspace, 'risk.txt'))).toBe(false);
	expect(readdirSync(session.home).filter(name => name.startsWith('aiworkflow-test-'))).toEqual([]);
});

test('a changed prompt fails, is brought up to date, and passes from then on', async () => {
	session.write('judge.md', judged);
	const file = session.write('recordings/judge.yaml', recordingFor('Judge that.'));
	const first = await tested('judge.md');
	expect(first.code).toBe(1);
	expect(first.document.cases[0].failures).toEqual([
		{
			what: 'drift',
			message: 'step judge was answered from a recording made for another prompt.',
			expected: promptSha256('Judge that.'),
			actual: promptSha256('Judge it.'),
			place: {file, line: 5},
		},
	]);
	expect(readFileSync(file, 'utf8')).toBe(recordingFor('Judge that.'));

	const second = await session.aiworkflow(['test', 'judge.md', '--update']);
	expect(second.code).toBe(0);
	expect(second.stdout).toContain('updated the prompt that step judge was recorded for');
	expect(readFileSync(file, 'utf8')).toBe(recordingFor('Judge it.'));
	expect((await tested('judge.md')).code).toBe(0);
});

test('an answer that does not fit any more is not brought up to date', async () => {
	session.write('judge.md', judged.replaceAll('[low, high]', '[good, bad]'));
	const file = session.write('recordings/judge.yaml', recordingFor('Judge that.'));
	const {code, document} = await tested('judge.md', '--update');
	expect(code).toBe(1);
	expect(document.cases[0].failures.map(({what}: {what: string}) => what)).toEqual(['status', 'drift']);
	expect(readFileSync(file, 'utf8')).toBe(recordingFor('Judge that.'));
});

test('what does not hold is told with both sides and the line of the case', async () => {
	session.write('judge.md', judged);
	session.write('recordings/judge.yaml', recordingFor('Judge it.'));
	session.write('judge.test.yaml', 'title: is risky\nexpect:\n  files:\n    risk.txt: high\n  cost: {max-usd: 0.01}\n');
	const {code, stdout} = await session.aiworkflow(['test', 'judge.md']);
	expect(code).toBe(1);
	expect(stdout).toContain('✗ judge › is risky');
	expect(stdout).toContain('files.risk.txt: expected "high", got "low".  judge.test.yaml:4');
	expect(stdout).toContain('cost: expected $0.01 at the most, the recorded answers cost $0.02.  judge.test.yaml:5');
	expect(stdout).toContain('1 failed');
});

test('files, a repository, answers and secrets are given by the case', async () => {
	session.write(
		'given.md',
		workflowOf(
			'given',
			'## look\n```yaml step\nenv: {TOKEN: "${{ secrets.TOKEN }}"}\n```\n```sh run\ncat a/b.txt\ngit log --format=%s\ntest "$TOKEN" = s3cret && echo known\n```\n\n## ask\n```yaml step\napproval: {on-reject: skip}\n```\nGo on?\n\n## go\n```sh run\ntouch gone\n```\n',
		),
	);
	session.write(
		'tests/given.yaml',
		`files: {a/b.txt: "hello\\n"}
git: true
env: {TOKEN: s3cret}
approve: {ask: reject}
expect:
  steps:
    look: {text: "hello\\nBefore the test\\nknown\\n"}
    ask: skipped
  files: {gone: {absent: true}}
`,
	);
	const {code, document} = await tested('given.md');
	expect(document.cases[0].failures).toEqual([]);
	expect(code).toBe(0);
});

test('a folder is copied, and named workflows of the workspace can be used', async () => {
	session.write('.aiworkflow/workflows/part.md', workflowOf('part', '## a\n```sh run\ncat given/in.txt\n```\n'));
	session.write('uses.md', workflowOf('uses', '## part\n```yaml step\nuses: part\n```\n'));
	session.write('tests/project/given/in.txt', 'from the fixture');
	session.write('tests/uses.yaml', 'files: project\nexpect:\n  files: {given/in.txt: from the fixture}\n');
	const {code, document} = await tested('uses.md');
	expect(document.cases[0].failures).toEqual([]);
	expect(code).toBe(0);
});

test('a workspace that cannot be made is a mistake of the case', async () => {
	session.write('a.md', workflowOf('a', '## a\n```sh run\ntrue\n```\n'));
	for (const files of ['nowhere', '{../out.txt: x}', '{.git/hooks/post-commit: x}']) {
		session.write('a.test.yaml', `files: ${files}\n`);
		const {code, document} = await tested('a.md');
		expect(code).toBe(2);
		expect(document.cases[0].failures[0]).toMatchObject({what: 'test.unprepared', place: {line: 1}});
	}

	expect(existsSync(path.join(session.home, 'out.txt'))).toBe(false);
});

test('drift in a sub-workflow counts', async () => {
	session.write('judge.md', judged);
	session.write('recordings/judge.yaml', recordingFor('Judge that.'));
	session.write('outer.md', workflowOf('outer', '## inner\n```yaml step\nuses: ./judge.md\n```\n'));
	const {code, document} = await tested('outer.md');
	expect(code).toBe(1);
	expect(document.cases[0].failures).toMatchObject([{what: 'drift', place: {line: 5}}]);
	expect((await tested('outer.md', '--update')).code).toBe(0);
});

test('a case that never ends is ended, with all that it started', async () => {
	session.write('slow.md', workflowOf('slow', '## sleep\n```sh run\nsleep 60\n```\n'));
	session.write('slow.test.yaml', 'timeout: 500ms\n');
	const {code, document} = await tested('slow.md');
	expect(code).toBe(1);
	expect(document.cases[0].failures[0].message).toBe('The case did not end within 500ms.');
});

test('mistakes in workflows and cases end with 2, whatever else there is; nothing found with 3', async () => {
	session.write('good.md', workflowOf('good', '## a\n```sh run\ntrue\n```\n'));
	session.write('bad.md', workflowOf('bad', '## a\n```sh run\ntrue\n```\n\n## a\n```sh run\ntrue\n```\n'));
	session.write('good.test.yaml', 'expcet: {}\n');
	const {code, document} = await tested('.');
	expect(code).toBe(2);
	expect(document).toMatchObject({passed: 0, failed: 0, invalid: 2});
	expect(document.cases.map(({diagnostics}: {diagnostics: unknown[]}) => diagnostics.length)).toEqual([1, 1]);
	expect((await session.aiworkflow(['test', 'nowhere.md'])).code).toBe(3);
	session.write('empty/readme.txt', 'nothing');
	expect((await session.aiworkflow(['test', 'empty'])).code).toBe(3);
});

test('inputs that do not fit are a mistake of the case', async () => {
	session.write(
		'needs.md',
		workflowOf('needs', '## a\n```sh run\ntrue\n```\n', 'inputs: {n: {type: integer, required: true}}\n'),
	);
	const {code, document} = await tested('needs.md');
	expect(code).toBe(2);
	expect(document.cases[0].failures[0]).toMatchObject({
		what: 'inputs',
		message: expect.stringContaining('`n` is required'),
	});
});

test.each([
	['SIGINT', 'everything is ended and removed'],
	['SIGTERM', 'everything is ended and removed'],
	['SIGKILL', 'the daemon of the case ends by itself'],
] as const)('%s in the middle: %s', async (signal, _) => {
	session.write('long.md', workflowOf('long', '## wait\n```yaml step\nwait: {signal: never}\n```\n'));
	const child = spawn(process.execPath, [mainEntry, 'test', 'long.md'], {
		cwd: session.workspace,
		env: {...session.environment, TMPDIR: session.home},
		stdio: 'ignore',
	});
	const ended = once(child, 'exit');
	const folders = () => readdirSync(session.home).filter(name => name.startsWith('aiworkflow-test-'));
	const daemon = async () => {
		const [folder] = folders();
		if (!folder) return undefined;
		const stateFolder = path.join(session.home, folder, 'state');
		return connect({stateFolder, environment: session.environment, start: false}).catch(() => undefined);
	};
	await until('the case to run', async () => ((await (await daemon())?.runs())?.runs.length ?? 0) > 0);
	const {pid} = await (await daemon())!.health();
	child.kill(signal);
	const [code] = await ended;
	await until('the daemon to end', () => !isAlive(pid));
	if (signal === 'SIGKILL') return;
	expect(code).toBe(130);
	expect(folders()).toEqual([]);
});
