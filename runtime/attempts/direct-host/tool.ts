import type {ToolDefinition} from '../../../source/tools/definition.ts';
import type {ToolWork} from '../../../source/workflow/direct-work.ts';
import {callTool} from '../../tools/call.ts';
import {createPlaces} from '../../tools/places.ts';
import type {DirectHandler} from './handle.ts';

/** Opens the tool, calls one operation, and closes it; asked to end, it ends what it started first. */
export const handleTool: DirectHandler<ToolWork> = async (work, {workspace, cwd, serversFolder}) => {
	const definition = work.definition as ToolDefinition;
	const ids = [work.implementation, ...work.others];
	const implementations = ids.flatMap(id => definition.implementations.find(each => each.id === id) ?? []);
	const environment = process.env as Readonly<Record<string, string>>;
	const {operation = '', idempotencyKey} = work;
	const request = {
		...{definition, implementations},
		call: {operation, arguments: work.arguments, idempotencyKey},
		placeOf: createPlaces(definition, {workspace, cwd, environment, secrets: work.secrets, serversFolder}),
	};
	const {result, failure, tries} = await callTool(request, endOfProcess());
	if (result) return {...result, tries};
	return {outputs: {}, text: '', failure, tries};
};

const endOfProcess = (): AbortSignal => {
	const stop = new AbortController();
	for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
		process.once(signal, () => {
			// Whoever asked knows how it ended: there is no answer to write down.
			process.exitCode = 143;
			stop.abort(new Error(`It was ended by ${signal}.`));
		});
	return stop.signal;
};
