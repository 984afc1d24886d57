import {expect, test} from 'vitest';
import {limits} from '../../source/limits.ts';
import {parseWorkflow} from '../../source/workflow/parse.ts';
import {withSteps} from './marked.ts';

/** @returns Milliseconds of processor time, which other programs on the machine do not lengthen. */
const cpuMsOf = (work: () => void): number => {
	const start = process.cpuUsage();
	work();
	const {user, system} = process.cpuUsage(start);
	return (user + system) / 1000;
};

const stepText = (index: number) => `## step ${index}
~~~yaml step
env: { A: "\${{ inputs.title }}" }
outputs: { risk: { enum: [low, high] } }
~~~
Judge \${{ ${index === 0 ? 'inputs.title' : `steps.step-${index - 1}.outputs.risk`} }} and *write* it down.

`;

const workflowOf = (count: number) => withSteps(Array.from({length: count}, (_, index) => stepText(index)).join(''));

test('a thousand steps are checked well under a second', () => {
	parseWorkflow(workflowOf(50), 'w.md');
	const text = workflowOf(1000);
	const cpuMs = cpuMsOf(() => {
		const {definition, diagnostics} = parseWorkflow(text, 'w.md');
		expect(diagnostics).toEqual([]);
		expect(definition!.steps).toHaveLength(1000);
	});
	expect(cpuMs).toBeLessThan(2000);
});

test('every step may need every step before it', () => {
	const steps = Array.from({length: 300}, (_, index) => {
		const needs = Array.from({length: index}, (__, other) => `s${other}`).join(', ');
		return `## s${index}\n~~~yaml step\nneeds: [${needs}]\n~~~\n${index > 0 ? '${{ steps.s0.status }}' : 'x'}\n`;
	});
	expect(parseWorkflow(withSteps(steps.join('')), 'w.md').diagnostics).toEqual([]);
});

test('there is a limit to the number of steps', () => {
	const steps = Array.from({length: limits.stepsMax + 1}, (_, index) => `## s${index}\nx\n`).join('');
	const {diagnostics} = parseWorkflow(withSteps(steps), 'w.md');
	expect(diagnostics.map(({code}) => code)).toEqual(['steps.too-many']);
});

test('a file of nothing but mistakes gets a bounded list, errors first', () => {
	const {diagnostics} = parseWorkflow(withSteps(`## a\n${'${{ foo }} '.repeat(20_000)}\n`), 'w.md');
	expect(diagnostics).toHaveLength(limits.diagnosticsMax);
});

test.each([
	['open braces', '${{ '.repeat(50_000)],
	['open quotes in braces', "${{ ' ".repeat(50_000)],
	['open comments', `x ${'<!-- '.repeat(50_000)}`],
	['backticks', '`<!--'.repeat(50_000)],
	['emphasis', '_a*'.repeat(50_000)],
	['links', '['.repeat(200_000)],
	['a deep expression', `\${{ ${'('.repeat(5000)} }}`],
	['a long expression', `\${{ ${'1 == '.repeat(4000)} 1 }}`],
	[
		'a cycle of a thousand steps',
		`${Array.from(
			{length: 1000},
			(_, index) => `x\n## s${index}\n~~~yaml step\nneeds: [s${(index + 1) % 1000}]\n~~~\n`,
		).join('')}x`,
	],
	['deep YAML', `x\n## b\n~~~yaml step\nneeds: ${'['.repeat(100_000)}\n~~~\nx`],
	['underlined headings', 'a\n---\n'.repeat(7000)],
	['underlined titles', 'a\n=\n'.repeat(7000)],
	['a quote that goes on without its sign', `${'> '.repeat(40)}a\n${'b\n'.repeat(14_000)}`],
	['a list', '- a\n'.repeat(14_000)],
	['lists inside lists', Array.from({length: 13_000}, (_, index) => `${' '.repeat((index % 16) * 2)}- a\n`).join('')],
	['empty lines', '\n'.repeat(250_000)],
	['many keys', `x\n## b\n~~~yaml step\n${Array.from({length: 5000}, (_, index) => `k${index}: 1\n`).join('')}~~~\nx`],
])('hostile input is read in bounded time: %s', (_, text) => {
	const cpuMs = cpuMsOf(() => parseWorkflow(withSteps(`## a\n${text}\n`), 'w.md'));
	expect(cpuMs).toBeLessThan(15_000);
});

test('names that are nearly alike are compared in bounded time', () => {
	const name = (index: number) => `s${index}${'abcdefghijklmnopqrstuvwxyz'.repeat(3)}`.slice(0, 60);
	const steps = Array.from({length: 1700}, (_, index) => `## ${name(index)}\nx\n`).join('');
	const needs = Array.from({length: 1500}, (_, index) => `t${name(index)}`).join(', ');
	const text = withSteps(`${steps}## z\n~~~yaml step\nneeds: [${needs}]\n~~~\nx\n`);
	const cpuMs = cpuMsOf(() => expect(parseWorkflow(text, 'w.md').diagnostics).toHaveLength(limits.diagnosticsMax));
	expect(cpuMs).toBeLessThan(15_000);
});

test('empty lines in the frontmatter are read in bounded time', () => {
	const cpuMs = cpuMsOf(() => parseWorkflow(`---\nname: x\n${' \n'.repeat(120_000)}---\n# A\n\n## b\nDo.\n`, 'w.md'));
	expect(cpuMs).toBeLessThan(15_000);
});

test('there is a limit to the number of lines and of underlined headings', () => {
	const codes = (text: string) => parseWorkflow(withSteps(text), 'w.md').diagnostics.map(({code}) => code);
	expect(codes(`## a\n${'x\n'.repeat(limits.workflowLinesMax)}`)).toEqual(['file.too-large']);
	expect(codes(`${'a\n---\n\n'.repeat(limits.underlinedHeadingsMax + 1)}`)).toEqual(['markdown.too-large']);
});
