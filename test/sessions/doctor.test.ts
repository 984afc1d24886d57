import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterAll, expect, test} from 'vitest';
import type {Finding} from '../../source/cli/health/finding.ts';
import {openSession} from './session.ts';

const session = openSession();
afterAll(() => session.close());

const doctor = async (environment: NodeJS.ProcessEnv = {}) => {
	const {code, stdout} = await session.aiworkflow(['doctor', '--json'], {environment});
	const {healthy, checks} = JSON.parse(stdout) as {healthy: boolean; checks: readonly Finding[]};
	const named = (name: string) => checks.find(check => check.name === name);
	return {code, healthy, checks, named};
};

test('everything a run depends on is looked at, and whatever is not well says how to mend it', async () => {
	session.write(
		'.aiworkflow/workflows/broken.md',
		'---\nname: broken\n---\n# A\n## B\n```yaml step\nneeds: [nowhere]\n```\nDo.\n',
	);
	session.write('.aiworkflow/workflows/half/notes.md', 'No workflow.');
	session.write('.aiworkflow/workflows/whole/main.md', '---\nname: whole\n---\n# A\n## B\nDo.\n');
	session.write('.aiworkflow/templates/torn/template.yaml', 'id: torn\n');
	session.write('.aiworkflow/tools/lost.yaml', 'description: Has nothing that does it\n');
	session.write('.aiworkflow/agents.yaml', 'agents: { own: { command: nothing-of-this-name } }\n');
	const {code, healthy, checks, named} = await doctor();
	expect({code, healthy}).toEqual({code: 0, healthy: true});
	const names = ['node', 'state folder', 'settings', 'socket', 'daemon', 'journal', 'disk', 'sh', 'git', 'workspace'];
	const more = ['workflows', 'tool lost', 'triggers', 'webhooks', 'queues', 'terminal', 'completion'];
	expect(checks.map(({name}) => name)).toEqual(expect.arrayContaining([...names, ...more]));
	expect(named('workflow broken')).toMatchObject({status: 'warn', fix: expect.stringContaining('workflow validate')});
	expect(named('bundle half')).toMatchObject({status: 'warn', detail: expect.stringContaining('no workflow.md')});
	expect(named('bundle whole')).toBeUndefined();
	expect(named('template torn')).toMatchObject({status: 'warn', detail: expect.stringContaining('template.yaml:')});
	expect(named('tool lost')).toMatchObject({status: 'warn', detail: expect.stringContaining('lost.yaml:')});
	expect(named('workspace')).toMatchObject({status: 'warn', fix: expect.stringContaining('aiworkflow trust')});
	for (const check of checks.filter(({status}) => status !== 'ok')) expect(check.fix, check.name).toMatch(/\S/);
});

test('a state folder that others can read is a warning', async () => {
	chmodSync(session.stateFolder, 0o755);
	expect((await doctor()).named('state folder')).toMatchObject({
		status: 'warn',
		fix: `chmod 700 ${session.stateFolder}`,
	});
	chmodSync(session.stateFolder, 0o700);
});

test('what is broken ends with 1, and the other checks still tell what they can', async () => {
	const file = path.join(session.home, 'a-file');
	writeFileSync(file, '');
	const {code, healthy, named} = await doctor({AIWORKFLOW_HOME: path.join(file, 'state')});
	expect({code, healthy}).toEqual({code: 1, healthy: false});
	expect(named('state folder')).toMatchObject({status: 'fail'});
	expect(named('daemon')).toMatchObject({status: 'fail'});
	expect(named('queues')).toMatchObject({status: 'warn', detail: expect.stringContaining('could not be looked at')});
	expect(named('git')).toMatchObject({status: 'ok'});
});

test('completion is advice, and is seen where it is set up', async () => {
	const environment = {SHELL: '/bin/bash'};
	expect((await doctor(environment)).named('completion')).toMatchObject({
		status: 'ok',
		detail: 'not set up for bash',
		fix: expect.stringContaining('source <('),
	});
	mkdirSync(session.home, {recursive: true});
	writeFileSync(path.join(session.home, '.bashrc'), 'source <(aiworkflow completion bash)\n');
	expect((await doctor(environment)).named('completion')).toEqual({
		name: 'completion',
		status: 'ok',
		detail: 'set up for bash',
	});
});
