import path from 'node:path';
import {type Bundle, findBundle, readBundle} from '../../bundles/read-bundle.ts';
import {missingCommands, missingTools, missingVariables} from '../../bundles/requirements.ts';
import {workflowInvalid} from '../../errors.ts';
import type {BundleRequirements, WorkflowDefinition} from '../../workflow/definition.ts';
import {planLinesOf} from '../../workflow/plan.ts';
import {findWorkspace} from '../../workflow-files.ts';
import {exitCodes} from '../exit-codes.ts';
import {inputLineOf} from '../input-line.ts';
import type {Output} from '../output.ts';
import type {Verb} from '../verb.ts';

/** What a bundle is, what it needs and whether that is here, what it sets, and its plan; needs no daemon. */
export const showBundle: Verb<Record<never, never>> = async ({args, output}) => {
	const bundle = await readBundle(await findBundle(args[0]!, process.cwd()));
	const {definition, file, diagnostics} = bundle.workflow;
	if (!definition) throw workflowInvalid(file, diagnostics);
	const missing = missingOf(bundle);
	if (output.isJson) {
		const {config, name, folder, tests} = bundle;
		await output.document({
			...{name, folder, tests},
			...{version: config?.version ?? null, description: config?.description ?? definition.description ?? null},
			...{author: config?.author ?? null, license: config?.license ?? null, tags: config?.tags ?? []},
			...{requires: config?.requires ?? null, missing, defaults: config?.defaults ?? null},
			workflow: {file, name: definition.name, inputs: definition.inputs, plan: planLinesOf(definition)},
		});
		return exitCodes.done;
	}

	for (const line of [...headLines(bundle, output), ...needLines(bundle, missing, output), ...planLines(definition)])
		await output.print(line);
	return exitCodes.done;
};

/** Of this shell; whether an agent works only the daemon knows, see `agents list`. */
const missingOf = ({config, folder}: Bundle): Omit<BundleRequirements, 'agents'> => ({
	commands: missingCommands(config?.requires.commands ?? [], process.env),
	env: missingVariables(config?.requires.env ?? [], process.env),
	tools: missingTools(config?.requires.tools ?? [], folder, findWorkspace(process.cwd())),
});

const headLines = ({name, folder, config, workflow, tests}: Bundle, {paint}: Output): string[] => {
	const by = [config?.author && `by ${config.author}`, config?.license, ...(config?.tags ?? []).map(tag => `#${tag}`)];
	const description = config?.description ?? workflow.definition?.description;
	return [
		`${paint.bold([name, config?.version].filter(Boolean).join(' '))}  ${paint.dim(folder)}`,
		...(description ? [description] : []),
		...(by.some(Boolean) ? [paint.dim(by.filter(Boolean).join(', '))] : []),
		`Workflow ${path.basename(workflow.file)}, ${tests === 1 ? 'one test' : `${tests} tests`}.`,
	];
};

const needLines = ({config}: Bundle, missing: Omit<BundleRequirements, 'agents'>, {paint}: Output): string[] => {
	if (!config) return [];
	const {commands, env, agents, tools} = config.requires;
	const marked = (kind: string, names: readonly string[], gone: readonly string[]) =>
		names.map(name =>
			gone.includes(name) ? `  ${paint.red('✗')} ${kind} ${name}: not here` : `  ${paint.green('✓')} ${kind} ${name}`,
		);
	const needs = [
		...marked('command', commands, missing.commands),
		...marked('variable', env, missing.env),
		...marked('tool', tools, missing.tools),
		...agents.map(name => `  · agent ${name}: see \`aiworkflow agents check ${name}\``),
	];
	return needs.length > 0 ? ['Requires', ...needs] : [];
};

const planLines = (definition: WorkflowDefinition): string[] => {
	const inputs = Object.entries(definition.inputs).map(([name, input]) => `  ${inputLineOf(name, input)}`);
	return [
		...(inputs.length > 0 ? ['Inputs', ...inputs] : []),
		'Plan',
		...planLinesOf(definition).map(line => `  ${line}`),
	];
};
