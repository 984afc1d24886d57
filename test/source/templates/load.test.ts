import {symlinkSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {limits} from '../../../source/limits.ts';
import {loadTemplate} from '../../../source/templates/load.ts';
import {metadataText, temporaryFolder, workflowText, writeAll} from './template-folder.ts';

const diagnosticsOf = async (files: Readonly<Record<string, string>>) => {
	const folder = writeAll(temporaryFolder(), files);
	const {diagnostics} = await loadTemplate(folder, {kind: 'workspace'});
	return diagnostics.map(({code, line, message, suggestion}) =>
		`${line} ${code}: ${message} ${suggestion ?? ''}`.trim(),
	);
};
const withVariable = (variable: string) =>
	diagnosticsOf({
		'template.yaml': metadataText(`  it: ${variable}\n`),
		'workflow.md': workflowText('<% it %>'),
	});

test('a folder that is no template says what is missing', async () => {
	expect(await diagnosticsOf({})).toEqual(['1 template.invalid: There is no template.yaml.']);
	expect(await diagnosticsOf({'template.yaml': 'id: Up\nname: x\ncategory: secuirty\n'})).toMatchInlineSnapshot(`
		[
		  "1 template.invalid: The template has no \`description\`. Write \`description: …\`.",
		  "1 template.invalid: The template makes no workflow. Put a workflow.md beside template.yaml.",
		  "1 template.invalid: The \`id\` of a template consists of small letters, digits and \`-\`, at most 64. Write \`id: my-template\`.",
		  "3 value.invalid: \`category\` must be \`code-quality\` or \`deployment\` or \`testing\` or \`documentation\` or \`security\` or \`monitoring\` or \`data\` or \`integration\` or \`general\`, not the text "secuirty". Did you mean \`security\`?",
		]
	`);
});

test.each([
	['{ type: choice }', 'The choice `it` has no `enum`.'],
	['{ type: integer }', 'The variable `it` has no value when none is given.'],
	['{ type: integer, default: 1.5 }', 'The default of `it` is not of its type, integer.'],
	['{ type: integer, default: 0, min: 1 }', 'must be at least 1'],
	['{ type: integer, default: 1, pattern: "1" }', '`pattern` is for text'],
	['{ type: choice, enum: [a, b], default: c }', 'must be one of a, b'],
	['{ type: string, enum: [1] }', 'is not of its type'],
	['{ type: path, default: ../x }', 'must be a path inside the workspace'],
	['{ type: string, pattern: "(" }', 'is not a regular expression'],
	['{ type: strng }', '`type` must be'],
	['{ type: string, defualt: x }', 'is not a key of the variable `it`'],
	['text', 'must be a mapping'],
])('a variable %s is told what is wrong with it', async (variable, words) => {
	expect((await withVariable(variable)).join('\n')).toContain(words);
});

test('the name of the workflow is always asked, so no variable is called so', async () => {
	const found = await diagnosticsOf({
		'template.yaml': metadataText('  name: { type: string }\n'),
		'workflow.md': workflowText(),
	});
	expect(found.join()).toContain('The variable `name` is always there');
});

test('too many files, too much text and links are refused', async () => {
	const files = Object.fromEntries(
		Array.from({length: limits.templateFilesMax}, (_, index) => [`files/${index}.txt`, 'x']),
	);
	const base = {'template.yaml': metadataText(), 'workflow.md': workflowText()};
	expect((await diagnosticsOf({...base, ...files})).join()).toContain('template.too-large');
	expect((await diagnosticsOf({...base, 'a.bin': 'x'.repeat(limits.templateBytesMax)})).join()).toContain('too-large');
	const folder = writeAll(temporaryFolder(), base);
	symlinkSync('/etc', path.join(folder, 'etc'));
	const {diagnostics, files: read} = await loadTemplate(folder, {kind: 'workspace'});
	expect(diagnostics.map(({message}) => message)).toEqual(['This is neither a file nor a folder.']);
	expect(read.map(file => file.path)).toEqual(['workflow.md']);
});
