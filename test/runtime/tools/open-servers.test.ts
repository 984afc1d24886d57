import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, test} from 'vitest';
import {openServersIn, serverFileOf, serversFolderOf} from '../../../runtime/tools/open-servers.ts';

test('sockets are in the state folder, or where that is too long in a short private one of its own', () => {
	expect(serversFolderOf('/home/me/state')).toBe('/home/me/state/tools');
	const long = (name: string) => serversFolderOf(`/home/me/${'x'.repeat(80)}/${name}`, {XDG_RUNTIME_DIR: '/run/me'});
	expect(long('a')).toMatch(/^\/run\/me\/aiworkflow-[0-9a-f]{16}\/t$/);
	expect(long('a')).not.toBe(long('b'));
});

test('what a dead one left behind is removed, and what is no record is passed over', () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'aw-servers-'));
	const gone = {pid: 2 ** 22 + 1, started: '1', boot: 'x'};
	const record = {key: 'a', tool: 't', implementation: 'mcp', workspace: '/w', host: gone, server: gone};
	writeFileSync(serverFileOf(folder, 'a'), JSON.stringify({...record, openCalls: 0, startedAtMs: 0, usedAtMs: 0}));
	writeFileSync(serverFileOf(folder, 'b'), '{');
	expect(openServersIn(folder)).toEqual([]);
	expect(() => rmSync(serverFileOf(folder, 'a'))).toThrow('ENOENT');
	expect(openServersIn(path.join(folder, 'nothing'))).toEqual([]);
	rmSync(folder, {recursive: true});
});
