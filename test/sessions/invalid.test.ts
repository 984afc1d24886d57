import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {Diagnostic} from '../../source/workflow/diagnostics.ts';
import {openSession, type Session, workflowOf} from './session.ts';

let session: Session;

beforeAll(() => {
	session = openSession();
});

afterAll(() => session.close());

const diagnosticsOf = (stdout: string): readonly Diagnostic[] => JSON.parse(stdout).diagnostics;

const sixMistakes = `---
name: broken
inputs:
  count: { type: integer, default: many }
---
# Broken

## one
\`\`\`yaml step
timeout: [5m
\`\`\`
\`\`\`sh run
touch ran
\`\`\`

## two
\`\`\`yaml step
needs: [noe]
\`\`\`
\`\`\`sh run
touch ran
\`\`\`

## three
\`\`\`yaml step
needs: [four]
\`\`\`
\`\`\`sh run
touch ran
\`\`\`

## four
\`\`\`yaml step
needs: [three]
\`\`\`
\`\`\`sh run
touch ran
\`\`\`

## five
\`\`\`yaml step
needs: []
env: { A: "\${{ inputs.coumt }}" }
\`\`\`
\`\`\`sh run
touch ran
\`\`\`

## two
\`\`\`sh run
touch ran
\`\`\`
`;

test('six different mistakes are six diagnostics at their places, exit code 2, and no run', async () => {
	const file = session.write('broken.md', sixMistakes);
	const {code, stdout} = await session.aiworkflow(['workflow', 'validate', file, '--json']);
	expect(code).toBe(2);
	const diagnostics = diagnosticsOf(stdout);
	const places = diagnostics.map(({code: kind, severity, line, column}) => `${line}:${column} ${severity} ${kind}`);
	expect(diagnostics).toHaveLength(6);
	expect(places.map(place => Number(place.split(':')[0]))).toEqual([4, 10, 18, 26, 43, 49]);
	for (const diagnostic of diagnostics) {
		expect(diagnostic).toMatchObject({
			severity: 'error',
			file,
			message: expect.any(String),
			suggestion: expect.any(String),
			source: expect.any(String),
		});
	}

	const byLine = new Map(diagnostics.map(diagnostic => [diagnostic.line, diagnostic]));
	expect(sixMistakes.split('\n')[42]!.slice(byLine.get(43)!.column - 1)).toMatch(/^(inputs\.)?coumt/);
	expect(byLine.get(43)!.suggestion).toContain('count');
	expect(byLine.get(18)!.suggestion).toContain('one');
	const run = await session.aiworkflow(['run', file]);
	expect(run.code).toBe(2);
	expect(run.stderr).toContain('coumt');
	expect(existsSync(path.join(session.workspace, 'ran'))).toBe(false);
	const runs = await session.aiworkflow(['runs', 'list', '--json']);
	expect(JSON.parse(runs.stdout).runs).toEqual([]);
});

test.each([
	['an empty file', 'empty.md', '', 2, /empty/],
	[
		'a file of 5 MB',
		'large.md',
		`---\nname: large\n---\n# Large\n${'x'.repeat(5_000_000)}`,
		2,
		/larger than 262\.1 kB/,
	],
	['binary data', 'binary.md', Buffer.from([0, 1, 2, 3, 255, 254, 0]), 2, /binary|not text/],
	[
		'a README without frontmatter',
		'README.md',
		'# Project\n\n## Install\n```sh run\ntouch ran\n```\n',
		2,
		/name:|frontmatter/,
	],
	[
		'---js frontmatter',
		'js.md',
		"---js\nrequire('fs').writeFileSync('ran', '')\n---\n# A\n## b\n```sh run\ntouch ran\n```\n",
		2,
		/YAML/,
	],
] as const)('%s: one clear sentence, nothing executed', async (_, name, content, expected, words) => {
	const file = path.join(session.workspace, name);
	writeFileSync(file, content);
	const {code, stdout, stderr} = await session.aiworkflow(['run', file]);
	expect(code).toBe(expected);
	expect(stderr).toMatch(words);
	expect(stderr).not.toMatch(/\n\s+at /);
	expect(stdout).toBe('');
	const validated = await session.aiworkflow(['workflow', 'validate', file, '--json']);
	expect(validated.code).toBe(2);
	expect(existsSync(path.join(session.workspace, 'ran'))).toBe(false);
});

test('a missing file, and a folder without a workflow: exit code 3 and what to give instead', async () => {
	const missing = await session.aiworkflow(['run', './nowhere.md']);
	expect(missing.code).toBe(3);
	expect(missing.stderr).toContain('nowhere.md');
	mkdirSync(path.join(session.workspace, 'hollow'), {recursive: true});
	const hollow = await session.aiworkflow(['run', './hollow']);
	expect(hollow.code).toBe(3);
	expect(hollow.stderr).toContain('workflow.md');
});

test('an expression in a script is a diagnostic that shows the env line to write', async () => {
	const file = session.write(
		'inject.md',
		workflowOf(
			'inject',
			'## a\n```sh run\necho ${{ inputs.title }}; touch ran\n```\n',
			'inputs:\n  title: { type: string }\n',
		),
	);
	const {code, stderr} = await session.aiworkflow(['run', file]);
	expect(code).toBe(2);
	expect(stderr).toContain('env:');
	expect(stderr).toContain('"${{ inputs.title }}"');
	expect(existsSync(path.join(session.workspace, 'ran'))).toBe(false);
});

test('a prompt in a file is said to be not here yet', async () => {
	const body = '## a\n```yaml step\nprompt-file: plan.md\n```\n```sh run\ntouch ran\n```\n';
	const file = session.write('later.md', workflowOf('later', body));
	const {code, stdout} = await session.aiworkflow(['workflow', 'validate', file, '--json']);
	expect(code).toBe(2);
	expect(diagnosticsOf(stdout)).toContainEqual(
		expect.objectContaining({code: 'feature.not-built', line: 8, message: expect.stringContaining('prompt-file')}),
	);
});

test('parts of a matrix are said to be not here yet, and a schedule is read', async () => {
	const file = session.write(
		'triggers.md',
		workflowOf(
			'triggers',
			'## a\n```yaml step\nstrategy: { matrix: { a: [1], include: [{ a: 2 }] } }\n```\n```sh run\ntrue\n```\n',
			'on:\n  schedule: "0 9 * * *"\n',
		),
	);
	const {stdout} = await session.aiworkflow(['workflow', 'validate', file, '--json']);
	const codes = diagnosticsOf(stdout).map(diagnostic => `${diagnostic.line} ${diagnostic.code}`);
	expect(codes).toEqual(['10 feature.not-built']);
});

test('an unknown command and an unknown option say what was meant', async () => {
	const command = await session.aiworkflow(['rn', 'x']);
	expect(command.code).toBe(2);
	expect(command.stderr).toContain('run');
	const verb = await session.aiworkflow(['runs', 'lst']);
	expect(verb.code).toBe(2);
	expect(verb.stderr).toContain('list');
	const option = await session.aiworkflow(['run', 'x.md', '--detatch']);
	expect(option.code).toBe(2);
	expect(option.stderr).toContain('--detach');
});

test('inputs that do not fit are said by name, before anything runs', async () => {
	const file = session.write(
		'typed.md',
		workflowOf('typed', '## a\n```sh run\ntouch ran\n```\n', 'inputs:\n  count: { type: integer, required: true }\n'),
	);
	const missing = await session.aiworkflow(['run', file]);
	expect(missing.code).toBe(2);
	expect(missing.stderr).toContain('count');
	const wrong = await session.aiworkflow(['run', file, '--input', 'count=many']);
	expect(wrong.code).toBe(2);
	expect(wrong.stderr).toContain('many');
	const unknown = await session.aiworkflow(['run', file, '--input', 'cuont=1']);
	expect(unknown.code).toBe(2);
	expect(unknown.stderr).toContain('count');
	expect(existsSync(path.join(session.workspace, 'ran'))).toBe(false);
});
