import type {Resource} from '../fetched/resource.ts';
import {cleanText} from '../text/clean.ts';

/** @returns What to say in place of a list; `undefined` where there is something to show. */
export const resourceWordsOf = (
	resource: Resource<unknown> | undefined,
	emptyWords: string,
	isEmpty: boolean,
): string | undefined => {
	if (resource?.failure)
		return cleanText([resource.failure.message, resource.failure.suggestion].filter(Boolean).join(' '));
	if (resource?.value === undefined) return 'Loading.';
	return isEmpty ? emptyWords : undefined;
};
