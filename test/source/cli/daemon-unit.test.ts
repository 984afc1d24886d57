import {execFileSync, spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {launchdPlistOf, systemdUnitOf} from '../../../source/cli/daemon-unit.ts';
import {temporaryFolder} from '../client/fake-daemon.ts';

const facts = {
	node: process.execPath,
	entry: '/opt/ai "work" & flow/100%/$main.js',
	stateFolder: '/home/ada/.local/state/aiworkflow',
	environment: {PATH: '/usr/bin:/home/ada/my bin', LANG: 'C.UTF-8'},
};
const isThere = (program: string) => spawnSync(program, ['--version']).error === undefined;

test('a unit of systemd is restarted when it fails, and lets go on what steps started', async () => {
	const unit = systemdUnitOf({...facts, node: '/usr/bin/node'});
	expect(unit).toContain(
		String.raw`ExecStart="/usr/bin/node" "/opt/ai \"work\" & flow/100%%/$$main.js" "--state" "/home/ada/.local/state/aiworkflow"`,
	);
	expect(unit).toContain('Environment="PATH=/usr/bin:/home/ada/my bin"');
	for (const line of ['Restart=on-failure', 'KillMode=process', 'WantedBy=default.target'])
		expect(unit.split('\n')).toContain(line);
});

test.runIf(isThere('systemd-analyze'))('systemd finds nothing wrong with it', () => {
	const file = path.join(temporaryFolder(), 'aiworkflow.service');
	writeFileSync(file, systemdUnitOf(facts));
	const {status, stderr} = spawnSync('systemd-analyze', ['verify', '--user', file], {
		encoding: 'utf8',
		env: {...process.env, XDG_RUNTIME_DIR: path.dirname(file)},
	});
	expect(stderr.split('\n').filter(line => line.includes('aiworkflow.service'))).toEqual([]);
	expect(status).toBe(0);
});

test.runIf(isThere('python3'))('a property list of launchd holds what it was given', () => {
	const file = path.join(temporaryFolder(), 'daemon.plist');
	writeFileSync(file, launchdPlistOf(facts));
	const read = 'import json, plistlib, sys; print(json.dumps(plistlib.load(open(sys.argv[1], "rb"))))';
	expect(JSON.parse(execFileSync('python3', ['-c', read, file], {encoding: 'utf8'}))).toEqual({
		Label: 'aiworkflow.daemon',
		ProgramArguments: [facts.node, facts.entry, '--state', facts.stateFolder],
		EnvironmentVariables: facts.environment,
		RunAtLoad: true,
		KeepAlive: {SuccessfulExit: false},
		ThrottleInterval: 5,
		AbandonProcessGroup: true,
	});
});
