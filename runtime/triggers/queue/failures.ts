import {AiworkflowError} from '../../../source/errors.ts';

/** @param error What the client of the server said. */
export const queueUnreachable = (server: string, error: unknown) =>
	new AiworkflowError({
		code: 'queue.unreachable',
		message: `The queues of ${server} cannot be reached: ${reasonOf(error)}.`,
		suggestion: 'Look whether the server runs, and whether the address is right.',
		retryable: true,
		cause: error,
	});

export const queuePackageMissing = (server: string, packages: readonly string[]) =>
	new AiworkflowError({
		code: 'queue.package-missing',
		message: `Queues of ${server} need ${packages.length === 1 ? 'a package' : 'packages'} that ${packages.length === 1 ? 'is' : 'are'} not installed: ${packages.join(', ')}.`,
		suggestion: `Install beside aiworkflow, in the same way: \`npm install -g ${packages.join(' ')}\`; then \`aiworkflow daemon restart\`.`,
	});

/** @returns The words of an error without the address it was about: that may hold a password. */
export const reasonOf = (error: unknown): string => {
	const {message, code, errors} = error as {message?: string; code?: string; errors?: readonly unknown[]};
	const [first] = errors ?? [];
	const text = message || (first === undefined ? (code ?? String(error)) : reasonOf(first));
	return text.replaceAll(/\b(\w+:\/\/)[^\s@/]*@/g, '$1').replace(/\.$/, '');
};
