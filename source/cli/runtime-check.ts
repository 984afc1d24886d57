import {runtimeTooOld} from '../errors.ts';
import {nodeVersionMin} from '../version.ts';

/** @returns One sentence where this Node.js is too old for the product, else `undefined`. */
export const runtimeProblem = (nodeVersion: string, needed: string = nodeVersionMin): string | undefined => {
	if (isAtLeast(nodeVersion, needed)) return undefined;
	const {message, suggestion} = runtimeTooOld(nodeVersion, needed);
	return `${message} ${suggestion}`;
};

const isAtLeast = (version: string, needed: string): boolean => {
	const have = version.split('.').map(Number);
	for (const [index, part] of needed.split('.').map(Number).entries()) {
		const difference = (have[index] ?? 0) - part;
		if (difference !== 0) return difference > 0;
	}

	return true;
};
