import {readFileSync} from 'node:fs';
import {usageInvalid} from '../errors.ts';

/**
 * @param file `-`: standard input.
 * @throws AiworkflowError `usage.invalid` where it cannot be read.
 */
export const readTextFile = (file: string): string => {
	try {
		return readFileSync(file === '-' ? 0 : file, 'utf8');
	} catch (error) {
		throw usageInvalid(`${file} cannot be read: ${(error as Error).message}.`, 'Name a file of text.');
	}
};
