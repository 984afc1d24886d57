import path from 'node:path';
import {
	isNothingMissing,
	missingCommands,
	missingTools,
	missingVariables,
	requirementsMissing,
} from '../../source/bundles/requirements.ts';
import type {WorkflowDefinition} from '../../source/workflow/definition.ts';
import {runEnvironmentOf} from '../security/environment.ts';
import type {DaemonParts} from './daemon-parts.ts';

export interface RequiredFor {
	/** Of the run and of the workflows it uses, each with its file. */
	readonly workflows: ReadonlyArray<{readonly file: string; readonly definition: WorkflowDefinition}>;
	readonly workspace: string;
	/** Of whoever starts the run. */
	readonly environment: Readonly<Record<string, string>>;
	/** Agents named with the run. */
	readonly asked: readonly string[] | undefined;
}

/**
 * Looks whether all is there that the bundles of a run require. A replay asks no agent and no service, so only the
 * commands that its scripts call must be there.
 *
 * @throws AiworkflowError `bundle.requirements-missing`.
 */
export const checkRequirements = async (
	{agents}: Pick<DaemonParts, 'agents'>,
	{workflows, workspace, environment, asked}: RequiredFor,
): Promise<void> => {
	const isReplay = asked?.length === 1 && asked[0] === 'replay';
	for (const {file, definition} of workflows) {
		const {bundle} = definition;
		if (!bundle) continue;
		const {requires} = bundle;
		const missing = {
			commands: missingCommands(requires.commands, environment),
			env: isReplay ? [] : missingVariables(requires.env, environment),
			agents: asked?.length ? [] : await missingAgents(agents, requires.agents, workspace, environment),
			tools: isReplay ? [] : missingTools(requires.tools, path.dirname(file), workspace),
		};
		if (!isNothingMissing(missing)) throw requirementsMissing(bundle, missing);
	}
};

const missingAgents = async (
	agents: DaemonParts['agents'],
	names: readonly string[],
	workspace: string,
	environment: Readonly<Record<string, string>>,
): Promise<string[]> => {
	if (names.length === 0) return [];
	const known = await agents.allNames(workspace);
	const own = runEnvironmentOf(environment, await agents.environmentNames(workspace, names));
	const reports = await agents.list(
		workspace,
		own,
		'quick',
		names.filter(name => known.includes(name)),
	);
	return names.filter(name => !reports.some(({id, isHealthy}) => id === name && isHealthy));
};
