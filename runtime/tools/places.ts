import path from 'node:path';
import type {ToolDefinition, ToolImplementation} from '../../source/tools/definition.ts';
import {createResolver, namesReadBy} from '../../source/tools/references.ts';
import type {ToolPlace} from './parts.ts';

export interface Surroundings {
	readonly workspace: string;
	/** Working folder of what is started for one call. */
	readonly cwd: string;
	/** All that any implementation of the tool may have. */
	readonly environment: Readonly<Record<string, string>>;
	/** By name; of those that the definition reads. */
	readonly secrets: Readonly<Record<string, string>>;
	readonly serversFolder?: string;
}

/** Where each implementation of a tool is opened: none gets a variable that only another one asks for. */
export const createPlaces =
	(definition: ToolDefinition, {workspace, cwd, environment, secrets, serversFolder}: Surroundings) =>
	(implementation: ToolImplementation): ToolPlace => {
		const asked = new Set(implementation.passEnv);
		const others = new Set(
			definition.implementations
				.filter(({id}) => id !== implementation.id)
				.flatMap(each => [...each.passEnv, ...namesReadBy(each).env])
				.filter(name => !asked.has(name)),
		);
		const own = Object.fromEntries(Object.entries(environment).filter(([name]) => !others.has(name)));
		return {
			tool: definition.name,
			folder: path.dirname(definition.file),
			...{workspace, cwd, environment: own, serversFolder},
			resolve: createResolver({secrets, env: environment}),
		};
	};
