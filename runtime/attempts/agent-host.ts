import {readFileSync, realpathSync, rmSync} from 'node:fs';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {failureOf} from '../../source/errors.ts';
import {createAdapter} from '../agents/adapters.ts';
import {toolVariablesOf} from './agent-host/given-tools.ts';
import {hostAttempt} from './agent-host/host.ts';
import {recordedWork} from './agent-host/recorded-work.ts';
import {openToolDesk} from './agent-host/tool-desk.ts';
import {type HostRequest, type HostResult, hostFilesOf} from './agent-protocol.ts';
import {writeWhole} from './write-whole.ts';

/**
 * A process of its own, one per agent attempt: `agent-host.js FOLDER`. It outlives the daemon; agent-protocol.ts says how
 * they talk. TERM cancels the attempt. It exits 0 once `result.json` is there, however the attempt ended.
 */
export const main = async (folder: string): Promise<void> => {
	const stop = new AbortController();
	for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
	const files = hostFilesOf(folder);
	const request = JSON.parse(readFileSync(files.request, 'utf8')) as HostRequest;
	const toolDesk = request.tools?.length ? await openToolDesk(request.access === 'read-only') : undefined;
	const variables = {...process.env, ...toolVariablesOf(folder, toolDesk?.address)};
	const adapter = createAdapter(request.agent, variables as Record<string, string>);
	const work = () =>
		hostAttempt(folder, request, adapter, stop.signal, toolDesk).catch(
			(error: unknown): HostResult => ({
				outcome: 'failed',
				text: {preview: '', sizeBytes: 0, isWhole: true},
				outputs: {},
				failure: failureOf(error),
				isReplay: adapter.capabilities.isReplay,
			}),
		);
	// A replay has nothing to say that is not in a recording already.
	const result =
		request.record && !adapter.capabilities.isReplay ? await recordedWork(folder, request, work) : await work();
	writeWhole(files.result, JSON.stringify(result));
	rmSync(files.agent, {force: true});
	rmSync(files.tools, {force: true});
};

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
	await main(process.argv[2]!);
	// What an agent left open must not keep the attempt alive.
	process.exit(0);
}
