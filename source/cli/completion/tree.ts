import {readFileSync} from 'node:fs';
import {commandTreeFile} from '../../install.ts';

/** What can be typed. */
export interface CommandTree {
	/** Words that have commands below them. */
	readonly groups: readonly {readonly words: readonly string[]; readonly about: string}[];
	readonly commands: readonly CommandEntry[];
}

export interface CommandEntry {
	readonly words: readonly string[];
	readonly about: string;
	readonly options: readonly OptionEntry[];
	readonly args: readonly ArgumentEntry[];
}

export interface OptionEntry {
	/** With its dashes. */
	readonly name: string;
	readonly about: string;
	/** What its value is called; missing for a switch. */
	readonly value?: string;
	readonly choices?: readonly string[];
	readonly mayRepeat: boolean;
}

export interface ArgumentEntry {
	readonly name: string;
	readonly about: string;
	readonly mayRepeat: boolean;
}

/** Made by the build, because asking the commands takes longer than a person waits for a key. */
export const readCommandTree = (): CommandTree => JSON.parse(readFileSync(commandTreeFile, 'utf8')) as CommandTree;
