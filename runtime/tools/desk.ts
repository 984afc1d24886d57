import {askToolHost} from './ask-host.ts';
import type {ToolHostReport, ToolHostRequest} from './host-protocol.ts';
import type {OpenServer} from './open-servers.ts';
import {endOpenServers, openServersIn} from './open-servers.ts';

/** Calls that no step makes, and the servers that are kept open. */
export interface ToolDesk {
	/**
	 * Has it done by a process of its own.
	 *
	 * @param environment The whole of it.
	 * @throws AiworkflowError `tool.unreachable` where that process dies; the reason of the signal.
	 */
	ask(
		request: Omit<ToolHostRequest, 'serversFolder'>,
		environment: Readonly<Record<string, string>>,
		signal: AbortSignal,
	): Promise<ToolHostReport>;
	openServers(): readonly OpenServer[];
	/** Ends calls that are under way, and servers as soon as no step waits for them. */
	stop(): void;
}

export const createToolDesk = ({serversFolder}: {readonly serversFolder: string}): ToolDesk => {
	const ending = new AbortController();
	// Servers whose holder was killed while no daemon ran.
	openServersIn(serversFolder);
	return {
		ask: async (request, environment, signal) =>
			askToolHost({...request, serversFolder}, environment, AbortSignal.any([signal, ending.signal])),
		openServers: () => openServersIn(serversFolder),
		stop() {
			ending.abort(new Error('The daemon stops.'));
			endOpenServers(serversFolder);
		},
	};
};
