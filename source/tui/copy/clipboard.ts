import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {passedThrough} from '../alerts/sequences.ts';
import {cockpitLimits} from '../limits.ts';

/**
 * OSC 52: the terminal puts the text into the clipboard of the machine that a person sits at, over ssh as well. Nobody
 * says whether a terminal does.
 *
 * @returns `undefined` for a text longer than terminals take.
 */
export const clipboardSequenceOf = (text: string, isTmux: boolean): string | undefined => {
	const encoded = Buffer.from(text).toString('base64');
	if (encoded.length > cockpitLimits.clipboardLengthMax) return undefined;
	const sequence = `\x1b]52;c;${encoded}\x07`;
	// tmux takes it itself with `set-clipboard on`, and hands on what is passed through with `allow-passthrough on`.
	return isTmux ? sequence + passedThrough(sequence) : sequence;
};

/** The same text for who has a terminal that does not. Of the user alone: it may be anything. @throws Of the file system. */
export const writeCopy = (file: string, text: string): void => {
	mkdirSync(path.dirname(file), {recursive: true, mode: 0o700});
	writeFileSync(file, text, {mode: 0o600});
};
