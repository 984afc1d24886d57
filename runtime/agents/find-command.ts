import {accessSync, constants, readFileSync, realpathSync, statSync} from 'node:fs';
import path from 'node:path';

type Environment = Readonly<Record<string, string>>;

/**
 * @param folders Searched after the PATH.
 * @returns The file a command name stands for, in the environment of a run rather than ours; a path stands for itself.
 */
export const findCommand = (
	command: string,
	environment: Environment,
	folders: readonly string[] = [],
): string | undefined => {
	if (command.includes('/')) return isProgram(path.resolve(command)) ? path.resolve(command) : undefined;
	return [...(environment.PATH ?? '').split(path.delimiter), ...folders]
		.filter(Boolean)
		.map(folder => path.join(folder, command))
		.find(isProgram);
};

const isProgram = (file: string) => {
	try {
		accessSync(file, constants.X_OK);
		return statSync(file).isFile();
	} catch {
		return false;
	}
};

/**
 * Where `npm install -g` puts programs, which need not be on the PATH: the prefix of the environment, else of `~/.npmrc`,
 * else the folder of npm itself. Starts nothing.
 */
export const globalNpmFolders = (environment: Environment): string[] => {
	const prefix = environment.NPM_CONFIG_PREFIX ?? environment.npm_config_prefix ?? prefixOfNpmrc(environment);
	if (prefix) return [path.join(prefix, 'bin')];
	const npm = findCommand('npm', environment);
	// …/lib/node_modules/npm/bin/npm-cli.js
	return npm ? [path.resolve(realpathSync(npm), '../../../../../bin')] : [];
};

const prefixOfNpmrc = ({HOME}: Environment): string | undefined => {
	if (!HOME) return undefined;
	try {
		const text = readFileSync(path.join(HOME, '.npmrc'), 'utf8');
		const prefix = /^\s*prefix\s*=\s*(.+?)\s*$/m.exec(text)?.[1];
		return prefix?.replace(/^(?:~|\$\{HOME\})(?=\/)/, HOME);
	} catch {
		return undefined;
	}
};
