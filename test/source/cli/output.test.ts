import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {PassThrough, Writable} from 'node:stream';
import {expect, test} from 'vitest';
import {cleanText, oneLine} from '../../../source/cli/clean.ts';
import {createOutput, endQuietlyOnBrokenPipe} from '../../../source/cli/output.ts';
import {tellFailure} from '../../../source/cli/report-failure.ts';
import {tableOf} from '../../../source/cli/table.ts';
import {runNotFound} from '../../../source/errors.ts';

const terminalOf = (isTTY: boolean, env: Record<string, string> = {}) => {
	const stdout = Object.assign(new PassThrough(), {isTTY});
	const stderr = new PassThrough();
	return {
		terminal: {stdin: {isTTY}, stdout, stderr, env},
		written: () => ({stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '')}),
	};
};

test('under --json standard output has JSON only', async () => {
	const {terminal, written} = terminalOf(true);
	const output = createOutput({json: true, verbose: false, color: true}, terminal);
	await output.print('for a person');
	await output.line({a: 1});
	await output.document({b: 'ü'});
	output.note('beside it');
	expect(written()).toEqual({stdout: '{"a":1}\n{\n\t"b": "ü"\n}\n', stderr: 'beside it\n'});
	expect(output.isInteractive).toBe(false);
});

test.each([
	['a terminal', true, {}, true, true],
	['no terminal', false, {}, true, false],
	['NO_COLOR', true, {NO_COLOR: '1'}, true, false],
	['an empty NO_COLOR', true, {NO_COLOR: ''}, true, true],
	['--no-color', true, {}, false, false],
	['TERM=dumb', true, {TERM: 'dumb'}, true, false],
])('colours: %s', (_, isTTY, env, color, isColoured) => {
	const {terminal} = terminalOf(isTTY, env as Record<string, string>);
	const {paint} = createOutput({json: false, verbose: false, color}, terminal);
	expect(paint.red('x') !== 'x').toBe(isColoured);
});

test('a failure is a fact and the next move, or a document', () => {
	const plain = terminalOf(false);
	const code = tellFailure(runNotFound('x'), createOutput({json: false, verbose: false, color: true}, plain.terminal));
	expect(code).toBe(3);
	expect(plain.written()).toEqual({
		stdout: '',
		stderr: '✗ There is no run "x".\n  List the runs with `aiworkflow runs list`.\n',
	});
	const json = terminalOf(false);
	tellFailure(runNotFound('x'), createOutput({json: true, verbose: false, color: true}, json.terminal));
	expect(JSON.parse(json.written().stdout)).toEqual({
		error: {
			code: 'run.not-found',
			message: 'There is no run "x".',
			suggestion: 'List the runs with `aiworkflow runs list`.',
			retryable: false,
		},
	});
});

test('a slow reader is waited for', async () => {
	const taken: string[] = [];
	const slow = new Writable({
		highWaterMark: 8,
		write(chunk, _, done) {
			taken.push(String(chunk));
			setTimeout(done, 5);
		},
	});
	const {terminal} = terminalOf(false);
	const output = createOutput({json: true, verbose: false, color: true}, {...terminal, stdout: slow});
	for (let index = 0; index < 5; index++) {
		await output.line({index});
		expect(slow.writableLength).toBeLessThan(20);
	}

	expect(taken.join('')).toBe('{"index":0}\n{"index":1}\n{"index":2}\n{"index":3}\n{"index":4}\n');
});

test('a reader that goes away ends the command without a word', async () => {
	const code = `
		import {createOutput, endQuietlyOnBrokenPipe} from ${JSON.stringify(new URL('../../../source/cli/output.ts', import.meta.url).href)};
		endQuietlyOnBrokenPipe();
		const output = createOutput({json: true, verbose: false, color: true});
		for (;;) { await output.line({x: 'x'.repeat(1000)}); await new Promise(setImmediate); }
	`;
	const child = spawn(process.execPath, ['--input-type=module', '--eval', code]);
	let said = '';
	child.stderr.on('data', text => {
		said += text;
	});
	child.stdout.once('data', () => child.stdout.destroy());
	const [exitCode] = await once(child, 'close');
	expect({exitCode, said}).toEqual({exitCode: 0, said: ''});
});

test('another trouble of the stream is not hidden', () => {
	const stream = new PassThrough();
	endQuietlyOnBrokenPipe([stream], () => {});
	expect(() => stream.emit('error', new Error('EIO'))).toThrow('EIO');
});

test('columns are aligned by what a terminal shows', () => {
	expect(
		tableOf([
			['\u001B[32m✓\u001B[39m fix', '漢字', '1'],
			['x', 'a', '22'],
			['longer word', '', '3'],
		]),
	).toEqual(['\u001B[32m✓\u001B[39m fix        漢字  1', 'x            a     22', 'longer word        3']);
});

test('foreign text keeps its colours and loses everything else a terminal obeys', () => {
	const text =
		'a\u001B[31mred\u001B[0m\u001B[2J\u001B]0;title\u0007\u001B]52;c;eA==\u001B\\\u001BP1q\u001B\\\u009B5A\tb\r\nc\u0000';
	expect(cleanText(text)).toBe('a\u001B[31mred\u001B[0m\tb\nc');
	expect(oneLine(text)).toBe('ared b c');
	expect(oneLine('x'.repeat(300), 10)).toBe('xxxxxxxxx…');
});
