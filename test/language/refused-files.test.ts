import {expect, test} from 'vitest';
import {parseWorkflow} from '../../source/workflow/parse.ts';

/** @returns The one diagnostic that a file is refused with. */
const refusalOf = (text: string) => {
	const {definition, diagnostics} = parseWorkflow(text, 'w.md');
	expect(definition).toBeUndefined();
	expect(diagnostics).toHaveLength(1);
	const {code, line, column, message, suggestion} = diagnostics[0]!;
	return {code, place: `${line}:${column}`, text: `${message} ${suggestion}`};
};

test('an empty file is refused with one sentence', () => {
	expect(refusalOf('')).toEqual({
		code: 'file.empty',
		place: '1:1',
		text: 'This file is empty. Run `aiworkflow init` for a workflow to begin with.',
	});
	expect(refusalOf(' \n\t\n').code).toBe('file.empty');
	expect(refusalOf('\uFEFF').code).toBe('file.empty');
});

test('a file over the limit is refused before it is parsed', () => {
	expect(refusalOf(`---\nname: x\n---\n${'x'.repeat(5_000_000)}`)).toEqual({
		code: 'file.too-large',
		place: '1:1',
		text: 'This file is larger than 262.1 kB, the limit for a workflow. Move data and long texts into files of their own.',
	});
});

test('the limit counts bytes, not characters', () => {
	expect(refusalOf(`---\nname: x\n---\n# A\n## b\n${'語'.repeat(400_000)}`).code).toBe('file.too-large');
});

test('binary data is refused at its first NUL byte', () => {
	expect(refusalOf('---\nname: x\u0000y\n---\n')).toMatchObject({code: 'file.binary', place: '2:8'});
});

test('a README is refused, and told how it becomes a workflow', () => {
	expect(refusalOf('# My project\n\n## Install\n```sh run\nrm -rf /\n```\n')).toEqual({
		code: 'frontmatter.missing',
		place: '1:1',
		text: 'This file is not a workflow: it does not begin with frontmatter. To make it one, begin it with the lines `---`, `name: my-workflow`, `---`.',
	});
});

test('a file that begins with a thematic break has no frontmatter', () => {
	expect(refusalOf('-----\nname: x\n-----\n').code).toBe('frontmatter.missing');
});

test('JavaScript frontmatter is refused and not evaluated', () => {
	const global = globalThis as {evaluated?: boolean};
	for (const language of ['js', 'javascript', 'JS', ' js', 'coffee', 'constructor', '__proto__']) {
		const refusal = refusalOf(`---${language}\n{name: (globalThis.evaluated = true) && 'x'}\n---\n# A\n\n## b\nDo.\n`);
		expect(refusal.code).toBe('frontmatter.language');
		expect(refusal.text).toContain('It must be YAML; nothing was evaluated.');
	}

	expect(global.evaluated).toBeUndefined();
});

test('JSON and TOML frontmatter are refused too', () => {
	expect(refusalOf('---json\n{"name": "x"}\n---\n# A\n').code).toBe('frontmatter.language');
	expect(refusalOf('---toml\nname = "x"\n---\n# A\n').code).toBe('frontmatter.language');
});

test('what stands before the frontmatter is refused, and the file told so', () => {
	for (const before of ['\n', '<!-- licence -->\n', ' ', ' \n\n']) {
		expect(refusalOf(`${before}---\nname: x\n---\n# A\n\n## b\nDo.\n`)).toEqual({
			code: 'frontmatter.missing',
			place: '1:1',
			text: 'This file is not a workflow: something stands before its frontmatter. Make `---` the first line of the file.',
		});
	}

	expect(refusalOf('+++\nname = "x"\n+++\n# A\n').text).toContain('TOML between `+++` is not read.');
});

test('only a line `---` alone ends the frontmatter', () => {
	for (const line of ['--- # end', '----', '---x']) {
		const refusal = refusalOf(`---\nname: x\n${line}\n# A\n\n## b\nDo.\n`);
		expect(refusal).toMatchObject({code: 'frontmatter.unclosed', place: '3:1'});
	}
});

test('frontmatter that is never closed is refused', () => {
	expect(refusalOf('---\nname: x\n\n# A\n')).toMatchObject({code: 'frontmatter.unclosed', place: '1:1'});
	expect(refusalOf('---').code).toBe('frontmatter.unclosed');
});

test('a billion laughs are refused at once', () => {
	const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
	const bomb = names.map((name, index) =>
		index === 0
			? 'a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]'
			: `${name}: &${name} [${Array(9)
					.fill(`*${names[index - 1]}`)
					.join(', ')}]`,
	);
	expect(refusalOf(`---\nname: x\n${bomb.join('\n')}\n---\n# A\n\n## b\nDo.\n`).code).toBe('yaml.too-large');
});

test('a line that nests thousands of quotes is refused, not parsed for minutes', () => {
	expect(refusalOf(`---\nname: x\n---\n# A\n\n${'>'.repeat(100_000)}\n`)).toMatchObject({
		code: 'markdown.too-deep',
		place: '6:1',
	});
});
