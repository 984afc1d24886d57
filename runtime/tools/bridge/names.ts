import {createHash} from 'node:crypto';

export interface Named {
	readonly tool: string;
	readonly operation: string;
}

/**
 * Agents put their own name for the server before ours (`mcp__aiworkflow__`), and models take names of at most 64 letters,
 * digits, `_` and `-`.
 */
const lengthMax = 46;
const digestLength = 6;

/** @returns What each operation is called, in the same order: `<tool>_<operation>`, every one of them another. Pure. */
export const offeredNamesOf = (operations: readonly Named[]): readonly string[] => {
	const plain = operations.map(({tool, operation}) => `${tool}_${operation}`.replaceAll(/[^A-Za-z0-9_-]/g, '_'));
	return operations.map((named, index) => {
		const name = plain[index]!;
		const isTaken = plain.some((other, place) => place !== index && other === name);
		return name.length > lengthMax || isTaken ? withDigest(name, named) : name;
	});
};

const withDigest = (name: string, {tool, operation}: Named): string => {
	const digest = createHash('sha256').update(`${tool}.${operation}`).digest('hex').slice(0, digestLength);
	return `${name.slice(0, lengthMax - digestLength - 1)}_${digest}`;
};
