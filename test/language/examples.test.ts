import {globSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import type {StepDefinition} from '../../source/workflow/definition.ts';
import {parseWorkflow} from '../../source/workflow/parse.ts';
import {planLinesOf} from '../../source/workflow/plan.ts';
import {triggerKinds} from '../../source/workflow/triggers.ts';
import {usesOf} from '../../source/workflow/uses.ts';

const folder = path.join(import.meta.dirname, '../../examples/language');
const files = globSync('**/*.md', {cwd: folder}).sort();

const definitionOf = (file: string) => {
	const {definition, diagnostics} = parseWorkflow(readFileSync(path.join(folder, file), 'utf8'), file);
	expect(diagnostics).toEqual([]);
	return definition!;
};

test.each(files)('%s is a workflow without a problem, and says what it shows', file => {
	const definition = definitionOf(file);
	expect(definition.name).toBe(file.replace(/\/workflow\.md$/, '').replace(/^.*\/|\.md$/g, ''));
	expect(definition.description).toMatch(/\.$/);
	expect(planLinesOf(definition)).toHaveLength(definition.steps.length);
});

test('what an example uses is beside it', () => {
	const used = usesOf(definitionOf('uses/workflow.md'));
	expect(used).toEqual(['./greet.md']);
	expect(files).toContain('uses/greet.md');
});

/** What only a look into the definition can say: that an example shows what it is called after. */
const constructs: Readonly<Record<string, (step: StepDefinition) => unknown>> = {
	foreach: step => step.foreach,
	matrix: step => step.matrix,
	repeat: step => step.repeat,
	'wait-duration': step => step.kind === 'wait' && step.wait,
	'wait-signal': step => step.kind === 'wait' && step.signal,
	goto: step => step.kind === 'approval' && typeof step.onReject === 'object',
	cache: step => step.cache,
	retry: step => step.retry,
	timeout: step => step.timeoutMs && step.stepTimeoutMs,
	'idle-timeout': step => step.idleTimeoutMs,
	'continue-on-error': step => step.continueOnError,
	'on-interrupt': step => step.onInterrupt,
	'undo-fence': step => step.undoScript,
	'undo-files': step => step.undo?.kind === 'files',
	'undo-git': step => step.undo?.kind === 'git',
	'undo-tool': step => step.undoTool,
	tool: step => step.kind === 'tool',
	http: step => step.kind === 'http',
	transform: step => step.kind === 'transform',
	sql: step => step.kind === 'sql',
	savepoint: step => step.savepoint,
	editable: step => step.kind === 'approval' && step.editable,
	budget: step => step.kind === 'agent' && step.budgets?.some(({microUsd}) => microUsd),
	failover: step => step.kind === 'agent' && step.failover,
	permissions: step => step.kind === 'agent' && step.permissions,
	webhook: step => step.kind === 'webhook',
};

test.each(Object.entries(constructs))('there is an example of %s', (name, isShown) => {
	expect(definitionOf(`${name}.md`).steps.some(isShown)).toBe(true);
});

const triggers = triggerKinds.filter(kind => files.includes(`on-${kind}.md`));

test.each(triggers)('the example of `on: %s` has that trigger, and can be started by hand', kind => {
	const {triggers: declared, inputs} = definitionOf(`on-${kind}.md`);
	expect(declared?.map(trigger => trigger.kind)).toContain(kind);
	expect(Object.values(inputs).every(({required}) => !required)).toBe(true);
});

test('there is an example of `concurrency`, and none that nothing is checked of', () => {
	expect(definitionOf('concurrency.md').concurrency).toEqual({group: 'deploy-${{ inputs.target }}', overlap: 'queue'});
	const known = [...Object.keys(constructs), ...triggers.map(kind => `on-${kind}`), 'concurrency'].map(
		name => `${name}.md`,
	);
	expect(files.filter(file => !file.startsWith('uses/'))).toEqual(known.sort());
});
