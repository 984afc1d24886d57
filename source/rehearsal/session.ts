import {mkdtempSync, realpathSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Client} from '../client/client.ts';
import {connect} from '../client/connect.ts';
import {stopAndWait} from '../client/stop-daemon.ts';
import {originOf} from '../origin.ts';

/** A daemon of its own with a journal of its own, so that a test leaves nothing in anybody's history or budget. */
export interface TestSession {
	readonly client: Client;
	/** Does not exist yet. */
	readonly workspace: string;
	/** That of whoever tests, but for where the state is. */
	readonly environment: Readonly<Record<string, string>>;
	/** Ends what still runs and the daemon, and removes all there is. */
	close(): Promise<void>;
}

export const openTestSession = async (): Promise<TestSession> => {
	const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'aiworkflow-test-')));
	const remove = () => rmSync(root, {recursive: true, force: true, maxRetries: 10, retryDelay: 50});
	const stateFolder = path.join(root, 'state');
	const environment = {...(process.env as Record<string, string>), AIWORKFLOW_HOME: stateFolder};
	try {
		const client = await connect({stateFolder, environment, ownerPid: process.pid});
		return {
			client,
			workspace: path.join(root, 'workspace'),
			environment,
			async close() {
				try {
					await endRuns(client);
					await stopAndWait(client);
				} finally {
					remove();
				}
			},
		};
	} catch (error) {
		remove();
		throw error;
	}
};

const endMsMax = 10_000;
const pollMs = 20;

/** What a run has started would outlive its daemon. */
const endRuns = async (client: Client) => {
	const open = async () => (await client.runs({status: 'queued,running,waiting,paused', all: true})).runs;
	for (const {id} of await open())
		await client.cancelRun(id, {origin: originOf('command'), reason: 'the test has ended'}).catch(() => {});
	const deadlineMs = performance.now() + endMsMax;
	while ((await open()).length > 0 && performance.now() < deadlineMs) await sleep(pollMs);
};
