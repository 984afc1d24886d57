import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {limits} from '../../source/limits.ts';
import {expressionFunctions, statusFunctions} from '../../source/workflow/expression/parse-expression.ts';
import {parseWorkflow} from '../../source/workflow/parse.ts';
import {contextNames, runProperties, stepProperties} from '../../source/workflow/scope.ts';
import {retryableFailures} from '../../source/workflow/settings/failure-codes.ts';
import {frontmatterKeys, stepKeys} from '../../source/workflow/settings/keys.ts';
import {notBuilt} from '../../source/workflow/settings/not-built.ts';

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const language = read('docs/language.md');
const readme = read('README.md');

interface Example {
	readonly language: string;
	readonly code: string;
	/** 1-based line of its fence. */
	readonly line: number;
}

const examplesOf = (text: string): Example[] =>
	[...text.matchAll(/^(`{3,4})(\w*)\n([\s\S]*?)\n\1$/gm)].map(({1: _, 2: name, 3: code, index}) => ({
		language: name!,
		code: code!,
		line: text.slice(0, index).split('\n').length,
	}));

const nested = '  ';
const inputs = ['tag', 'pattern', 'notify'].map(name => `${nested}${name}: {}`).join('\n');
/** What the examples read from steps above them. */
const above = [
	['diff'],
	['find-dead-links'],
	['commits'],
	['write', 'path: string'],
	['write-notes', 'path: string'],
	['judge', 'risk: { enum: [low, high] }, files: { type: array }, versions: { type: array }'],
]
	.map(
		([id, outputs = '']) =>
			`## above ${id}\n~~~yaml step\nid: ${id}\noutputs: { ${outputs} }\n~~~\n~~~sh run\ntrue\n~~~\n`,
	)
	.join('\n');

const withFrontmatter = (yaml: string) => {
	const name = /^name:/m.test(yaml) ? '' : 'name: x\n';
	const ownInputs = /^inputs:/m.test(yaml) ? '' : `inputs:\n${inputs}\n`;
	return `---\n${name}${ownInputs}${yaml}\n---\n# A\n\n${above}`;
};

const withStep = (step: string) =>
	`---\nname: x\ninputs:\n${inputs}\n---\n# A\n\n${above.replace('id: judge', 'id: judged')}\n${step}`;
const withSettings = (yaml: string) =>
	`---\nname: x\ninputs:\n${inputs}\n---\n# A\n\n${above}\n## b\n~~~yaml step\n${yaml}\n~~~\n~~~sh run\ntrue\n~~~\n`;

/** The workflows an example stands for; none: it is not of the language. */
const workflowsOf = ({language: name, code}: Example): readonly string[] => {
	if (name === 'markdown') return [code.startsWith('---') ? code : withStep(code)];
	// A recording and the agents of a workspace are files of their own.
	if (name !== 'yaml' || /^(version|agents):/.test(code)) return [];
	if (/^(name|inputs|concurrency):/.test(code)) return [withFrontmatter(code)];
	return code.startsWith('if:') ? code.split('\n').map(withSettings) : [withSettings(code)];
};

const documented = [...examplesOf(language), ...examplesOf(readme)].flatMap(example =>
	workflowsOf(example).map(text => [example.line, example.code.split('\n')[0]!, text] as const),
);

test('the documents have examples', () => {
	expect(documented.length).toBeGreaterThan(12);
});

test.each(documented)('the example on line %i (%s) is a workflow without a problem', (_, __, text) => {
	expect(parseWorkflow(text, 'w.md').diagnostics).toEqual([]);
});

test('the problem shown is the one that is reported', () => {
	const shown = examplesOf(language).find(({code}) => code.startsWith('workflow.md:12:9'))!.code;
	const text = '---\nname: x\n---\n# A\n\n## test\nDo.\n\n## ship\nDo.\n```yaml step\nneeds: [tset]\n```\n';
	const [problem] = parseWorkflow(text, 'workflow.md').diagnostics;
	for (const part of [problem!.message, problem!.suggestion!, `:${problem!.line}:${problem!.column} `]) {
		expect(shown).toContain(part);
	}
});

test('every key, context, property and function is in the page', () => {
	const {frontmatter, triggers, step, approval, matrix, contexts} = notBuilt;
	const names = [
		...frontmatterKeys,
		...stepKeys,
		...expressionFunctions,
		...statusFunctions,
		...contextNames,
		...runProperties,
		...stepProperties,
		...[frontmatter, triggers, step, approval, matrix, contexts].flat(),
	];
	const code = [...language.matchAll(/`([^`\n]+)`/g)].flatMap(([, text]) => text!.match(/[\w-]+/g) ?? []);
	expect(names.filter(name => !code.includes(name))).toEqual([]);
});

test('the failures that may be retried are in the page as they are in the catalogue', () => {
	const said = new Map<boolean | string, string>([
		[true, 'retried'],
		['agents', 'retried for agents'],
		['safe', 'retried where that is safe'],
		[false, ''],
	]);
	const rows = retryableFailures.map(({code, meaning, byDefault}) =>
		['', `\`${code}\``, meaning, said.get(byDefault), ''].join(' | ').replaceAll(/ +/g, ' ').trim(),
	);
	expect(language).toContain(rows.join('\n'));
});

test('the limits in the page are those of the product', () => {
	expect(language).toContain(
		`${limits.workflowBytesMax / 1024} KiB, ${limits.workflowLinesMax.toLocaleString('en')} lines`,
	);
	expect(language).toContain(`| steps | ${limits.stepsMax} |`);
	expect(language).toContain(`| ${limits.underlinedHeadingsMax} |`);
	expect(language).toContain(`| ${limits.diagnosticsMax} |`);
	expect(language).toContain(
		`| ${limits.itemsMax.toLocaleString('en')}, together ${limits.itemsBytesMax / 1024 ** 2} MiB`,
	);
	expect(language).toContain(`| ${limits.itemsParallelMax} |`);
	expect(language).toContain(`| ${limits.usesDepthMax} deep |`);
	expect(language).toContain(
		`${limits.cacheFilesMax.toLocaleString('en')} files, ${limits.cacheFilesBytesMax / 1024 ** 2} MiB`,
	);
	expect(language).toContain(
		`${limits.snapshotFilesMax.toLocaleString('en')} files, ${limits.snapshotBytesMax / 1024 ** 3} GiB`,
	);
	expect(language).toContain(`| ${limits.signalsMax} |`);
});
