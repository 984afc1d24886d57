import type {ToolServer} from '../adapter.ts';

/** What only looks. */
const readOnlyTools = ['view', 'grep', 'glob'];

/** Of a server that it was given, all: the bridge refuses what may change something. */
export const readOnlyToolsWith = (tools: ToolServer | undefined): readonly string[] =>
	tools ? [...readOnlyTools, `${tools.name}/*`] : readOnlyTools;

/** As its SDK and its configuration file have it. */
export const mcpServerOf = ({command, args}: ToolServer) => ({type: 'local', command, args: [...args], tools: ['*']});
