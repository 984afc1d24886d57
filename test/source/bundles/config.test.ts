import path from 'node:path';
import {expect, test} from 'vitest';
import {parseBundleConfig} from '../../../source/bundles/config.ts';
import {planLinesOf} from '../../../source/workflow/plan.ts';
import {readWorkflow} from '../../../source/workflow-files.ts';
import {temporaryBundle, workflowText} from './bundle-folder.ts';

const config = `name: greeter
version: 1.2.0
description: Greets.
author: Ada
license: MIT
tags: [hello, small]
requires: { commands: [git], env: [TOKEN], agents: [claude], tools: [ledger] }
defaults:
  inputs: { whom: Ada, times: 3 }
  agent: [codex, claude]
  model: small
  budget: { usd: 1.5 }
`;

test('a configuration is read whole', () => {
	const {config: read, diagnostics} = parseBundleConfig(config, 'config.yaml');
	expect(diagnostics).toEqual([]);
	expect(read).toMatchObject({
		name: 'greeter',
		version: '1.2.0',
		author: 'Ada',
		license: 'MIT',
		tags: ['hello', 'small'],
		requires: {commands: ['git'], env: ['TOKEN'], agents: ['claude'], tools: ['ledger']},
		defaults: {inputs: {whom: 'Ada', times: 3}, agent: {agents: ['codex', 'claude']}, model: 'small'},
	});
});

test('its defaults go before those of the workflow, and are told in the plan', async () => {
	const folder = temporaryBundle({'workflow.md': workflowText, 'config.yaml': config});
	const {definition} = await readWorkflow(path.join(folder, 'workflow.md'));
	expect(definition!.inputs.whom!.default).toBe('Ada');
	expect(definition!.inputs.times!.default).toBe(3);
	expect(definition!.agents).toEqual(['codex', 'claude']);
	expect(definition!.model).toBe('small');
	expect(definition!.budgets![0]!.microUsd).toBe(1_500_000);
	expect(planLinesOf(definition!)[0]).toBe(
		'bundle greeter 1.2.0; defaults: whom = Ada, times = 3, agent codex, claude, m…',
	);
});

test('another configuration is another workflow for whoever pins it', async () => {
	const hashOf = async (files: Record<string, string>) =>
		(await readWorkflow(path.join(temporaryBundle({'workflow.md': workflowText, ...files}), 'workflow.md'))).hash;
	const [without, one, other, same] = [
		await hashOf({}),
		await hashOf({'config.yaml': config}),
		await hashOf({'config.yaml': config.replace('Ada, times', 'Bob, times')}),
		await hashOf({'config.yaml': config}),
	];
	expect(new Set([without, one, other]).size).toBe(3);
	expect(same).toBe(one);
});

test('a config.yaml without a name is somebody else’s, and a workflow beside the bundle’s has none', async () => {
	const folder = temporaryBundle({'workflow.md': workflowText, 'config.yaml': 'title: My site\ntheme: dark\n'});
	expect((await readWorkflow(path.join(folder, 'workflow.md'))).definition!.bundle).toBeUndefined();
	const other = temporaryBundle({'workflow.md': workflowText, 'other.md': workflowText, 'config.yaml': config});
	expect((await readWorkflow(path.join(other, 'other.md'))).definition!.bundle).toBeUndefined();
	expect((await readWorkflow(path.join(other, 'workflow.md'))).definition!.bundle!.name).toBe('greeter');
});

test.each([
	['name: My Bundle', 1, 'cannot be the name of a bundle', 'Write `name: my-bundle`.'],
	['name: x\nverison: 1', 2, 'verison', 'Did you mean `version`?'],
	['name: x\nrequires: { command: [git] }', 2, 'command', 'Did you mean `commands`?'],
	['name: x\nrequires: { env: [A-B] }', 2, 'cannot be the name of an environment variable', 'Write one name for each.'],
	['name: x\ndefaults:\n  inputs: { whmo: Ada }', 3, 'no input `whmo`', 'Did you mean `whom`?'],
	['name: x\ndefaults:\n  inputs: { times: often }', 3, 'must be an integer, not "often"', 'Mend the value.'],
	['name: x\ndefaults: { budget: { on-exceed: pause } }', 2, 'does not say how much', 'budget: { usd: 2.00'],
	['name: [', 1, '', ''],
])('`%s` is told with its place and what to write', async (text, line, message, suggestion) => {
	const folder = temporaryBundle({'workflow.md': workflowText, 'config.yaml': text});
	const {diagnostics} = await readWorkflow(path.join(folder, 'workflow.md'));
	expect(diagnostics[0]).toMatchObject({
		file: path.join(folder, 'config.yaml'),
		line,
		message: expect.stringContaining(message),
	});
	expect(diagnostics[0]!.suggestion ?? '').toContain(suggestion);
});
