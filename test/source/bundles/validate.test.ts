import path from 'node:path';
import {expect, test} from 'vitest';
import {validateBundle} from '../../../source/bundles/validate.ts';
import {temporaryBundle, workflowText} from './bundle-folder.ts';

const problemsOf = async (files: Record<string, string>) => {
	const folder = temporaryBundle({'workflow.md': workflowText, ...files});
	return (await validateBundle(folder)).map(({file, line, severity, message}) => ({
		at: `${path.relative(folder, file)}:${line}`,
		severity,
		message,
	}));
};

test('a bundle in order has no problems', async () => {
	expect(
		await problemsOf({
			'config.yaml': 'name: greeter\n',
			'recordings/greet.yaml': 'version: 1\nanswers:\n  - step: judge\n    text: warmly\n    outputs: { tone: warm }\n',
			'tests/warm.yaml': 'inputs: { whom: Ada }\nexpect:\n  steps: { judge: completed }\n',
		}),
	).toEqual([]);
});

test('the problems of all its files are told at once, each with its place', async () => {
	const problems = await problemsOf({
		'config.yaml': 'name: greeter\ndefaults:\n  inputs: { whmo: Ada }\nrequires: { env: [TOKEN] }\n',
		'tests/wrong.yaml': 'expcet: {}\n',
		'tools/ledger.yaml': 'description: Nothing.\n',
	});
	expect(problems).toEqual([
		{at: 'config.yaml:3', severity: 'error', message: 'The workflow has no input `whmo`.'},
		{at: 'tools/ledger.yaml:1', severity: 'error', message: 'Nothing says what this tool is.'},
		{at: 'tests/wrong.yaml:1', severity: 'error', message: 'A case has no setting `expcet`.'},
	]);
});

test('recordings are held against the steps, and cases against steps and inputs', async () => {
	const problems = await problemsOf({
		'config.yaml': 'name: greeter\nrequires: { env: [TOKEN] }\n',
		'recordings/greet.yaml':
			'version: 1\nanswers:\n  - step: jugde\n    text: x\n  - step: judge\n    text: x\n    outputs: { tone: hot }\n',
		'tests/a.yaml': 'title: a\ninputs: { whmo: Ada }\nexpect:\n  steps:\n    jugde: completed\n',
	});
	expect(problems).toEqual([
		{
			at: 'config.yaml:1',
			severity: 'warning',
			message: '`requires` demands the variable TOKEN, and no step can read it.',
		},
		{at: 'recordings/greet.yaml:3', severity: 'error', message: 'The workflow has no step `jugde`.'},
		{
			at: 'recordings/greet.yaml:7',
			severity: 'error',
			message: 'The answer of `judge` does not fit its `outputs:`: `tone` must be one of "warm", "cold", not "hot".',
		},
		{at: 'tests/a.yaml:5', severity: 'error', message: 'The workflow has no step `jugde`.'},
		{at: 'tests/a.yaml:2', severity: 'error', message: 'The workflow has no input `whmo`.'},
	]);
});

test('a recording that leaves a step out, and a configuration nobody reads, are warned of', async () => {
	expect(
		await problemsOf({'config.yml': 'name: greeter\n', 'recordings/greet.yaml': 'version: 1\nanswers: []\n'}),
	).toEqual([
		{at: 'config.yml:1', severity: 'warning', message: 'A bundle is configured in config.yaml; this file is not read.'},
		{
			at: 'recordings/greet.yaml:2',
			severity: 'warning',
			message: 'Nothing is recorded for the step `judge`: a replay fails there.',
		},
	]);
	expect(await problemsOf({'config.yaml': 'version: 1\n'})).toEqual([
		{at: 'config.yaml:1', severity: 'error', message: 'config.yaml has no `name:`.'},
	]);
});
