import {controlCharacters, controlSequences} from '../control-sequences.ts';

const colour = /^\u001B\[[\d;:]*m$/;

/** @returns Text that somebody else wrote, safe to show: colours stay, nothing moves the cursor or sets the clipboard. */
export const cleanText = (text: string): string =>
	text
		.replaceAll(controlSequences, sequence => (colour.test(sequence) ? sequence : ''))
		// A carriage return would let a line be printed over what stands there.
		.replaceAll(/\r\n?/g, '\n')
		.replaceAll(controlCharacters, '');

/** @returns The same on one line without colour, cut to a length in characters. */
export const oneLine = (text: string, lengthMax = 200): string => {
	const line = text.replaceAll(controlSequences, '').replaceAll(/\s+/g, ' ').replaceAll(controlCharacters, '').trim();
	return line.length > lengthMax ? `${line.slice(0, lengthMax - 1)}…` : line;
};
