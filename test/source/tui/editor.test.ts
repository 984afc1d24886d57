import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {editorOf} from '../../../source/editor.ts';
import {startEditor} from '../../../source/tui/editor.ts';

let folder: string;
let file: string;

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'aiworkflow-editor-'));
	file = path.join(folder, "it's a file.md");
	writeFileSync(file, 'before\n');
});

afterEach(() => rmSync(folder, {recursive: true, force: true}));

test('VISUAL comes before EDITOR, and vi is there always', () => {
	expect(editorOf({VISUAL: 'code --wait', EDITOR: 'ed'})).toBe('code --wait');
	expect(editorOf({VISUAL: '', EDITOR: 'ed'})).toBe('ed');
	expect(editorOf({})).toBe('vi');
});

test('an editor may have arguments, and a file any name', async () => {
	expect(await startEditor(file, folder, 'sed -i s/before/after/').done).toBeUndefined();
	expect(readFileSync(file, 'utf8')).toBe('after\n');
});

test('what went wrong is said', async () => {
	expect(await startEditor(file, folder, 'exit 3;').done).toContain('exit code 3');
	expect(await startEditor(file, folder, '/nowhere/ed').done).toContain('There is no editor "/nowhere/ed"');
	expect(await startEditor(path.join(folder, 'gone.md'), folder, 'true').done).toContain('There is no such file here');
	const waiting = startEditor(file, '/nowhere', 'exec sleep 100;');
	waiting.stop();
	expect(await waiting.done).toContain('SIGTERM');
});
