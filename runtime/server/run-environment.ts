import {AiworkflowError} from '../../source/errors.ts';
import type {WorkflowDefinition} from '../../source/workflow/definition.ts';
import {runEnvironmentOf, secretsOf} from '../security/environment.ts';
import type {RunEnvironment} from '../store/run-environments.ts';
import type {DaemonParts} from './daemon-parts.ts';
import {toolNeedsOf} from './tool-needs.ts';

/** A workflow of a run, and where its file is. */
export interface PlacedWorkflow {
	readonly file: string;
	readonly definition: WorkflowDefinition;
}

/**
 * What a run may have of the environment of whoever starts it, or lets it go on, and the secrets it needs.
 *
 * @param workflows That of the run first, then those it uses.
 * @param asked Agents named with the run.
 * @throws AiworkflowError `agent.unknown`, `tool.unknown`, `tool.invalid`, `secret.missing`, `workspace.untrusted`.
 */
export const environmentFor = async (
	{agents, tools, notificationSecrets}: Pick<DaemonParts, 'agents' | 'tools' | 'notificationSecrets'>,
	given: Readonly<Record<string, string>>,
	{
		workspace,
		workflows,
		asked,
	}: {
		readonly workspace: string;
		readonly workflows: readonly PlacedWorkflow[];
		readonly asked: readonly string[] | undefined;
	},
): Promise<RunEnvironment> => {
	const definitions = workflows.map(({definition}) => definition);
	const called = await toolNeedsOf(tools, workspace, workflows, asked);
	const secretNames = [...new Set([...definitions.flatMap(definition => definition.secretNames), ...called.secrets])];
	checkSecrets(secretNames, secretsOf(given, secretNames));
	// Without them nobody is told of the run, which is no reason not to run it.
	const alsoSecretNames = await notificationSecrets(workspace);
	const agentLists = definitions.flatMap(definition => agentListsOf(definition, asked));
	for (const list of agentLists) await agents.check(workspace, list);
	const alsoNames = [
		...definitions.flatMap(({passEnv}) => passEnv),
		...(await agents.environmentNames(workspace, agentLists.flat())),
		...called.environment,
	];
	const secrets = secretsOf(given, [...secretNames, ...alsoSecretNames, ...called.otherSecrets]);
	return {environment: runEnvironmentOf(given, alsoNames), secrets};
};

const checkSecrets = (names: readonly string[], secrets: Readonly<Record<string, string>>) => {
	const missing = names.filter(name => secrets[name] === undefined);
	if (missing.length === 0) return;
	throw new AiworkflowError({
		code: 'secret.missing',
		message: `The workflow needs ${missing.length === 1 ? 'the secret' : 'the secrets'} ${missing.join(', ')}.`,
		suggestion: `Set ${missing.length === 1 ? 'it' : 'them'} in your environment and run it again.`,
	});
};

/** @returns For each agent step the agents it may use. @throws AiworkflowError `agent.unknown` where there are none. */
const agentListsOf = (definition: WorkflowDefinition, asked: readonly string[] | undefined) =>
	withAgents(definition, asked).steps.flatMap(step => {
		if (step.kind !== 'agent') return [];
		const list = step.agents.length > 0 ? step.agents : asked?.length ? asked : definition.agents;
		if (list.length > 0) return [list];
		throw new AiworkflowError({
			code: 'agent.unknown',
			message: `Step "${step.id}" needs an agent, and neither the file nor the command names one.`,
			suggestion: 'Add `agent: <name>` to the file, or run it with `--agent <name>`.',
		});
	});

/** @returns The workflow as it will run: agents named with the run come before those of the file. */
export const withAgents = (definition: WorkflowDefinition, asked: readonly string[] | undefined): WorkflowDefinition =>
	asked?.length
		? {
				...definition,
				agents: asked,
				routing: undefined,
				steps: definition.steps.map(step => (step.kind === 'agent' ? {...step, agents: [], routing: undefined} : step)),
			}
		: definition;
