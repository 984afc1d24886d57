import {randomUUID} from 'node:crypto';
import {type AgentProcess, describeExit, startProcess} from '../acp/process.ts';
import {within} from '../bounds.ts';

/** Copilot as a server for its SDK, in a process group of ours: the SDK alone would start it in the host's. */
export interface CopilotServer {
	readonly process: AgentProcess;
	/** On loopback; only who knows the token is let in. */
	readonly url: string;
	readonly token: string;
}

/** Copilot unpacks itself on its first start. */
const startMsMax = 60_000;
const outputCharactersMax = 10_000;

/** @throws Error Where it does not tell of a port in time, with its last words. */
export const startServer = async (
	options: Parameters<typeof startProcess>[0],
	onStarted: (process: AgentProcess) => void,
): Promise<CopilotServer> => {
	const token = randomUUID();
	const agent = startProcess({
		...options,
		args: ['--headless', '--no-auto-update', '--log-level', 'error', ...options.args],
		environment: {...options.environment, COPILOT_CONNECTION_TOKEN: token},
		readsInput: false,
	});
	onStarted(agent);
	const port = new Promise<string>((resolve, reject) => {
		let output = '';
		agent.stdout.on('data', (chunk: Buffer) => {
			output = (output + chunk.toString('utf8')).slice(-outputCharactersMax);
			const found = /listening on port (\d+)/i.exec(output)?.[1];
			if (found) resolve(found);
		});
		void agent.exit.then(exit => reject(new Error(`${describeExit(exit)}: ${agent.errorTail() || output.trim()}`)));
	});
	port.catch(() => {});
	const url = `127.0.0.1:${await within(startMsMax, 'it did not open a port', port)}`;
	return {process: agent, url, token};
};
