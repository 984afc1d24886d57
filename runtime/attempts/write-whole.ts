import {renameSync, writeFileSync} from 'node:fs';

/** Writes a private file so that a reader sees all of it or nothing. */
export const writeWhole = (file: string, content: string): void => {
	const temporary = `${file}.${process.pid}.tmp`;
	writeFileSync(temporary, content, {mode: 0o600});
	renameSync(temporary, file);
};
