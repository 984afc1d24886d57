import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {confine, readWorkspaceFile, writeWorkspaceFile} from '../../../../runtime/agents/acp/files.ts';
import {temporaryFolder} from '../run-agent.ts';

const workspace = () => {
	const outside = temporaryFolder();
	const inside = path.join(outside, 'work');
	mkdirSync(path.join(inside, 'sub'), {recursive: true});
	writeFileSync(path.join(outside, 'secret'), 'x');
	symlinkSync(outside, path.join(inside, 'out'));
	symlinkSync(path.join(outside, 'nowhere'), path.join(inside, 'dangling'));
	symlinkSync(path.join(inside, 'sub'), path.join(inside, 'within'));
	return inside;
};

test.each(['../secret', '/etc/passwd', 'out/secret', 'out/new', 'dangling', 'sub/../../secret', '.', ''])(
	'%j is outside the workspace',
	async file => {
		await expect(confine(workspace(), file)).rejects.toMatchObject({code: -32602});
	},
);

test.each([
	['a.txt', 'a.txt'],
	['new/deep/a.txt', 'new/deep/a.txt'],
	['within/a.txt', 'sub/a.txt'],
	['..a', '..a'],
])('%j is inside', async (file, real) => {
	const folder = workspace();
	expect(await confine(folder, file)).toBe(path.join(folder, real));
});

test('lines are read as the protocol counts them, from 1', async () => {
	const folder = workspace();
	await writeWorkspaceFile(folder, 'new/a.txt', '1\n2\n3\n4');
	expect(readFileSync(path.join(folder, 'new/a.txt'), 'utf8')).toBe('1\n2\n3\n4');
	expect(await readWorkspaceFile(folder, {path: 'new/a.txt', line: 2, limit: 2})).toBe('2\n3');
	await expect(readWorkspaceFile(folder, {path: 'none'})).rejects.toMatchObject({code: -32002});
});
