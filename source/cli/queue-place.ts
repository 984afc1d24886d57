import {usageInvalid} from '../errors.ts';
import {type QueueBackendKind, queueBackends} from '../workflow/queues.ts';
import {meantBy} from './did-you-mean.ts';

/**
 * Where a queue is, as the options say.
 *
 * @throws AiworkflowError `usage.invalid` for a backend that there is not, and for a variable that is not set.
 */
export const queuePlaceOf = ({
	backend: name,
	urlEnv,
}: {
	readonly backend: string | undefined;
	readonly urlEnv: string | undefined;
}): {backend?: QueueBackendKind; url?: string} => {
	const backend = queueBackends.find(known => known === name);
	if (name !== undefined && backend === undefined) {
		const meant = meantBy(name, queueBackends);
		throw usageInvalid(
			`There is no backend "${name}".`,
			meant ? `Did you mean ${meant}?` : `There are: ${queueBackends.join(', ')}.`,
		);
	}

	const url = urlEnv === undefined ? undefined : process.env[urlEnv];
	if (urlEnv !== undefined && !url)
		throw usageInvalid(`The environment variable ${urlEnv} is not set.`, 'Export it with the address of the server.');
	return {...(backend && {backend}), ...(url && {url})};
};
