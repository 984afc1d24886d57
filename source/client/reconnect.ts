import {existsSync} from 'node:fs';
import {daemonStopped} from '../errors.ts';
import {socketPathOf, stateFolderOf} from '../paths.ts';
import type {Client} from './client.ts';
import {connect} from './connect.ts';

/**
 * For a client that stays open over the lives of several daemons. The first connection starts one where none runs; later
 * ones start one only where the last was killed. One that somebody stopped in order has taken its socket away, and
 * starting it again would undo what they did.
 *
 * @returns A function that connects; it throws `daemon.stopped` while the daemon stays away.
 */
export const createReconnect = (): (() => Promise<Client>) => {
	const socketPath = socketPathOf(stateFolderOf());
	let hasConnected = false;
	return async () => {
		if (hasConnected && !existsSync(socketPath)) throw daemonStopped();
		const client = await connect();
		hasConnected = true;
		return client;
	};
};
