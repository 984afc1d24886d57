import {expect, test} from 'vitest';
import {failureIn, toolPlace} from './calling.ts';

const tool = (operations: string, more = '') =>
	toolPlace(`module: ./tool.ts\n${more}`, {'tool.ts': `export const operations = ${operations};\n`});

test('a module in TypeScript is run in a process of its own, with its arguments and its context', async () => {
	const {call, workspace} = tool(`{
		add: {
			description: 'Adds.',
			inputs: {a: {type: 'number', required: true}, b: {type: 'number', default: 2}},
			outputs: {sum: 'number'},
			readOnly: true,
			async run({a, b}: {a: number; b: number}, context: {workspace: string}) {
				console.log('not an answer');
				return {sum: a + b, pid: process.pid, workspace: context.workspace};
			},
		},
	}`);
	const {result} = await call({with: {a: 1}});
	expect(result?.outputs).toMatchObject({sum: 3, workspace});
	expect(result?.outputs.pid).not.toBe(process.pid);
	expect(failureIn(await call({with: {a: 'x'}}))).toBe(
		'tool.arguments-invalid: it.add cannot be called so: `a` must be number, not "x".',
	);
});

test('whatever a module does, it is a failure with a name', async () => {
	const outcomeOf = async (body: string, more = '') =>
		failureIn(await tool(`{ it: { run() { ${body} } } }`, more).call());
	expect(await outcomeOf('throw new Error("the door is locked")')).toBe(
		'tool.failed: it.it failed: the door is locked',
	);
	expect(await outcomeOf('console.error("bye"); process.exit(0)')).toMatch(
		/^tool.unreachable: .*ended by itself \(0\)/,
	);
	expect(await outcomeOf('const a: any = {}; a.a = a; return a')).toMatch(/^tool.answer-invalid: .*circular/);
	expect(await outcomeOf('return {big: 1n}')).toMatch(/^tool.answer-invalid: .*BigInt/);
	expect(await outcomeOf('return "x".repeat(9_000_000)')).toMatch(/^tool.answer-too-large/);
	expect(await outcomeOf('for (;;);', 'timeout: 500ms')).toMatch(/^tool.unreachable: .*did not answer within/);
	expect(await outcomeOf('return new Promise(() => {})')).toMatch(/^tool.unreachable: .*ended by itself/);
});

test('a module that cannot be loaded says why', async () => {
	expect(failureIn(await toolPlace('module: ./nothing.ts').call())).toMatch(
		/^tool.unreachable: .*cannot be loaded: .*nothing.ts/,
	);
	expect(failureIn(await tool('{ a: 1 }').call())).toMatch(/its operation "a" has no function `run`/);
	expect(failureIn(await toolPlace('module: ./t.ts', {'t.ts': 'export {}'}).call())).toMatch(/exports no object/);
	expect(
		failureIn(
			await toolPlace('module: ./t.ts', {'t.ts': 'while (true);'})
				.call({signal: AbortSignal.timeout(700)})
				.catch((error: Error) => ({tries: [], failure: {code: 'aborted', message: error.name}})),
		),
	).toBe('aborted: TimeoutError');
});
