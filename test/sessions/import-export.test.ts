import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterAll, expect, test} from 'vitest';
import {openSession} from './session.ts';

const session = openSession();
afterAll(() => session.close());

const written = (name: string) => path.join(session.workspace, '.aiworkflow/workflows', name);

test('a folder of another tool becomes workflows that validate, and texts that are none are passed over', async () => {
	session.write('.claude/commands/fix.md', '---\nallowed-tools: Bash\n---\nFix $ARGUMENTS. Now: !`git status`');
	session.write('.claude/agents/reviewer.md', '---\nname: reviewer\ndescription: Reviews\ntools: Read\n---\nReview.');
	session.write('.claude/notes.md', '# Notes\nOnly words.');
	const {code, stdout, stderr} = await session.aiworkflow(['import', '.claude']);
	expect({code, stderr}).toEqual({
		code: 0,
		stderr: 'One other file was passed over: no format that is told by itself. See `--as`.\n',
	});
	expect(stdout).toMatch(/^✓ \.claude\/commands\/fix\.md \(claude-command\) is \.aiworkflow\/workflows\/fix\.md$/m);
	expect(stdout).toMatch(/^ {2}2 +not carried +Bash +would allow everything/m);
	expect(stdout).toMatch(/→ Allow what you want to under `permissions:`\.$/m);
	for (const name of ['fix.md', 'reviewer.md'])
		expect((await session.aiworkflow(['workflow', 'validate', written(name)])).code).toBe(0);
});

test('what is there is overwritten only by `--force`, and nothing is written where one file is in the way', async () => {
	writeFileSync(written('fix.md'), 'Mine.');
	const refused = await session.aiworkflow(['import', '.claude', '--json']);
	expect(refused.code).toBe(1);
	expect(JSON.parse(refused.stdout).error).toMatchObject({
		code: 'import.exists',
		suggestion: expect.stringContaining('--force'),
	});
	expect(readFileSync(written('fix.md'), 'utf8')).toBe('Mine.');
	expect((await session.aiworkflow(['import', '.claude', '--force'])).code).toBe(0);
	expect(readFileSync(written('fix.md'), 'utf8')).toContain('name: fix');
});

test('a dry run shows the workflow and writes nothing', async () => {
	session.write('old.md', '# Old\n## Say\n```action:sh\necho hello from the older format\n```\n');
	const {code, stdout} = await session.aiworkflow(['import', 'old.md', '--dry-run']);
	expect(code).toBe(0);
	expect(stdout).toContain('would become .aiworkflow/workflows/old.md');
	expect(stdout).toContain('```sh run\necho hello from the older format\n```');
	expect(existsSync(written('old.md'))).toBe(false);
});

test('an imported workflow runs', async () => {
	expect((await session.aiworkflow(['import', 'old.md', '--to', 'made/older.md'])).code).toBe(0);
	const {code, stdout} = await session.aiworkflow(['run', 'made/older.md']);
	expect(code).toBe(0);
	expect(stdout).toContain('hello from the older format');
});

test('a value given to an imported command never becomes code', async () => {
	session.write(
		'inject.md',
		'---\ninputs: [name]\n---\n# Inject\n## Say\n```action:sh\necho "{{ name }}" \'{{ name }}\' {{ name }}\n```\n',
	);
	await session.aiworkflow(['import', 'inject.md']);
	const value = '$(touch hacked); `touch hacked`; touch hacked; "\'';
	const {code, stdout} = await session.aiworkflow(['run', 'inject', '--input', `name=${value}`]);
	expect(code).toBe(0);
	const id = /inject 1 {2}(\w+)/.exec(stdout)![1]!;
	const {stdout: said} = await session.aiworkflow(['runs', 'logs', id, 'say']);
	expect(said).toBe(`${value} ${value} ${value}\n`);
	expect(existsSync(path.join(session.workspace, 'hacked'))).toBe(false);
});

test('the files of a skill lie beside its workflow, which names their folder', async () => {
	const folder = path.join(session.home, 'skills/pdf');
	mkdirSync(path.join(folder, 'scripts'), {recursive: true});
	writeFileSync(path.join(folder, 'SKILL.md'), '---\nname: pdf\ndescription: Fills forms\n---\nRun scripts/fill.py.');
	writeFileSync(path.join(folder, 'scripts/fill.py'), 'print(1)\n');
	expect((await session.aiworkflow(['import', folder])).code).toBe(0);
	expect(readFileSync(written('pdf/workflow.md'), 'utf8')).toContain('in the folder `.aiworkflow/workflows/pdf`');
	expect(readFileSync(written('pdf/scripts/fill.py'), 'utf8')).toBe('print(1)\n');
	rmSync(written('pdf/workflow.md'));
	writeFileSync(written('pdf/scripts/fill.py'), 'mine');
	expect((await session.aiworkflow(['import', folder])).stderr).toContain(
		'fill.py is there already; nothing was written.',
	);
	expect(readFileSync(written('pdf/scripts/fill.py'), 'utf8')).toBe('mine');
});

test('what cannot be imported says why, with its place, and ends with 2', async () => {
	writeFileSync(path.join(session.workspace, 'latin.md'), Buffer.from('# Gr\u00FC\u00DFe', 'latin1'));
	const latin = await session.aiworkflow(['import', 'latin.md']);
	expect(latin.code).toBe(2);
	expect(latin.stderr).toContain('latin.md:1:5 error This file is not UTF-8 text.');
	session.write('README.md', '# Words\n');
	const words = await session.aiworkflow(['import', 'README.md']);
	expect(words.code).toBe(2);
	expect(words.stderr).toContain('`--as prompt`');
	expect((await session.aiworkflow(['import', 'README.md', '--as', 'prompt', '--dry-run'])).code).toBe(0);
	expect((await session.aiworkflow(['import', 'nothing.md'])).code).toBe(3);
	expect((await session.aiworkflow(['import', 'README.md', '--as', 'novel'])).code).toBe(2);
});

test('a workflow is exported to standard output, what is lost is said beside it', async () => {
	const file = session.write(
		'ask.md',
		'---\nname: ask\nagent: claude\n---\n# Ask\n## Do\nSay hello.\n## Ship\n```yaml step\napproval: {}\n```\nShip?\n',
	);
	const {code, stdout, stderr} = await session.aiworkflow(['export', file, '--format', 'skill']);
	expect(code).toBe(0);
	expect(stdout).toMatch(/^---\nname: ask\n/);
	expect(stderr).toContain('What skill has no word for:');
	expect(stderr).toMatch(/ship +approval +nothing keeps a record/);
	const json = JSON.parse((await session.aiworkflow(['export', 'ask.md', '--format', 'json', '--json'])).stdout);
	expect(json).toMatchObject({format: 'json', lost: [], definition: {name: 'ask'}, plan: [{id: 'do'}, {id: 'ship'}]});
	expect((await session.aiworkflow(['export', 'ask.md', '--to', 'out/SKILL.md', '--format', 'skill'])).code).toBe(0);
	expect((await session.aiworkflow(['export', 'ask.md', '--to', 'out/SKILL.md', '--format', 'skill'])).code).toBe(1);
	expect((await session.aiworkflow(['export', 'ask.md', '--format', 'pdf'])).code).toBe(2);
	const again = await session.aiworkflow(['import', 'out/SKILL.md', '--to', 'again', '--json']);
	expect(JSON.parse(again.stdout).imports[0]).toMatchObject({format: 'skill', valid: true});
});
