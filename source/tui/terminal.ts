import {cockpitLimits} from './limits.ts';

/** Why the cockpit ends. */
export interface Ending {
	readonly exitCode: number;
	/** A crash: said on standard error when the screen is back. */
	readonly error?: unknown;
}

/**
 * Everything besides a key that ends the cockpit. Each is only told: whoever listens gives the terminal back first.
 *
 * @returns A function that stops watching.
 */
export const watchForEndings = (onEnding: (ending: Ending) => void): (() => void) => {
	const crash = (error: unknown) => onEnding({exitCode: 1, error});
	const handlers = endingSignals.map(([signal, exitCode]) => [signal, () => onEnding({exitCode})] as const);
	for (const [signal, handler] of handlers) process.on(signal, handler);
	process.on('uncaughtException', crash);
	process.on('unhandledRejection', crash);
	// A terminal that went away makes writing fail; there is nothing left to restore.
	const gone = () => onEnding({exitCode: 129});
	process.stdout.on('error', gone);

	return () => {
		for (const [signal, handler] of handlers) process.off(signal, handler);
		process.off('uncaughtException', crash);
		process.off('unhandledRejection', crash);
		process.stdout.off('error', gone);
	};
};

const endingSignals = [
	['SIGHUP', 129],
	['SIGINT', 130],
	['SIGTERM', 143],
] as const;

/**
 * Keeps standard error off the screen: a warning of Node or of a library would be painted across it.
 *
 * @returns A function that lets it flow again and returns what was held back.
 */
export const holdStderr = (): (() => string) => {
	const {stderr} = process;
	const write = stderr.write;
	let held = '';
	stderr.write = ((chunk: string | Uint8Array, encoding?: unknown, done?: unknown) => {
		held = (held + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())).slice(
			-cockpitLimits.heldStderrLengthMax,
		);
		const callback = typeof encoding === 'function' ? encoding : done;
		if (typeof callback === 'function') callback();
		return true;
	}) as typeof stderr.write;
	return () => {
		stderr.write = write;
		return held;
	};
};

/**
 * Stops reading standard input: without it this process and another one on the same terminal take keys from each other.
 * Ink only takes its listener away, and Node goes on reading until it is paused. Listening again starts it again.
 */
export const stopReadingInput = async (): Promise<void> => {
	// A stream whose listener has just gone is no longer "paused by listening" only in the next turn.
	await nextTurn();
	process.stdin.pause();
	await nextTurn();
};

const nextTurn = () => new Promise(resolve => setImmediate(resolve));
