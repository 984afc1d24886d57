import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {daemonEntry} from '../../source/install.ts';
import {temporaryFolder} from '../source/client/fake-daemon.ts';
import {aiworkflow} from './aiworkflow.ts';

const env = {AIWORKFLOW_HOME: '/home/ada/state of mine'};
const isThere = spawnSync('systemd-analyze', ['--version']).error === undefined;

test('`daemon unit` prints a unit with absolute paths, starts nothing, and says where to put it', async () => {
	const {exitCode, stdout, stderr} = await aiworkflow(['daemon', 'unit', '--systemd'], {env});
	expect(exitCode).toBe(0);
	expect(stdout).toContain(`ExecStart="${process.execPath}" "${daemonEntry}" "--state" "/home/ada/state of mine"`);
	expect(stderr).toContain('systemctl --user enable --now aiworkflow');
	const launchd = JSON.parse((await aiworkflow(['daemon', 'unit', '--launchd', '--json'], {env})).stdout);
	expect(launchd).toMatchObject({kind: 'launchd', text: expect.stringContaining(`<string>${daemonEntry}</string>`)});
	expect((await aiworkflow(['daemon', 'unit', '--systemd', '--launchd'], {env})).exitCode).toBe(2);
});

test.runIf(isThere)('what it prints is a unit that systemd takes', async () => {
	const file = path.join(temporaryFolder(), 'aiworkflow.service');
	writeFileSync(file, (await aiworkflow(['daemon', 'unit', '--systemd'], {env})).stdout);
	const {stderr} = spawnSync('systemd-analyze', ['verify', '--user', file], {
		encoding: 'utf8',
		env: {...process.env, XDG_RUNTIME_DIR: path.dirname(file)},
	});
	expect(stderr.split('\n').filter(line => line.includes('aiworkflow.service'))).toEqual([]);
});
