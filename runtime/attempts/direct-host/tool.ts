import process from 'node:process';
import type {ToolDefinition} from '../../../source/tools/definition.ts';
import type {ToolWork} from '../../../source/workflow/direct-work.ts';
import {callTool} from '../../tools/call.ts';
import {createPlaces} from '../../tools/places.ts';
import type {DirectHandler} from './handle.ts';

/** Opens the tool, calls one operation, and closes it. TERM ends the call and what was started for it. */
export const handleTool: DirectHandler<ToolWork> = async (work, {workspace, cwd, serversFolder}) => {
	const definition = work.definition as ToolDefinition;
	const implementations = work.implementations.flatMap(id => definition.implementations.filter(each => each.id === id));
	const environment = process.env as Record<string, string>;
	const placeOf = createPlaces(definition, {workspace, cwd, environment, secrets: work.secrets, serversFolder});
	const {operation = '', arguments: values, idempotencyKey} = work;
	const call = {operation, arguments: values, idempotencyKey};
	const {result, failure, tries} = await callTool({definition, implementations, call, placeOf}, endOfProcess());
	return {outputs: result?.outputs ?? {}, text: result?.text ?? '', tries, ...(failure && {failure})};
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
