import {execFile} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {openMemoryFile} from '../../../../source/tui/memory/memory-file.ts';
import {nothingRemembered, withInputs, withSeen} from '../../../../source/tui/memory/remembered.ts';

let folder: string;
let file: string;

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'aiworkflow-memory-'));
	file = path.join(folder, 'state', 'cockpit.json');
});

afterEach(() => rmSync(folder, {recursive: true, force: true}));

const inputs = {who: 'ada'};

test('what one cockpit remembers the next one knows', async () => {
	await openMemoryFile(file).update(remembered => withSeen(withInputs(remembered, '/w/a.md', inputs), ['r-1']));
	expect(await openMemoryFile(file).load()).toEqual({
		remembered: {version: 1, inputs: {'/w/a.md': inputs}, seen: ['r-1']},
	});
	expect(readdirSync(path.dirname(file))).toEqual(['cockpit.json']);
});

test('nothing is remembered where there is no file, and none is made', async () => {
	expect(await openMemoryFile(file).load()).toEqual({remembered: nothingRemembered});
	expect(readdirSync(path.dirname(file))).toEqual([]);
});

test.each(['{"version": 1, "inputs": {', '[]', '{"version": 1, "seen": [7]}', ''])(
	'a damaged file is said and kept aside: %j',
	async text => {
		const memory = openMemoryFile(file);
		await memory.update(remembered => withSeen(remembered, ['r-0']));
		writeFileSync(file, text);
		const {remembered, problem} = await memory.load();
		expect(remembered).toEqual(nothingRemembered);
		const aside = /kept as (.+)\.$/.exec(problem!)![1]!;
		expect(readFileSync(aside, 'utf8')).toBe(text);
		await memory.update(before => withSeen(before, ['r-1']));
		expect((await memory.load()).remembered.seen).toEqual(['r-1']);
	},
);

test('the file of a newer version is left alone', async () => {
	const memory = openMemoryFile(file);
	await memory.update(remembered => withSeen(remembered, ['r-0']));
	writeFileSync(file, '{"version": 2}');
	expect((await memory.load()).problem).toContain('newer version');
	await memory.update(remembered => withSeen(remembered, ['r-1']));
	expect(readFileSync(file, 'utf8')).toBe('{"version": 2}');
});

test('several cockpits at once lose nothing of each other', async () => {
	const script = path.join(folder, 'writer.ts');
	const source = (name: string) => path.join(import.meta.dirname, '../../../../source/tui/memory', name);
	writeFileSync(
		script,
		`import {openMemoryFile} from '${source('memory-file.ts')}';
import {withSeen} from '${source('remembered.ts')}';
const memory = openMemoryFile(process.argv[2]);
for (let index = 0; index < 20; index++) await memory.update(before => withSeen(before, [process.argv[3] + '-' + index]));`,
	);
	const run = promisify(execFile);
	await Promise.all(['a', 'b', 'c'].map(name => run(process.execPath, [script, file, name])));
	const {remembered} = await openMemoryFile(file).load();
	expect(remembered.seen).toHaveLength(60);
	expect(readdirSync(path.dirname(file))).toEqual(['cockpit.json']);
});

test('a lock that was left behind is taken over', async () => {
	const memory = openMemoryFile(file);
	await memory.update(remembered => withSeen(remembered, ['r-0']));
	writeFileSync(`${file}.lock`, '');
	utimesSync(`${file}.lock`, 1, 1);
	await memory.update(remembered => withSeen(remembered, ['r-1']));
	expect((await memory.load()).remembered.seen).toEqual(['r-0', 'r-1']);
});

test('what is named like a secret, or very long, is not remembered; of forms and runs only the newest are', () => {
	const typed = {who: 'ada', apiKey: 'k', GITHUB_TOKEN: 't', note: 'x'.repeat(5000)};
	expect(withInputs(nothingRemembered, '/a.md', typed).inputs).toEqual({'/a.md': {who: 'ada'}});
	let remembered = nothingRemembered;
	for (let index = 0; index < 300; index++) remembered = withInputs(remembered, `/${index}.md`, inputs);
	expect(Object.keys(remembered.inputs)).toHaveLength(200);
	expect(Object.keys(remembered.inputs).at(-1)).toBe('/299.md');
	const ids = Array.from({length: 1200}, (_, index) => `r-${index}`);
	expect(withSeen(nothingRemembered, ids).seen.slice(-1)).toEqual(['r-1199']);
	expect(withSeen(nothingRemembered, ids).seen).toHaveLength(1000);
});
