// CSI; OSC ended by BEL or ST; DCS, SOS, PM and APC ended by ST; other escapes. Unfinished ones at the end count too.
const sequences =
	/(?:\u001B\[|\u009B)[0-?]*[ -/]*(?:[@-~]|$)|(?:\u001B\]|\u009D)[^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C|\u001B?$)|(?:\u001B[PX^_]|[\u0090\u0098\u009E\u009F])[^\u001B\u009C]*(?:\u001B\\|\u009C|\u001B?$)|\u001B[ -/]*(?:[0-~]|$)/g;
const colour = /^\u001B\[[\d;:]*m$/;
const controls = /[\u0000-\u0008\u000B\u000C\u000E-\u001A\u001C-\u001F\u007F-\u009F]/g;

/** @returns Text that somebody else wrote, safe to show: colours stay, nothing moves the cursor or sets the clipboard. */
export const cleanText = (text: string): string =>
	text
		.replaceAll(sequences, sequence => (colour.test(sequence) ? sequence : ''))
		// A carriage return would let a line be printed over what stands there.
		.replaceAll(/\r\n?/g, '\n')
		.replaceAll(controls, '');

/** @returns The same on one line without colour, cut to a length in characters. */
export const oneLine = (text: string, lengthMax = 200): string => {
	const line = text.replaceAll(sequences, '').replaceAll(/\s+/g, ' ').replaceAll(controls, '').trim();
	return line.length > lengthMax ? `${line.slice(0, lengthMax - 1)}…` : line;
};
