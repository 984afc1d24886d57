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
 * @returns A function that connects; it throws `daemon.stopped` while the daemon stays away. The clients it gives never
 * start a daemon by themselves, so that a request that comes just after a stop does not either.
 */
export const createReconnect = (environment: NodeJS.ProcessEnv = process.env): (() => Promise<Client>) => {
	const socketPath = socketPathOf(stateFolderOf(environment), environment);
	const attach = () => connect({environment, start: false});
	let hasConnected = false;
	return async () => {
		const running = await attach().catch(error => {
			// Looked at after the failure: a daemon on its way out removes its socket as it stops to listen.
			if (hasConnected && !existsSync(socketPath)) throw daemonStopped();
			if (error.code !== 'daemon.unreachable') throw error;
			return undefined;
		});
		if (!running) await connect({environment});
		hasConnected = true;
		return running ?? attach();
	};
};
