import {AiworkflowError, type Failure} from '../errors.ts';

/** An answer that no daemon of ours gives: something else listens, or the two ends are of different versions. */
export const daemonUnintelligible = (socketPath: string, request: string, status: number, body: string) =>
	new AiworkflowError({
		code: 'daemon.unintelligible',
		message: `The daemon at ${socketPath} answered ${request} with status ${status} and no message: ${excerptOf(body)}`,
		suggestion: 'Check with `aiworkflow doctor` that the daemon has the version of this command, or restart it.',
	});

/** @returns The failure that an answer of status 400 or above carries, if it carries one. */
export const failureOfBody = (body: string): Failure | undefined => {
	try {
		const {error} = JSON.parse(body);
		return typeof error?.code === 'string' && typeof error.message === 'string' ? error : undefined;
	} catch {
		return undefined;
	}
};

const excerptOf = (body: string) => {
	const line = body.replaceAll(/\s+/g, ' ').trim();
	if (line === '') return '(empty)';
	return line.length > 120 ? `${line.slice(0, 120)}…` : line;
};
