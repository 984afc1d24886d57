import {expect, test} from 'vitest';
import {type Imported, importMarkdown} from '../../source/import/import.ts';
import {collection} from './collection/collection.ts';

const textOf = (file: string) => collection.find(each => each.file === file)!.bytes.toString();

const shown = (result: Imported): string => {
	if (result.kind === 'refused') return `${JSON.stringify(result.problem, undefined, '\t')}\n`;
	const notes = result.notes.map(
		({line, what, outcome, detail, advice}) => `${line} ${outcome}: ${what}: ${detail}${advice ? ` → ${advice}` : ''}`,
	);
	return `${result.text}\n${'='.repeat(40)}\n${notes.join('\n')}\n`;
};

test.each([
	['skill', 'skills/pdf/SKILL.md'],
	['agent', '.claude/agents/delegates.md'],
	['command', '.claude/commands/quoted.md'],
	['gh-aw', '.github/workflows/issue-triage.md'],
	['gh-aw-steps', '.github/workflows/steps.md'],
	['action-blocks', 'old/needs.md'],
	['action-requests', 'old/http-values.md'],
])('an imported %s is the workflow that is written down', async (name, file) => {
	const result = importMarkdown(textOf(file), file);
	expect(result).toMatchObject({kind: 'workflow', isValid: true});
	await expect(shown(result)).toMatchFileSnapshot(`../goldens/import/${name}.txt`);
});

const workflowOf = (text: string, file: string, options = {}) => {
	const result = importMarkdown(text, file, options);
	if (result.kind === 'refused') throw new Error(result.problem.message);
	return result;
};

test('a value that a command is given is one word, and never becomes code', () => {
	const {text} = workflowOf('!`echo $1 "$2 x" \'$ARGUMENTS\'`\nDo it.', '.claude/commands/x.md');
	expect(text).toContain(`echo "$INPUT_ARGUMENT_1" "\${INPUT_ARGUMENT_2} x" ''"$INPUT_ARGUMENTS"''`);
	expect(text).not.toMatch(/bash run\n[^`]*\$\{\{/);
});

test('braces of another language stay text, however often they are escaped already', () => {
	const {isValid, text} = workflowOf('Explain ${{ github.actor }} and $${{ x }}.', 'a/.claude/commands/x.md');
	expect(isValid).toBe(true);
	expect(text).toContain('Explain $${{ github.actor }} and $$${{ x }}.');
});

test('headings and fences of a text begin no steps and run nothing', () => {
	const body = '# One\n## Two\n```sh run\nrm -rf /\n```\n';
	const {definition} = {definition: workflowOf(body, 'notes.md', {as: 'prompt'})};
	expect(definition.text).toContain('### One\n#### Two\n```sh\nrm -rf /\n```');
	expect(definition.text.match(/^## /gm)).toHaveLength(1);
});

test('what is broad is not allowed by an import: the agent asks', () => {
	const {text, notes} = workflowOf('---\nallowed-tools: Bash, Bash(*), WebSearch\n---\nDo.', '.claude/commands/x.md');
	expect(text).not.toContain('permissions:');
	expect(notes.filter(({outcome}) => outcome === 'dropped').map(({what}) => what)).toEqual([
		'Bash',
		'Bash(*)',
		'WebSearch',
	]);
});

test('an agent that has no tool to write with is refused writing', () => {
	const {text} = workflowOf('---\nname: a\ndescription: b\ntools: Read, Grep\n---\nLook.', '.claude/agents/a.md');
	expect(text).toContain('permissions:\n  write:\n    - "!**"\n  run:\n    - "!*"\n  network:\n    - "!*"');
});

test('a file that could be anything is not guessed at, unless somebody says what it is', () => {
	const text = '# Notes\nSome words.';
	expect(importMarkdown(text, 'README.md')).toMatchObject({
		kind: 'refused',
		problem: {code: 'import.format-unknown', line: 1, suggestion: expect.stringContaining('--as prompt')},
	});
	expect(importMarkdown(text, 'README.md', {as: 'prompt'})).toMatchObject({kind: 'workflow', isValid: true});
});

test('a workflow is taken as it is', () => {
	const text = textOf('flows/approval.md');
	expect(importMarkdown(text, 'flows/approval.md')).toMatchObject({
		kind: 'workflow',
		format: 'workflow',
		text,
		notes: [],
	});
});
