import type {ToolImplementation} from '../../source/tools/definition.ts';
import {openMcp} from './mcp/open.ts';
import {openModule} from './module.ts';
import {openOpenapi} from './openapi/openapi.ts';
import type {OpenTool, ToolPlace} from './parts.ts';
import {openScript} from './script.ts';

/** Loaded by processes that call tools, never by the daemon. @throws AiworkflowError As `OpenTool.operations` does. */
export const openTool = async (
	implementation: ToolImplementation,
	place: ToolPlace,
	signal: AbortSignal,
): Promise<OpenTool> => {
	if (implementation.kind === 'mcp') return openMcp(implementation, place, signal);
	if (implementation.kind === 'script') return openScript(implementation, place, signal);
	if (implementation.kind === 'module') return openModule(implementation, place, signal);
	return openOpenapi(implementation, place, signal);
};
