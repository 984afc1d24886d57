import path from 'node:path';
import {type AiworkflowError, type Failure, workspaceUntrusted} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import type {ToolDefinition, ToolImplementation, ToolOperation} from '../../source/tools/definition.ts';
import {toolInvalid} from '../../source/tools/parse.ts';
import {namesReadBy} from '../../source/tools/references.ts';
import {type Breakers, type ToolTry, toolBreakerNameOf, toolFaults} from '../engine/parts.ts';
import {toolResting, toolUnknown, toolUnsuitable} from './failures.ts';
import {createToolFiles, type ToolFile} from './files.ts';

/** Where tools are looked for. */
export interface ToolScope {
	readonly workspace: string;
	/** Folder of the workflow file; missing: only those of the workspace. */
	readonly bundleFolder?: string;
}

/** The tools of each workspace and bundle. Reads their files and loads nothing of them. */
export interface ToolRegistry {
	/** All of them, those with problems too. By name. */
	list(scope: ToolScope): Promise<readonly KnownTool[]>;
	/** @throws AiworkflowError `tool.unknown`, `tool.invalid`, `workspace.untrusted`. */
	find(scope: ToolScope, name: string): Promise<ToolDefinition>;
	/**
	 * Whether these tools are there and may be used, before a run that names them begins. Starts nothing.
	 *
	 * @throws AiworkflowError `tool.unknown`, `tool.invalid`, `workspace.untrusted`.
	 */
	check(scope: ToolScope, names: readonly string[]): Promise<void>;
	/** What these tools need of whoever starts a run; of tools that are not there or not trusted, nothing. */
	needsOf(scope: ToolScope, names: readonly string[]): Promise<ToolNeeds>;
	/**
	 * @param agent Missing: a step without one.
	 * @returns The implementations to ask, in this order. At least one.
	 * @throws AiworkflowError `tool.unsuitable`, `tool.circuit-open` where their breakers let nothing through.
	 */
	choose(definition: ToolDefinition, agent?: string): readonly ToolImplementation[];
	/** These are asked now: of one whose breaker is half open, this is its try. */
	begin(definition: ToolDefinition, implementations: readonly ToolImplementation[]): void;
	/** What came of it, of each of those that `begin` was told of; those that were not asked are let go. */
	record(definition: ToolDefinition, begun: readonly ToolImplementation[], tries: readonly ToolTry[]): void;
	/** How each implementation did last; `undefined`: nobody asked it since the daemon started. */
	healthOf(definition: ToolDefinition, implementation: ToolImplementation): ToolHealth | undefined;
	/** Keeps what a tool said it can do, for lists. */
	learn(definition: ToolDefinition, operations: readonly ToolOperation[]): void;
	/** As it last said; of tools whose file says it, from there. `undefined`: not asked yet. */
	knownOperations(definition: ToolDefinition): readonly ToolOperation[] | undefined;
}

export interface KnownTool extends ToolFile {
	/** Whether a person agreed to its being used. */
	readonly isTrusted: boolean;
}

export interface ToolNeeds {
	/** Names of environment variables. */
	readonly environment: readonly string[];
	readonly secrets: readonly string[];
}

export interface ToolHealth {
	/** Unix milliseconds. */
	readonly atMs: number;
	/** It answered, even if only to say that it failed. */
	readonly isHealthy: boolean;
	readonly latencyMs: number;
	readonly failure?: Failure;
}

interface RegistryOptions {
	/** Whether a person agreed to what the workspace's files make us run. */
	readonly isTrusted: (workspace: string) => Promise<boolean>;
	readonly breakers: Pick<Breakers, 'allows' | 'untilMs' | 'reasonOf' | 'begin' | 'letGo' | 'record'>;
	/** Unix milliseconds. */
	readonly now: () => number;
}

const implementationNameOf = ({name}: ToolDefinition, {id}: ToolImplementation): string => toolBreakerNameOf(name, id);

export const createToolRegistry = ({isTrusted, breakers, now}: RegistryOptions): ToolRegistry => {
	const files = createToolFiles();
	const health = new Map<string, ToolHealth>();
	const operations = new Map<string, readonly ToolOperation[]>();
	const keyOf = ({file}: ToolDefinition, {id}: {readonly id: string}) => `${file} ${id}`;

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
		async check(scope, names) {
			for (const name of names) await find(scope, name);
		},
		async needsOf(scope, names) {
			const tools = (await list(scope)).filter(tool => tool.isTrusted && names.includes(tool.name));
			const all = tools.flatMap(tool => tool.definition?.implementations ?? []);
			const read = all.map(namesReadBy);
			return {
				environment: [...new Set([...all.flatMap(({passEnv}) => passEnv), ...read.flatMap(({env}) => env)])],
				secrets: [...new Set(read.flatMap(({secrets}) => secrets))],
			};
		},
		choose(definition, agent) {
			const suitable = definition.implementations.filter(({agents}) =>
				agents === undefined ? true : agent !== undefined && agents.includes(agent),
			);
			if (suitable.length === 0) throw toolUnsuitable(definition.name, agent);
			const allowed = suitable.filter(each => breakers.allows('tool', implementationNameOf(definition, each)));
			if (allowed.length === 0) throw restingOf(breakers, definition, suitable);
			const isDistrusted = (each: ToolImplementation) => {
				const last = health.get(keyOf(definition, each));
				return last !== undefined && !last.isHealthy && now() - last.atMs < limits.toolDistrustMs;
			};
			return [...allowed.filter(each => !isDistrusted(each)), ...allowed.filter(isDistrusted)];
		},
		begin(definition, implementations) {
			for (const each of implementations) breakers.begin('tool', implementationNameOf(definition, each));
		},
		record(definition, begun, tries) {
			for (const each of begun) {
				const name = implementationNameOf(definition, each);
				const outcome = tries.find(({implementation}) => implementation === each.id);
				if (!outcome) {
					breakers.letGo('tool', name);
					continue;
				}

				const {failure, latencyMs} = outcome;
				breakers.record('tool', name, failure);
				const isHealthy = !failure || !toolFaults.has(failure.code);
				health.set(keyOf(definition, each), {atMs: now(), isHealthy, latencyMs, ...(failure && {failure})});
			}
		},
		healthOf: (definition, implementation) => health.get(keyOf(definition, implementation)),
		learn: (definition, told) => void operations.set(definition.file, told),
		knownOperations: definition => operations.get(definition.file) ?? declaredOperationsOf(definition),
	};
};

/** Of what stands below `.aiworkflow/` nobody said that it should run: a clone brings it along. */
const isGuarded = (workspace: string, file: string): boolean =>
	!path.relative(path.join(workspace, '.aiworkflow'), file).startsWith('..');

const restingOf = (
	breakers: RegistryOptions['breakers'],
	definition: ToolDefinition,
	implementations: readonly ToolImplementation[],
): AiworkflowError => {
	const names = implementations.map(each => implementationNameOf(definition, each));
	const until = names.flatMap(name => breakers.untilMs('tool', name) ?? []);
	return toolResting(
		definition.name,
		breakers.reasonOf('tool', names[0]!),
		until.length > 0 ? Math.min(...until) : undefined,
	);
};

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
