import {socketPathOf, stateFolderOf} from '../paths.ts';
import {type Client, createClient} from './client.ts';
import {startDaemon} from './start-daemon.ts';
import {createTransport} from './transport.ts';

export type {Client} from './client.ts';

export interface ConnectOptions {
	readonly stateFolder?: string;
	/** Whether to start the daemon where none runs, now and at any later request. Default: true. */
	readonly start?: boolean;
	readonly environment?: NodeJS.ProcessEnv;
	/** The daemon's program; default: the installed one. */
	readonly daemonEntry?: string;
	/** A daemon that is started ends when this process has ended. Default: it lives on. */
	readonly ownerPid?: number;
}

/**
 * Connects to the daemon of a state folder.
 *
 * @returns A client that holds no connection: it may be kept while daemons come and go.
 * @throws AiworkflowError `daemon.unreachable`, or what kept the daemon from starting.
 */
export const connect = async ({
	environment = process.env,
	stateFolder = stateFolderOf(environment),
	start = true,
	daemonEntry: entry,
	ownerPid,
}: ConnectOptions = {}): Promise<Client> => {
	const socketPath = socketPathOf(stateFolder, environment);
	const transport = createTransport({
		socketPath,
		startDaemon: start
			? isAnswering => startDaemon({stateFolder, socketPath, environment, isAnswering, entry, ownerPid})
			: undefined,
	});
	const client = createClient(transport, stateFolder);
	await client.health();
	return client;
};
