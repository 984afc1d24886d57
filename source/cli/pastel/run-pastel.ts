import Pastel from 'pastel';
import {version} from '../../version.ts';
import {tellUsageErrors} from './usage-errors.ts';

const description = `Run AI workflows written as Markdown.

Without arguments, on a terminal, it opens the cockpit, which takes --read-only, --theme <name>, --ascii, --no-color and --render=full; --inline prints lines instead. \
Every command takes --json, --verbose, --no-color and --help.`;

/** @param entry The file beside the `commands` folder: Pastel looks for it there. */
export const runPastel = async (words: readonly string[], entry: ImportMeta): Promise<void> => {
	tellUsageErrors(words);
	const pastel = new Pastel({importMeta: entry, name: 'aiworkflow', version, description});
	await pastel.run([process.execPath, 'aiworkflow', ...words]);
};
