import {AiworkflowError} from '../../source/errors.ts';
import type {OpenapiImplementation, ToolImplementation} from '../../source/tools/definition.ts';
import {openMcp} from './mcp/open.ts';
import {openModule} from './module.ts';
import type {OpenTool, ToolOpener, ToolPlace} from './parts.ts';
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

const openOpenapi: ToolOpener<OpenapiImplementation> = async () => {
	throw new AiworkflowError({
		code: 'feature.not-built',
		message: '`openapi:` tools cannot be opened yet.',
		suggestion: 'Call the server with an `http:` step.',
	});
};
