import {AiworkflowError, daemonUnintelligible, daemonUnreachable} from '../errors.ts';
import {socketPathOf, stateFolderOf} from '../paths.ts';
import {failureOfBody} from './failures.ts';

/** A prompt must not hang with a daemon that does. */
export const quickMsMax = 1000;

/**
 * One question for a process that lives some milliseconds: a request written by hand, because loading `node:http` takes
 * longer than everything else here together. Starts no daemon.
 *
 * @param path With its version and query, as in `/v1/status`.
 * @throws AiworkflowError `daemon.unreachable`; `daemon.outdated` of one that does not know the route yet.
 */
export const readQuickly = async <T>(path: string, environment: NodeJS.ProcessEnv = process.env): Promise<T> => {
	const socketPath = socketPathOf(stateFolderOf(environment), environment);
	const answer = await exchange(socketPath, `GET ${path} HTTP/1.0\r\nhost: aiworkflow\r\n\r\n`).catch(error => {
		throw daemonUnreachable(socketPath, `${(error as Error).message}.`);
	});
	const headEnd = answer.indexOf('\r\n\r\n');
	const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(answer)?.[1] ?? 0);
	const body = headEnd < 0 ? '' : answer.slice(headEnd + 4);
	if (status === 200) return JSON.parse(body) as T;
	const failure = failureOfBody(body);
	if (failure?.code === 'route.not-found') throw daemonOutdated();
	throw failure ? new AiworkflowError(failure) : daemonUnintelligible(socketPath, `GET ${path}`, status, body);
};

/** HTTP 1.0 has no chunks: the answer is everything up to the end of the connection. */
const exchange = (socketPath: string, request: string): Promise<string> =>
	new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		const socket = net.connect({path: socketPath}, () => socket.write(request));
		socket.setTimeout(quickMsMax, () => socket.destroy(new Error(`no answer within ${quickMsMax} ms`)));
		socket.on('data', chunk => chunks.push(chunk));
		socket.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
		socket.on('error', reject);
		socket.on('close', () => reject(new Error('the connection broke')));
	});

const net = process.getBuiltinModule('node:net');

const daemonOutdated = () =>
	new AiworkflowError({
		code: 'daemon.outdated',
		message: 'The daemon is older than this command and has no status to tell.',
		suggestion: 'Run `aiworkflow daemon restart`; it interrupts no attempt.',
	});
