import type {Failure} from '../errors.ts';

/** @returns The failure that an answer of status 400 or above carries, if it carries one. */
export const failureOfBody = (body: string): Failure | undefined => {
	try {
		const {error} = JSON.parse(body);
		return typeof error?.code === 'string' && typeof error.message === 'string' ? error : undefined;
	} catch {
		return undefined;
	}
};
