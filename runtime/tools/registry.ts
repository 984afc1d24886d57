import path from 'node:path';
import {workspaceUntrusted} from '../../source/errors.ts';
import type {ToolDefinition, ToolImplementation, ToolOperation} from '../../source/tools/definition.ts';
import {toolInvalid} from '../../source/tools/parse.ts';
import {namesReadBy} from '../../source/tools/references.ts';
import type {ToolRegistry as EngineToolRegistry} from '../engine/parts.ts';
import {toolUnknown} from './failures.ts';
import {createToolFiles, type ToolFile} from './files.ts';
import type {ToolHealth, ToolHealths} from './health.ts';

/** Where tools are looked for. */
export interface ToolScope {
	readonly workspace: string;
	/** Folder of the workflow file; missing: only those of the workspace. */
	readonly bundleFolder?: string;
}

/** The tools of each workspace and bundle. Reads their files and loads nothing of them. */
export interface ToolRegistry extends EngineToolRegistry {
	/** All of them, those with problems too. By name. */
	list(scope: ToolScope): Promise<readonly KnownTool[]>;
	/** @throws AiworkflowError `tool.unknown`, `tool.invalid`, `workspace.untrusted`. */
	find(scope: ToolScope, name: string): Promise<ToolDefinition>;
	healthOf(definition: ToolDefinition, implementation: ToolImplementation): ToolHealth | undefined;
	/** Keeps what a tool said it can do, for lists. */
	learn(definition: ToolDefinition, operations: readonly ToolOperation[]): void;
	/** As it last said; of scripts, as its file says. `undefined`: not asked yet. */
	knownOperations(definition: ToolDefinition): readonly ToolOperation[] | undefined;
}

export interface KnownTool extends ToolFile {
	/** Whether a person agreed to its being used. */
	readonly isTrusted: boolean;
}

interface RegistryOptions {
	/** Whether a person agreed to what the workspace's files make us run. */
	readonly isTrusted: (workspace: string) => Promise<boolean>;
	readonly healths: ToolHealths;
}

export const createToolRegistry = ({isTrusted, healths}: RegistryOptions): ToolRegistry => {
	const files = createToolFiles();
	const operations = new Map<string, readonly ToolOperation[]>();

	const list = async (scope: ToolScope): Promise<readonly KnownTool[]> => {
		const tools = await files.list(scope.workspace, scope.bundleFolder);
		const trusted = tools.length > 0 && (await isTrusted(scope.workspace));
		return tools.map(tool => ({...tool, isTrusted: trusted || !isGuarded(scope.workspace, tool.file)}));
	};

	const find = async (scope: ToolScope, name: string): Promise<ToolDefinition> => {
		const tools = await list(scope);
		const tool = tools.find(each => each.name === name);
		if (!tool) {
			const known = tools.map(each => each.name);
			throw toolUnknown(name, known);
		}

		if (!tool.isTrusted) throw workspaceUntrusted(scope.workspace, path.relative(scope.workspace, tool.file));
		if (!tool.definition) throw toolInvalid(tool.file, tool.diagnostics);
		return tool.definition;
	};

	return {
		list,
		find,
		async specOf(workspace, bundleFolder, name) {
			const definition = await find({workspace, bundleFolder}, name);
			return {definition, needs: definition.implementations.map(needsOf)};
		},
		isDoubted: healths.isDoubted,
		healthOf: ({name}, {id}) => healths.of(`${name}/${id}`),
		learn: (definition, told) => void operations.set(definition.file, told),
		knownOperations: definition => operations.get(definition.file) ?? declaredOperationsOf(definition),
	};
};

const needsOf = (implementation: ToolImplementation) => {
	const {secrets, env} = namesReadBy(implementation);
	const environmentNames = [...new Set([...implementation.passEnv, ...env])];
	return {id: implementation.id, secretNames: secrets, environmentNames};
};

/** Of what stands below `.aiworkflow/` nobody said that it should run: a clone brings it along. */
const isGuarded = (workspace: string, file: string): boolean =>
	!path.relative(path.join(workspace, '.aiworkflow'), file).startsWith('..');

/** Only files of scripts say all of it. */
const declaredOperationsOf = ({implementations}: ToolDefinition): readonly ToolOperation[] | undefined => {
	const [first] = implementations;
	if (first?.kind !== 'script') return undefined;
	return Object.entries(first.operations).map(([name, {args: _, inputSchema, ...operation}]) => ({
		name,
		inputSchema: inputSchema ?? {type: 'object'},
		...operation,
	}));
};
