import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {packageFolder} from '../../../source/install.ts';
import {templateCategories, variableTypes} from '../../../source/templates/definition.ts';
import {instantiate} from '../../../source/templates/instantiate.ts';
import {loadTemplate, soundTemplate} from '../../../source/templates/load.ts';
import {builtInFolder} from '../../../source/templates/sources.ts';
import {temporaryFolder, writeAll} from './template-folder.ts';

const document = readFileSync(path.join(packageFolder, 'docs/templates.md'), 'utf8');

test('the template of the document is one', async () => {
	const [, metadata] = /^```yaml\n(id: greet\n[\s\S]*?)^```$/m.exec(document)!;
	const [, workflow] = /^````markdown\n([\s\S]*?)^````$/m.exec(document)!;
	const folder = writeAll(temporaryFolder(), {'template.yaml': metadata!, 'workflow.md': workflow!});
	const template = await loadTemplate(folder, {kind: 'workspace'});
	expect(template.diagnostics).toEqual([]);
	const {files} = instantiate(soundTemplate(template), {name: 'hello', times: '3', who: 'Ada: the first'});
	expect(files[0]!.bytes.toString()).toContain('description: "Greets Ada: the first."');
	expect(files[0]!.bytes.toString()).toContain('default: 3');
});

test('the document names every template, category and type', () => {
	for (const id of readdirSync(builtInFolder).filter(name => name !== 'starters'))
		expect(document).toMatch(new RegExp(`^\\| \`${id}\` \\|`, 'm'));
	for (const name of [
		...Object.keys(templateCategories),
		...variableTypes,
		...readdirSync(`${builtInFolder}/starters`),
	])
		expect(document).toContain(`\`${name}\``);
});
