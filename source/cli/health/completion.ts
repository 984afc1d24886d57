import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import path from 'node:path';
import {places, type Shell, shells} from '../completion/shells.ts';
import type {Check} from './finding.ts';

const name = 'completion';

/** What a shell reads when it starts. */
const startFiles: Readonly<Record<Shell, readonly string[]>> = {
	bash: ['.bashrc', '.bash_profile', '.profile', '.bash_completion'],
	zsh: ['.zshrc', '.zprofile'],
	fish: ['.config/fish/config.fish'],
};

/** Whether the shell of this person completes commands; only advice. */
export const checkCompletion: Check = {
	name,
	look: async ({environment}) => {
		const shell = shells.find(known => known === path.basename(environment.SHELL ?? ''));
		if (!shell) return [{name, status: 'ok', detail: `not for the shell ${environment.SHELL || 'that is not named'}`}];
		const home = environment.HOME || homedir();
		const {file, now} = places[shell];
		const isThere =
			existsSync(file.replace(/^~/, home)) || (await isNamedIn(startFiles[shell].map(each => path.join(home, each))));
		if (isThere) return [{name, status: 'ok', detail: `set up for ${shell}`}];
		const fix = `Try it with \`${now}\`; keep it with \`aiworkflow completion ${shell} > ${file}\`.`;
		return [{name, status: 'ok', detail: `not set up for ${shell}`, fix}];
	},
};

const isNamedIn = async (files: readonly string[]): Promise<boolean> => {
	const texts = await Promise.all(files.map(file => readFile(file, 'utf8').catch(() => '')));
	return texts.some(text => text.includes('aiworkflow completion'));
};
