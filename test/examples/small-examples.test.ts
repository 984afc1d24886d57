import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {parse} from 'yaml';
import {examplesFolder, runScript, scriptUnder, temporaryFolder} from './repository.ts';

test('hello greets with any name, byte for byte', () => {
	const folder = temporaryFolder();
	const name = '$(touch pwned); "; rm -rf x \'%s\\n';
	const {stdout} = runScript(['sh', '-ec', scriptUnder('hello', 'Prepare')], folder, {env: {INPUT_NAME: name}});
	expect(stdout).toBe(`Hello, ${name}!`);
	const greeted = runScript(['sh', '-ec', scriptUnder('hello', 'Greet')], folder, {env: {GREETING: stdout}});
	expect(greeted.stdout).toBe(`Hello, ${name}!\n`);
	expect(readdirSync(folder)).toEqual([]);
});

test('parallel counts in the folder it made and cleans up after itself', () => {
	const folder = temporaryFolder();
	const run = (heading: string, env: Record<string, string> = {}) =>
		runScript(['sh', '-ec', scriptUnder('parallel', heading)], folder, {env: {TMPDIR: folder, ...env}});
	const FOLDER = /^folder=(.+)\n$/.exec(run('Prepare').output)![1]!;
	expect(run('Words', {FOLDER}).output).toBe('count=5\n');
	expect(run('Lines', {FOLDER}).output).toBe('count=2\n');
	expect(run('Flaky check').exitCode).toBe(1);
	const env = {WORDS: '5', LINES: '2', SLOW: 'skipped', FLAKY: 'failed'};
	expect(run('Summarize', env).output).toBe('summary=5 words in 2 lines; slow check skipped, flaky check failed\n');
	expect(run('Clean up', {FOLDER}).exitCode).toBe(0);
	expect(existsSync(FOLDER)).toBe(false);
	expect(run('Clean up', {FOLDER: ''}).exitCode).toBe(0);
});

/** Each folder with a workflow in it; `language/` holds many. */
const examples = readdirSync(examplesFolder).filter(name => existsSync(path.join(examplesFolder, name, 'workflow.md')));

test.each(examples)('%s has settings that a Markdown formatter did not flatten', example => {
	const text = readFileSync(path.join(examplesFolder, example, 'workflow.md'), 'utf8');
	const [, frontmatter] = /^---\n([\s\S]*?)\n---\n/.exec(text)!;
	const {name, inputs} = parse(frontmatter!);
	expect(name).toBe(example);
	for (const input of Object.values<{type: string}>(inputs)) expect(input.type).toBeTypeOf('string');
	for (const [, settings] of text.matchAll(/^```yaml step\n([\s\S]*?)^```$/gm))
		expect(parse(settings!)).toBeTypeOf('object');
});

test.each(examples)('%s interpolates nothing inside a script', example => {
	const text = readFileSync(path.join(examplesFolder, example, 'workflow.md'), 'utf8');
	const scripts = [...text.matchAll(/^```\w+ run\n([\s\S]*?)^```$/gm)].map(([, script]) => script!);
	expect(scripts).not.toHaveLength(0);
	for (const script of scripts) expect(script).not.toContain('${{');
});

test('the recording of repo-report answers every step that an agent judges', () => {
	const {version, answers} = parse(
		readFileSync(path.join(examplesFolder, 'repo-report/recordings/repo-report.yaml'), 'utf8'),
	);
	expect(version).toBe(1);
	expect(answers.map((answer: {step: string}) => answer.step)).toEqual(['judge-activity', 'judge-risks']);
	expect(['good', 'fair', 'poor']).toContain(answers[0].outputs.health);
	expect(['low', 'medium', 'high']).toContain(answers[1].outputs.risk);
	for (const {outputs} of answers) {
		expect(outputs.headline).toContain('recorded');
		expect(outputs.advice).not.toHaveLength(0);
	}
});
