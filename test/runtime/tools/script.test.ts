import {readFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {failureIn, isAlive, toolPlace, until} from './calling.ts';

const tool = (script: string, more = '') =>
	toolPlace(
		`
script:
  command: ./tool.sh
  env: { KEY: "\${{ secrets.KEY }}" }
  operations:
    find:
      args: [search, --fast]
      read-only: true
      inputs: { query: { type: string, required: true }, limit: { type: integer, default: 3 }, tags: { type: array } }
      outputs: { found: integer }
    free: { inputs: { type: object, properties: {} } }
${more}`,
		{'tool.sh': `#!/bin/sh\n${script}\n`},
	);
const secrets = {KEY: 'k1'};

test('arguments come as --key=value, what is no text as JSON, defaults filled in', async () => {
	const {call} = tool('printf \'{"found": 1, "args": "%s", "key": "%s"}\' "$(echo "$@" | tr -d \'"\')" "$KEY"');
	const {result, operation} = await call({operation: 'find', with: {query: 'a b', tags: [1, 'x']}, secrets});
	expect(operation).toBe('find');
	expect(result?.outputs).toEqual({found: 1, args: 'search --fast --query=a b --tags=[1,x] --limit=3', key: 'k1'});
});

test('wrong arguments are refused before anything is started', async () => {
	const {call, workspace} = tool('touch started');
	const report = await call({operation: 'find', with: {qery: 'a', limit: 'many'}, secrets});
	expect(failureIn(report)).toMatchInlineSnapshot(
		`"tool.arguments-invalid: it.find cannot be called so: \`query\` is missing; there is no \`qery\`; \`limit\` must be integer, not "many"."`,
	);
	expect(report.failure?.suggestion).toBe('Did you mean `query`?');
	expect(() => readFileSync(path.join(workspace, 'started'))).toThrow();
	expect((await call({operation: 'fnd', secrets})).failure).toMatchObject({
		code: 'tool.operation-unknown',
		suggestion: 'Did you mean `find`?',
	});
	expect((await call({secrets})).failure?.message).toBe('The tool it has 2 operations, so one must be named.');
});

test('a script that fails, prints no JSON, dies or answers otherwise than declared is told apart', async () => {
	expect(failureIn(await tool('echo "no such thing" >&2; exit 4').call({operation: 'free', secrets}))).toBe(
		'tool.failed: it.free failed: it ended with 4. no such thing',
	);
	expect(failureIn(await tool('echo hello').call({operation: 'free', secrets}))).toBe(
		'tool.answer-invalid: The tool it printed no JSON, but "hello".',
	);
	expect(failureIn(await tool('kill -9 $$').call({operation: 'free', secrets}))).toBe(
		'tool.unreachable: The tool it was ended by SIGKILL.',
	);
	expect(failureIn(await tool('echo "{}"').call({operation: 'find', with: {query: 'x'}, secrets}))).toBe(
		'tool.answer-invalid: The tool it answered find with other outputs than it declares: `found` is missing.',
	);
	expect(failureIn(await tool('true').call({operation: 'free'}))).toBe(
		'expression.failed: The tool needs the secret KEY, which is not there.',
	);
});

test('a list or a text is the result; text output is not parsed', async () => {
	expect((await tool('echo "[1, 2]"').call({operation: 'free', secrets})).result?.outputs).toEqual({result: [1, 2]});
	const text = toolPlace('script: { command: [echo, a, b], output: text, operations: { say: {} } }');
	expect((await text.call()).result).toEqual({outputs: {result: 'a b'}, text: 'a b'});
});

test('a flood is ended while it comes', async () => {
	const report = await tool('yes 0123456789').call({operation: 'free', secrets});
	expect(report.failure?.code).toBe('tool.answer-too-large');
});

test('one that takes too long is ended with everything it started', async () => {
	const {call, workspace} = tool('sleep 600 & echo $! > child; trap "" TERM; wait; sleep 600', 'timeout: 300ms');
	const report = await call({operation: 'free', secrets});
	expect(failureIn(report)).toMatch(/^tool.unreachable: The tool it did not answer within 300\s?ms/);
	const pid = Number(readFileSync(path.join(workspace, 'child'), 'utf8'));
	await until(() => !isAlive(pid), 'the end of the child');
});

test('an aborted call rejects with the reason, and ends the program', async () => {
	const {call, workspace} = tool('echo $$ > pid; sleep 600');
	const stop = new AbortController();
	const work = call({operation: 'free', secrets, signal: stop.signal});
	const pid = () => Number(readFileSync(path.join(workspace, 'pid'), {encoding: 'utf8', flag: 'a+'}));
	await until(() => pid() > 0, 'the start');
	const started = pid();
	stop.abort(new Error('no longer needed'));
	await expect(work).rejects.toThrow('no longer needed');
	await until(() => !isAlive(started), 'the end');
});

test('a program that is not there says so, and the next implementation is asked', async () => {
	const {call} = toolPlace(`implementations:
  - { id: gone, script: { command: /nowhere/tool, operations: { say: {} } } }
  - { id: there, script: { command: [echo, '{"a": 1}'], operations: { say: {} } } }
`);
	const {result, tries} = await call();
	expect(result?.outputs).toEqual({a: 1});
	expect(tries.map(({implementation, failure}) => [implementation, failure?.code])).toEqual([
		['gone', 'tool.unreachable'],
		['there', undefined],
	]);
});

test('what may have done something is not done again by another implementation, what only reads is', async () => {
	const operations = '{ write: {}, read: { read-only: true } }';
	const {call} = toolPlace(
		`implementations:
  - { id: dies, script: { command: ./die.sh, operations: ${operations} } }
  - { id: works, script: { command: [echo, '{"a": 1}'], operations: ${operations} } }
`,
		{'die.sh': '#!/bin/sh\nkill -9 $$\n'},
	);
	const written = await call({operation: 'write'});
	expect(written.failure?.code).toBe('tool.unreachable');
	expect(written.tries).toHaveLength(1);
	const read = await call({operation: 'read'});
	expect(read.tries.map(({implementation}) => implementation)).toEqual(['dies', 'works']);
	expect(read.result?.outputs).toEqual({a: 1});
});
