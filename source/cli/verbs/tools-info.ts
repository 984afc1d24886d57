import path from 'node:path';
import {connect} from '../../client/connect.ts';
import {formatDiagnostic} from '../../workflow/format-diagnostic.ts';
import {workspaceOf} from '../agent-words.ts';
import {exitCodeOf, exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {operationLinesOf, toolLinesOf} from '../tool-words.ts';
import type {Verb} from '../verb.ts';

/** What a tool can do, as it says itself; what is wrong with its file, where something is. */
export const toolInfo: Verb<typeof tables.toolsInfo> = async ({args, options, output}) => {
	const bundle = options.bundle === undefined ? undefined : path.resolve(options.bundle);
	const client = await connect();
	const environment = process.env as Record<string, string>;
	const details = await client.toolInfo({workspace: workspaceOf(options), bundle, tool: args[0]!, environment});
	const {tool, operations, toldBy, failure} = details;
	const isBroken = tool.problems.some(({severity}) => severity === 'error');
	const exitCode = isBroken
		? exitCodes.invalid
		: tool.isTrusted
			? failure
				? exitCodeOf(failure.code)
				: exitCodes.done
			: exitCodes.denied;
	if (output.isJson) {
		await output.document(details);
		return exitCode;
	}

	for (const line of toolLinesOf(tool, output)) await output.print(line);
	for (const problem of tool.problems) await output.print(`\n${formatDiagnostic(problem)}`);
	if (failure) await output.print(`\n${failure.message}\n${failure.suggestion ?? ''}`.trimEnd());
	if (!operations) return exitCode;
	await output.print(`\n${output.paint.dim(`Its operations, as ${toldBy} says:`)}`);
	for (const operation of operations) for (const line of operationLinesOf(operation, output)) await output.print(line);
	return exitCode;
};
