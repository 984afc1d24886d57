import {chmodSync, existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {openSession, type Session, workflowOf} from './session.ts';

let session: Session;
beforeEach(() => {
	session = openSession();
});
afterEach(() => session.close());

const greeting = workflowOf(
	'greet',
	[
		'## say\n```sh run\necho "Hello, $INPUT_WHOM!" > said.txt\n```\n',
		'## judge\n```yaml step\noutputs: { tone: { enum: [warm, cold] } }\n```\nHow was it?\n',
	].join('\n'),
	'agent: claude\npass-env: [GREETING_TOKEN]\ninputs:\n  whom: { type: string, default: world }\n',
);

const bundle = (config: string) => {
	session.write('.aiworkflow/workflows/greeter/workflow.md', greeting);
	session.write('.aiworkflow/workflows/greeter/config.yaml', `name: greeter\nversion: 1.0.0\n${config}`);
	session.write(
		'.aiworkflow/workflows/greeter/recordings/greet.yaml',
		'version: 1\nanswers:\n  - step: judge\n    text: Warmly.\n    outputs: { tone: warm }\n',
	);
};

const said = () => readFileSync(path.join(session.workspace, 'said.txt'), 'utf8');

test('a run of a bundle has its defaults, which a flag beats, and says so in the plan', async () => {
	bundle('defaults:\n  inputs: { whom: Ada }\n');
	const first = await session.aiworkflow(['run', 'greeter', '--agent', 'replay']);
	expect(first.code).toBe(0);
	expect(first.stdout).toContain('bundle greeter 1.0.0; defaults: whom = Ada');
	expect(said()).toBe('Hello, Ada!\n');
	const second = await session.aiworkflow(['bundle', 'run', 'greeter', '--agent', 'replay', '--input', 'whom=Bob']);
	expect(second.code).toBe(0);
	expect(said()).toBe('Hello, Bob!\n');
});

test('a changed configuration holds for the next run', async () => {
	bundle('defaults:\n  inputs: { whom: Ada }\n');
	await session.aiworkflow(['run', 'greeter', '--agent', 'replay']);
	bundle('defaults:\n  inputs: { whom: Eve }\n');
	await session.aiworkflow(['run', 'greeter', '--agent', 'replay']);
	expect(said()).toBe('Hello, Eve!\n');
});

test('nothing runs while something that it requires is missing, and all of it is told', async () => {
	bundle('requires: { commands: [git, no-such-command], env: [GREETING_TOKEN], tools: [ledger] }\n');
	const {code, stdout} = await session.aiworkflow(['run', 'greeter', '--agent', 'claude', '--json']);
	expect(code).toBe(2);
	expect(JSON.parse(stdout).error).toMatchObject({
		code: 'bundle.requirements-missing',
		message:
			'The bundle "greeter" needs what is not here: the command no-such-command; the variable GREETING_TOKEN; the tool ledger. Nothing was run.',
		suggestion:
			"Install no-such-command so that it is on your PATH; set GREETING_TOKEN in your environment; describe ledger in the bundle's tools/ or in .aiworkflow/tools/.",
	});
	expect(existsSync(path.join(session.workspace, 'said.txt'))).toBe(false);
});

test('an agent that it requires must be there, unless another one is named', async () => {
	bundle('requires: { agents: [no-such-agent] }\n');
	const {code, stderr} = await session.aiworkflow(['run', 'greeter']);
	expect(code).toBe(2);
	expect(stderr).toContain('the agent no-such-agent');
	expect((await session.aiworkflow(['run', 'greeter', '--agent', 'replay'])).code).toBe(0);
});

test('a replay needs the commands of its scripts, and neither variables nor tools', async () => {
	bundle('requires: { commands: [greeting-program], env: [GREETING_TOKEN], tools: [ledger] }\n');
	const without = await session.aiworkflow(['run', 'greeter', '--agent', 'replay']);
	expect(without.code).toBe(2);
	expect(without.stderr).toContain('needs what is not here: the command greeting-program. Nothing was run.');
	chmodSync(session.write('bin/greeting-program', '#!/bin/sh\n'), 0o755);
	const environment = {PATH: `${path.join(session.workspace, 'bin')}:${process.env.PATH}`};
	expect((await session.aiworkflow(['run', 'greeter', '--agent', 'replay'], {environment})).code).toBe(0);
});

test('mistakes of the configuration keep a workflow from running, with their place', async () => {
	bundle('defaults:\n  inputs: { whmo: Ada }\n');
	const {code, stderr} = await session.aiworkflow(['run', 'greeter']);
	expect(code).toBe(2);
	expect(stderr).toContain('.aiworkflow/workflows/greeter/config.yaml:4:13 error The workflow has no input `whmo`.');
	expect(stderr).toContain('Did you mean `whom`?');
});

test('bundles are listed, shown and validated, for people and for programs', async () => {
	bundle('description: Greets people.\nrequires: { commands: [no-such-command] }\n');
	session.write('.aiworkflow/workflows/greeter/tests/a.yaml', 'title: a\n');
	const list = await session.aiworkflow(['bundles', 'list']);
	expect(list.stdout).toBe('greeter  1.0.0  1 test  .aiworkflow/workflows/greeter  Greets people.\n');
	expect(JSON.parse((await session.aiworkflow(['bundle', 'list', '--json'])).stdout).bundles).toMatchObject([
		{name: 'greeter', version: '1.0.0', description: 'Greets people.', tests: 1, problems: 0},
	]);
	const info = await session.aiworkflow(['bundle', 'info', 'greeter']);
	expect(info.stdout).toContain('✗ command no-such-command: not here');
	expect(info.stdout).toContain('  1  say    script sh');
	expect(JSON.parse((await session.aiworkflow(['bundle', 'info', 'greeter', '--json'])).stdout)).toMatchObject({
		name: 'greeter',
		missing: {commands: ['no-such-command']},
	});
	const valid = await session.aiworkflow(['bundle', 'validate', 'greeter']);
	expect({code: valid.code, stdout: valid.stdout}).toEqual({
		code: 0,
		stdout:
			'✓ greeter in .aiworkflow/workflows/greeter is valid; `aiworkflow test .aiworkflow/workflows/greeter` runs its test.\n',
	});
	session.write('.aiworkflow/workflows/greeter/tests/b.yaml', 'expcet: {}\n');
	const invalid = await session.aiworkflow(['bundle', 'validate', 'greeter', '--json']);
	expect(invalid.code).toBe(2);
	expect(JSON.parse(invalid.stdout)).toMatchObject({valid: false, diagnostics: [{code: 'test.invalid', line: 1}]});
});

test('a packed bundle is unpacked elsewhere and runs there', async () => {
	bundle('');
	session.write('.aiworkflow/workflows/greeter/.env', 'TOKEN=1\n');
	const packed = await session.aiworkflow(['bundle', 'pack', 'greeter', '-o', 'greeter.tgz']);
	expect(packed.code).toBe(0);
	expect(packed.stderr).toBe('left out: .env (looks like a secret)\n');
	const unpacked = await session.aiworkflow(['bundle', 'unpack', 'greeter.tgz', '--to', 'copy', '--json']);
	expect(JSON.parse(unpacked.stdout)).toMatchObject({name: 'greeter', version: '1.0.0', replaced: null});
	expect((await session.aiworkflow(['run', 'copy', '--agent', 'replay'])).code).toBe(0);
	expect((await session.aiworkflow(['bundle', 'unpack', 'greeter.tgz', '--to', 'copy'])).code).toBe(2);
	expect((await session.aiworkflow(['bundle', 'unpack', 'none.tgz'])).code).toBe(3);
});
