import {spawn} from 'node:child_process';
import {setTimeout as sleep} from 'node:timers/promises';
import {AiworkflowError, daemonUnreachable, type Failure} from '../errors.ts';
import {daemonEntry} from '../install.ts';
import {limits} from '../limits.ts';

export interface StartDaemonOptions {
	readonly stateFolder: string;
	readonly socketPath: string;
	readonly environment: NodeJS.ProcessEnv;
	/** Whether a daemon answers at the socket. */
	readonly isAnswering: () => Promise<boolean>;
	/** The daemon's program; default: the installed one. */
	readonly entry?: string;
	readonly startMsMax?: number;
	/** The daemon ends when this process has ended. Default: it lives on. */
	readonly ownerPid?: number;
}

/**
 * Starts a daemon in a session of its own and waits until it answers. Several clients may do so at once: the daemon
 * that comes second ends by itself, and its client goes on with the first.
 *
 * @throws AiworkflowError what the daemon said about why it cannot start, or `daemon.unreachable`.
 */
export const startDaemon = async (options: StartDaemonOptions): Promise<void> => {
	const {stateFolder, socketPath, isAnswering, entry = daemonEntry, startMsMax = limits.daemonStartMsMax} = options;
	const owner = options.ownerPid === undefined ? [] : ['--owner', String(options.ownerPid)];
	const daemon = spawn(process.execPath, [entry, '--state', stateFolder, ...owner], {
		detached: true,
		stdio: ['ignore', 'ignore', 'pipe'],
		cwd: '/',
		env: daemonEnvironmentOf(options.environment),
	});
	let said = '';
	let ending: string | undefined;
	daemon.stderr.setEncoding('utf8').on('data', (text: string) => {
		said = (said + text).slice(-saidCharactersMax);
	});
	daemon.on('error', error => {
		ending = error.message;
	});
	// `close`, not `exit`: by then everything it said has been read.
	daemon.on('close', (code, signal) => {
		ending ??= signal ? `it was ended by ${signal}` : `it ended with code ${code}`;
	});
	try {
		const deadlineMs = performance.now() + startMsMax;
		for (let delayMs = 5; performance.now() < deadlineMs; delayMs = Math.min(delayMs * 1.5, 100)) {
			if (await isAnswering()) return;
			if (ending !== undefined && !lostTheRace(said)) throw startFailure(socketPath, said, ending);
			await sleep(delayMs);
		}

		throw daemonUnreachable(socketPath, `it was started but did not answer within ${startMsMax / 1000} s.`);
	} finally {
		daemon.stderr.destroy();
		daemon.unref();
	}
};

const saidCharactersMax = 16_384;

/** A daemon started from within a step serves everybody: it is not part of that step. */
const daemonEnvironmentOf = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
	if (!environment.AIWORKFLOW_RUN_ID) return environment;
	return Object.fromEntries(
		Object.entries(environment).filter(
			([name]) => !stepMarkers.has(name) && !name.startsWith('INPUT_') && !name.startsWith('STEP_OUTPUT_'),
		),
	);
};

const stepMarkers: ReadonlySet<string> = new Set([
	'AIWORKFLOW_RUN_ID',
	'AIWORKFLOW_STEP_ID',
	'AIWORKFLOW_STEP_KEY',
	'AIWORKFLOW_BUNDLE',
	'OUTPUT',
]);

const lostTheRace = (said: string) => failureSaid(said)?.code === 'daemon.already-running';

const startFailure = (socketPath: string, said: string, ending: string): AiworkflowError => {
	const failure = failureSaid(said);
	if (failure) return new AiworkflowError(failure);
	const lastLine = said.trim().split('\n').at(-1);
	return daemonUnreachable(socketPath, `${ending} while starting${lastLine ? `: ${lastLine}` : ''}.`);
};

/** A daemon that cannot start says why in one JSON line. */
const failureSaid = (said: string): Failure | undefined => {
	for (const line of said.split('\n').toReversed()) {
		if (!line.startsWith('{')) continue;
		try {
			const failure = JSON.parse(line);
			if (typeof failure.code === 'string' && typeof failure.message === 'string') return failure;
		} catch {
			// Half a line, or something else in braces.
		}
	}

	return undefined;
};
