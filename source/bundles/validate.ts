import {readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {findRehearsals} from '../rehearsal/find.ts';
import type {WorkflowDefinition} from '../workflow/definition.ts';
import type {Diagnostic} from '../workflow/diagnostics.ts';
import {casesProblems} from './check-cases.ts';
import {recordingProblems} from './check-recording.ts';
import {toolProblems} from './check-tools.ts';
import {configName, isBundleConfigText, parseBundleConfig} from './config.ts';
import {readBundle} from './read-bundle.ts';
import {readConfigText} from './with-bundle.ts';

/**
 * Checks everything that belongs to a bundle, and runs nothing of it.
 *
 * @returns Every problem, those of one file together.
 * @throws AiworkflowError `workflow.not-found`, `bundle.ambiguous`: there is nothing to check.
 */
export const validateBundle = async (folder: string): Promise<readonly Diagnostic[]> => {
	const {workflow, config} = await readBundle(folder);
	const {file, definition} = workflow;
	const rehearsals = await findRehearsals(file, folder);
	return [
		...workflow.diagnostics,
		...(await unusedConfig(folder, definition)),
		...requiredVariables(path.join(folder, configName), config?.requires.env ?? [], definition),
		...(await toolProblems(folder)),
		...(definition ? await recordingProblems(folder, definition) : []),
		...rehearsals.flatMap(({broken}) => broken.flatMap(({diagnostics}) => diagnostics)),
		...(definition
			? casesProblems(
					definition,
					rehearsals.flatMap(({cases}) => cases),
				)
			: []),
	];
};

/** What is called like the configuration and is not read as one. */
const unusedConfig = async (folder: string, definition: WorkflowDefinition | undefined): Promise<Diagnostic[]> => {
	const text = await readConfigText(folder);
	const file = path.join(folder, configName);
	if (text !== undefined && !isBundleConfigText(text))
		return [...parseBundleConfig(text, file, definition?.inputs).diagnostics];
	const other = path.join(folder, 'config.yml');
	if (text !== undefined || !(await stat(other).catch(() => undefined))?.isFile()) return [];
	return [
		{
			...{code: 'config.unused', severity: 'warning', file: other, line: 1, column: 1},
			message: 'A bundle is configured in config.yaml; this file is not read.',
			suggestion: 'Rename it to config.yaml.',
			source: (await readFile(other, 'utf8')).split('\n')[0],
		},
	];
};

/** A variable that is demanded of people and then reaches no step. */
const requiredVariables = (
	file: string,
	names: readonly string[],
	definition: WorkflowDefinition | undefined,
): Diagnostic[] => {
	if (!definition) return [];
	const reached = new Set([...definition.passEnv, ...definition.secretNames]);
	return names
		.filter(name => !reached.has(name))
		.map(name => ({
			...{code: 'config.env-unused', severity: 'warning' as const, file, line: 1, column: 1},
			message: `\`requires\` demands the variable ${name}, and no step can read it.`,
			suggestion: `Add \`pass-env: [${name}]\` to the workflow, or read it as \`\${{ secrets.${name} }}\`.`,
		}));
};
