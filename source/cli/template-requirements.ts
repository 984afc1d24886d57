import {access, constants} from 'node:fs/promises';
import path from 'node:path';
import type {TemplateRequirements} from '../templates/definition.ts';

/** @returns What the workflow will look for and not find here, in words. Agents are asked for when it runs. */
export const missingRequirementsOf = async (
	{commands, env}: TemplateRequirements,
	environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string[]> => {
	const found = await Promise.all(commands.map(command => isOnPath(command, environment.PATH ?? '')));
	return [
		...commands
			.filter((_, index) => !found[index])
			.map(command => `It uses the command \`${command}\`, which is not on the PATH.`),
		...env.filter(name => !environment[name]).map(name => `It reads the variable ${name}, which is not set.`),
	];
};

const isOnPath = async (command: string, searched: string): Promise<boolean> => {
	for (const folder of searched.split(path.delimiter).filter(Boolean)) {
		const isThere = await access(path.join(folder, command), constants.X_OK).then(
			() => true,
			() => false,
		);
		if (isThere) return true;
	}

	return false;
};
