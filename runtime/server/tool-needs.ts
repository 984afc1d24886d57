import path from 'node:path';
import {namesReadBy} from '../../source/tools/references.ts';
import type {StepDefinition, WorkflowDefinition} from '../../source/workflow/definition.ts';
import {givenToolsOf} from '../../source/workflow/given-tools.ts';
import type {ToolRegistry} from '../engine/parts.ts';
import type {PlacedWorkflow} from './run-environment.ts';

export interface CalledToolNeeds {
	/** Names of environment variables. */
	readonly environment: readonly string[];
	/** Secrets without which the preferred implementation cannot be asked. */
	readonly secrets: readonly string[];
	/** Secrets of all others: an implementation without its own is passed over. */
	readonly otherSecrets: readonly string[];
}

/**
 * Of all tools that steps call, or give to their agents. In a replay nothing is called.
 *
 * @throws AiworkflowError `tool.unknown`, `tool.invalid`, `workspace.untrusted`.
 */
export const toolNeedsOf = async (
	tools: Pick<ToolRegistry, 'find' | 'needsOf'>,
	workspace: string,
	workflows: readonly PlacedWorkflow[],
	asked: readonly string[] | undefined,
): Promise<CalledToolNeeds> => {
	const environment: string[] = [];
	const secrets: string[] = [];
	const otherSecrets: string[] = [];
	for (const {file, definition} of asked?.[0] === 'replay' ? [] : workflows) {
		const scope = {workspace, bundleFolder: path.dirname(file)};
		const names = [...new Set(definition.steps.flatMap(step => toolNamesOf(definition, step)))];
		for (const name of names) {
			const {implementations} = await tools.find(scope, name);
			const preferred = implementations.find(({agents}) => agents === undefined);
			secrets.push(...(preferred ? namesReadBy(preferred).secrets : []));
		}

		const needs = await tools.needsOf(scope, names);
		environment.push(...needs.environment);
		otherSecrets.push(...needs.secrets);
	}

	return {environment, secrets, otherSecrets};
};

const toolNamesOf = (definition: WorkflowDefinition, step: StepDefinition): string[] => [
	...(step.kind === 'agent' ? givenToolsOf(definition, step).map(({tool}) => tool) : []),
	...(step.kind === 'tool' ? [step.tool] : []),
	...(step.undoTool ? [step.undoTool.tool] : []),
];
