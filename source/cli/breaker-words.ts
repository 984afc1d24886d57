import type {BreakerView} from '../api/messages.ts';

/** @returns Nothing for an agent that works. */
export const breakerWords = (breaker: BreakerView | null): string => {
	if (!breaker || breaker.state === 'closed') return '';
	const failures = `${breaker.failures} failures in a row`;
	if (breaker.state === 'half-open') return `${failures}; one attempt tries whether it works again`;
	return `${failures}; no attempts before ${breaker.untilAt}`;
};
