import {accessSync, constants, statSync} from 'node:fs';
import path from 'node:path';
import {AiworkflowError} from '../errors.ts';
import type {BundleOrigin, BundleRequirements} from '../workflow/definition.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** @returns Those of the names that no program on the PATH of the environment has. */
export const missingCommands = (names: readonly string[], {PATH = ''}: Environment): string[] =>
	names.filter(name => !PATH.split(path.delimiter).some(folder => folder !== '' && isProgram(path.join(folder, name))));

const isProgram = (file: string): boolean => {
	try {
		accessSync(file, constants.X_OK);
		return statSync(file).isFile();
	} catch {
		return false;
	}
};

/** @returns Variables that are not set, or empty. */
export const missingVariables = (names: readonly string[], environment: Environment): string[] =>
	names.filter(name => !environment[name]);

/** @returns Tools that neither the bundle nor the workspace has a file of. */
export const missingTools = (names: readonly string[], bundleFolder: string, workspace: string): string[] => {
	const folders = [path.join(bundleFolder, 'tools'), path.join(workspace, '.aiworkflow', 'tools')];
	const isThere = (name: string) =>
		folders.some(folder => toolFileEndings.some(end => isFile(path.join(folder, `${name}${end}`))));
	return names.filter(name => !isThere(name));
};

const toolFileEndings = ['.yaml', '.yml'];

const isFile = (file: string) => statSync(file, {throwIfNoEntry: false})?.isFile() === true;

export const isNothingMissing = (missing: BundleRequirements): boolean =>
	Object.values(missing).every((names: readonly string[]) => names.length === 0);

export const requirementsMissing = ({name}: Pick<BundleOrigin, 'name'>, missing: BundleRequirements) => {
	const {commands, env, agents, tools} = missing;
	const what = [listed('command', commands), listed('variable', env), listed('agent', agents), listed('tool', tools)];
	const moves = [
		...(commands.length > 0
			? [`install ${commands.join(', ')} so that ${oneOrMany(commands, 'it is', 'they are')} on your PATH`]
			: []),
		...(env.length > 0 ? [`set ${env.join(', ')} in your environment`] : []),
		...(agents.length > 0 ? [`install ${agents.join(', ')} or name others with \`--agent\``] : []),
		...(tools.length > 0 ? [`describe ${tools.join(', ')} in the bundle's tools/ or in .aiworkflow/tools/`] : []),
	].join('; ');
	return new AiworkflowError({
		code: 'bundle.requirements-missing',
		message: `The bundle "${name}" needs what is not here: ${what.filter(Boolean).join('; ')}. Nothing was run.`,
		suggestion: `${moves.charAt(0).toUpperCase()}${moves.slice(1)}.`,
	});
};

const listed = (noun: string, names: readonly string[]) =>
	names.length === 0 ? '' : `the ${noun}${oneOrMany(names, '', 's')} ${names.join(', ')}`;

const oneOrMany = (names: readonly string[], one: string, many: string) => (names.length === 1 ? one : many);
