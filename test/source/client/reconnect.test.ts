import {existsSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {createReconnect} from '../../../source/client/reconnect.ts';
import {isAlive, openSession, type Session, until} from '../../sessions/session.ts';

let session: Session;

beforeEach(() => {
	session = openSession();
});

afterEach(() => session.close());

const socketOf = () => path.join(session.stateFolder, 'daemon.sock');

test('the first connection starts a daemon, one after a kill starts another', async () => {
	const reconnect = createReconnect(session.environment);
	const {pid} = await (await reconnect()).health();
	process.kill(pid, 'SIGKILL');
	await until('the daemon to be gone', () => !isAlive(pid));
	expect((await (await reconnect()).health()).pid).not.toBe(pid);
});

test('after a stop in order neither a connection nor a request of the old one starts it again', async () => {
	const reconnect = createReconnect(session.environment);
	const client = await reconnect();
	const {pid} = await client.health();
	await client.stopDaemon();
	await until('the daemon to be gone', () => !isAlive(pid));
	await expect(client.runs()).rejects.toMatchObject({code: 'daemon.unreachable'});
	await expect(reconnect()).rejects.toMatchObject({code: 'daemon.stopped'});
	expect(existsSync(socketOf())).toBe(false);
});
