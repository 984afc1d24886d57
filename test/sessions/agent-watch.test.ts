import {chmodSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {systemClock} from '../../runtime/clock.ts';
import {type Daemon, startDaemon} from '../../runtime/daemon.ts';
import type {Clock} from '../../runtime/engine/parts.ts';
import {connect} from '../../source/client/connect.ts';
import {packageFolder} from '../../source/install.ts';
import {limits} from '../../source/limits.ts';
import {openSession, type Session, until, workflowOf} from './session.ts';

/** Real time, but for what is minutes away: that comes when it is told to. */
const clockWithLongWaits = () => {
	const waits = new Set<() => void>();
	const clock: Clock = {
		now: systemClock.now,
		at(atMs, callback) {
			if (atMs - systemClock.now() < limits.agentCheckIntervalMs / 2) return systemClock.at(atMs, callback);
			waits.add(callback);
			return () => void waits.delete(callback);
		},
	};
	const pass = () => {
		for (const callback of [...waits]) {
			waits.delete(callback);
			callback();
		}
	};

	return {clock, pass, count: () => waits.size};
};

let session: Session;
let daemon: Daemon | undefined;
let folder: string;

beforeEach(() => {
	session = openSession();
	folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'aiworkflow-watch-')));
});

afterEach(async () => {
	await daemon?.stop('the test is over');
	await session.close();
	rmSync(folder, {recursive: true});
});

test('an agent that a run used and that is gone later is journalled once, and once when it is back', async () => {
	const command = path.join(folder, 'agent');
	const scripted = path.join(packageFolder, 'test/agents/scripted-agent.ts');
	writeFileSync(command, `#!/bin/sh\nexec ${process.execPath} ${scripted} text "$@"\n`);
	chmodSync(command, 0o755);
	session.write('.aiworkflow/agents.yaml', `agents:\n  mine: {command: ${command}}\n`);
	const file = session.write('ask.md', workflowOf('ask', '## a\nAsk.\n', 'agent: mine\n'));
	const time = clockWithLongWaits();
	daemon = await startDaemon({stateFolder: session.stateFolder, clock: time.clock});
	const client = await connect({stateFolder: session.stateFolder, environment: session.environment});
	await client.trust({workspace: session.workspace, origin: {by: 'tester', via: 'api'}});
	await session.finish(await session.start(file));

	const checked: unknown[] = [];
	const ended = new AbortController();
	const listening = (async () => {
		for await (const message of client.events({lastEventId: 0, signal: ended.signal}))
			if (message.kind === 'journal' && message.data.type === 'agent.checked')
				checked.push([message.data.runId, message.data.body]);
	})();
	const nextLook = async () => {
		await until('the next look is planned', () => time.count() > 0);
		time.pass();
		await until('the look is over', () => time.count() > 0);
	};

	await nextLook();
	expect(checked).toEqual([]);
	renameSync(command, `${command}.away`);
	await nextLook();
	await nextLook();
	const {workspace} = session;
	const gone = [
		null,
		{agent: 'mine', workspace, isHealthy: false, detail: expect.stringContaining(`"${command}" is not on the PATH`)},
	];
	await until('it is told', () => checked.length > 0);
	expect(checked).toEqual([gone]);
	renameSync(`${command}.away`, command);
	await nextLook();
	await nextLook();
	await until('it is told', () => checked.length > 1);
	expect(checked).toEqual([gone, [null, expect.objectContaining({agent: 'mine', isHealthy: true})]]);

	await client.drain(true);
	renameSync(command, `${command}.away`);
	await nextLook();
	expect(checked).toHaveLength(2);
	ended.abort();
	await listening;
});
