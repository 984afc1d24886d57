import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {packBundle} from '../../source/bundles/pack.ts';
import {readBundle} from '../../source/bundles/read-bundle.ts';
import {unpackBundle} from '../../source/bundles/unpack.ts';
import {validateBundle} from '../../source/bundles/validate.ts';
import {examplesFolder, runScript, temporaryFolder, temporaryRepository} from './repository.ts';

const bundles = [
	'code-review',
	'daily-standup',
	'dependency-update',
	'email-triage',
	'incident-response',
	'sprint-planning',
];

const script = (
	bundle: string,
	name: string,
	folder: string,
	options: Parameters<typeof runScript>[2] & {args?: string[]} = {},
) =>
	runScript(
		['node', path.join(examplesFolder, bundle, 'scripts', `${name}.mjs`), ...(options.args ?? [])],
		folder,
		options,
	);

test.each(bundles)('%s is a bundle without a problem, with its own name, a description and tests', async name => {
	const folder = path.join(examplesFolder, name);
	expect(await validateBundle(folder)).toEqual([]);
	const {config, workflow, tests} = await readBundle(folder);
	expect(config).toMatchObject({name, version: '1.0.0', license: 'Apache-2.0'});
	expect(config!.description).toBeTruthy();
	expect(workflow.definition!.name).toBe(name);
	expect(tests).toBeGreaterThanOrEqual(2);
});

test.each(bundles)('%s can be read in one sitting', name => {
	const text = readFileSync(path.join(examplesFolder, name, 'workflow.md'), 'utf8');
	expect(text.split('\n').length).toBeLessThanOrEqual(155);
});

test.each(bundles)('%s is packed and unpacked whole', async name => {
	const cwd = temporaryFolder();
	const {file, leftOut} = await packBundle(path.join(examplesFolder, name), {cwd, force: false});
	expect(leftOut).toEqual([]);
	const {folder} = await unpackBundle(file, {cwd, force: false});
	expect(await validateBundle(folder)).toEqual([]);
});

describe('code-review', () => {
	const changed = () => {
		const repository = temporaryRepository();
		repository.write('a.js', 'one\ntwo\nthree\n');
		repository.write('package-lock.json', '{}');
		repository.commit();
		repository.git('checkout', '--quiet', '-b', 'feature');
		repository.write('a.js', 'one\ntwo and a half\nthree\nfour\n');
		repository.write('package-lock.json', '{"changed": true}');
		repository.commit();
		return repository;
	};
	const env = {INPUT_BASE: '', INPUT_MAX_LINES: '3000'};

	test('a branch is compared with where it left the main branch, lock files left out', () => {
		const {folder, git} = changed();
		const {outputs, stdout} = script('code-review', 'changes', folder, {env});
		expect(outputs).toEqual({
			base: git('rev-parse', 'main').slice(0, 12),
			files: ['a.js'],
			lines: 3,
			isCut: false,
		});
		expect(stdout).toContain('+two and a half');
	});

	test('what is not committed yet counts, and on the main branch the last commit does', () => {
		const repository = temporaryRepository();
		repository.write('a.js', 'one\n');
		repository.commit();
		repository.write('a.js', 'one\ntwo\n');
		repository.commit();
		repository.write('a.js', 'one\ntwo\nthree\n');
		expect(script('code-review', 'changes', repository.folder, {env}).outputs.lines).toBe(2);
	});

	test('a large change is cut, and said to be', () => {
		const {folder} = changed();
		const {outputs, stdout} = script('code-review', 'changes', folder, {env: {...env, INPUT_MAX_LINES: '3'}});
		expect(outputs.isCut).toBe(true);
		expect(stdout).toContain('more lines, not shown');
	});

	test('an unknown base is told', () => {
		const {exitCode, stderr} = script('code-review', 'changes', changed().folder, {env: {...env, INPUT_BASE: 'v9'}});
		expect({exitCode, stderr}).toEqual({exitCode: 1, stderr: 'git knows no "v9".\n'});
	});

	test('leftovers are found in added lines only, with the number of the line', () => {
		const stdin = [
			'diff --git a/x.js b/x.js',
			'--- a/x.js',
			'+++ b/x.js',
			'@@ -10,3 +10,3 @@',
			' const a = 1;',
			'-debugger;',
			'+  debugger;',
			'+it.only("works", () => {',
		].join('\n');
		const {outputs} = script('code-review', 'leftovers', temporaryFolder(), {stdin});
		expect(
			outputs.findings.map(({file, line, severity}: {file: string; line: number; severity: string}) => [
				file,
				line,
				severity,
			]),
		).toEqual([
			['x.js', 11, 'medium'],
			['x.js', 12, 'medium'],
		]);
	});
});

describe('incident-response', () => {
	const logs = (files: Record<string, string>) => {
		const folder = temporaryFolder();
		mkdirSync(path.join(folder, 'logs'));
		for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, 'logs', name), text);
		return folder;
	};
	const timeline = (files: Record<string, string>) =>
		script('incident-response', 'logs', logs(files), {args: ['timeline', '--logs=logs', '--minutes=60']}).outputs;

	test('lines of many forms are put in order, those without a moment are left out', () => {
		const {lines, errors, groups} = timeline({
			'a.log': '[2026-11-20 10:00:02,123] [error]: disk full\n  at stack\nERROR no moment\n',
			'b.log': '2026-11-20T12:00:01+02:00 FATAL out of memory\n',
			'c.jsonl': '{"ts":"2026-11-20T10:00:03Z","severity":"ERROR","message":"no route"}\n{broken\n',
		});
		expect({lines, errors}).toEqual({lines: 3, errors: 3});
		expect(groups.map(({place}: {place: string}) => place)).toEqual(['logs/b.log:1', 'logs/a.log:1', 'logs/c.jsonl:1']);
	});

	test('the same error with other numbers is one error', () => {
		const {groups} = timeline({
			'a.log': '2026-11-20T10:00:01Z ERROR order 17 failed\n2026-11-20T10:00:02Z ERROR order 18 failed\n',
		});
		expect(groups).toMatchObject([{count: 2, place: 'logs/a.log:1'}]);
	});

	test('lines are searched', () => {
		const folder = logs({'a.log': '2026-11-20T10:00:01Z INFO Order 17\n2026-11-20T10:00:02Z INFO other\n'});
		const {stdout} = script('incident-response', 'logs', folder, {args: ['search', '--logs=logs', '--pattern=order']});
		expect(JSON.parse(stdout)).toEqual({count: 1, lines: ['logs/a.log:1 2026-11-20T10:00:01Z INFO Order 17']});
	});
});

describe('sprint-planning', () => {
	interface Issue {
		readonly id: string;
		readonly points?: number | null;
		readonly priority?: number;
		readonly needs?: readonly string[];
	}
	const plan = (issues: readonly Issue[], capacity = 10) => {
		const all = issues.map(issue => ({title: issue.id, text: '', points: 1, priority: 1, needs: [], ...issue}));
		const stdin = JSON.stringify({issues: all, sizes: {}});
		const {outputs} = script('sprint-planning', 'plan', temporaryFolder(), {
			stdin,
			env: {INPUT_CAPACITY: `${capacity}`},
		});
		return {
			chosen: outputs.chosen.map(({id}: Issue) => id),
			left: Object.fromEntries(outputs.left.map(({id, reason}: Issue & {reason: string}) => [id, reason])),
		};
	};

	test('what is needed comes with it, or it is left out', () => {
		expect(
			plan([
				{id: 'a', needs: ['b']},
				{id: 'b', priority: 9, points: 9},
			]),
		).toEqual({chosen: ['b', 'a'], left: {}});
		expect(
			plan([
				{id: 'a', needs: ['b']},
				{id: 'b', priority: 9, points: 10},
			]),
		).toEqual({
			chosen: ['b'],
			left: {a: '11 more points do not fit'},
		});
	});

	test('circles, missing and unsized issues are told', () => {
		const {chosen, left} = plan([
			{id: 'a', needs: ['b']},
			{id: 'b', needs: ['a']},
			{id: 'c', needs: ['x']},
			{id: 'd', points: null},
			{id: 'e', needs: ['d']},
		]);
		expect(chosen).toEqual([]);
		expect(left).toEqual({
			a: 'needs itself: a → b → a',
			b: 'needs itself: b → a → b',
			c: 'needs x, which is not in the backlog',
			d: 'too large or too little known: split it',
			e: 'needs d, which has no size',
		});
	});
});

describe('email-triage', () => {
	const read = (text: string) => {
		const folder = temporaryFolder();
		mkdirSync(path.join(folder, 'mail'));
		writeFileSync(path.join(folder, 'mail/a.eml'), text);
		return script('email-triage', 'mailbox', folder, {args: ['list', '--mail=mail']}).outputs.messages[0];
	};

	test('a mail in an old character set and base64 is read', () => {
		const body = Buffer.from('Grüße', 'latin1').toString('base64');
		const headers =
			'Subject: =?iso-8859-1?Q?Gr=FC=DFe?=\nContent-Type: text/plain; charset="iso-8859-1"\nContent-Transfer-Encoding: base64';
		expect(read(`${headers}\n\n${body}\n`)).toMatchObject({subject: 'Grüße', text: 'Grüße', from: 'unknown', date: ''});
	});

	test('of nested parts the plain text is read, and no attachment', () => {
		const text = [
			'Content-Type: multipart/mixed; boundary=outer',
			'',
			'--outer',
			'Content-Type: text/plain',
			'Content-Disposition: attachment; filename=x.txt',
			'',
			'secret',
			'--outer',
			'Content-Type: multipart/alternative; boundary="in ner"',
			'',
			'--in ner',
			'Content-Type: text/html',
			'',
			'<b>Hello</b>',
			'--in ner',
			'Content-Type: text/plain',
			'',
			'Hello',
			'--in ner--',
			'--outer--',
		].join('\r\n');
		expect(read(text).text).toBe('Hello');
	});

	test('a draft goes to the address, whatever the name beside it claims, and no header can be smuggled in', () => {
		const folder = temporaryFolder();
		const message = {
			id: '<1@x>\r\nBcc: all@example.org',
			file: 'mail/../../a b.eml',
			from: '"boss@example.org" <real@example.net>',
			subject: 'Hi\r\nBcc: all@example.org',
			category: 'answer',
			draft: 'Hello.',
		};
		const {stdout} = script('email-triage', 'drafts', folder, {stdin: JSON.stringify([message])});
		expect(stdout).toMatch(/^drafts\/a-b-[\da-f]{6}\.eml\n$/);
		const draft = readFileSync(path.join(folder, stdout.trim()), 'utf8');
		expect(draft).toContain('To: real@example.net\r\n');
		expect(draft).not.toMatch(/^Bcc:/m);
	});
});
