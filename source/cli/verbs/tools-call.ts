import path from 'node:path';
import {connect} from '../../client/connect.ts';
import {usageInvalid} from '../../errors.ts';
import {parseDurationMs} from '../../units.ts';
import {workspaceOf} from '../agent-words.ts';
import {exitCodes} from '../exit-codes.ts';
import {type GivenAnswer, givenTools} from '../given-tools.ts';
import type {options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import {readTextFile} from '../read-text-file.ts';
import type {Verb} from '../verb.ts';

/** Calls an operation and prints the text of its answer; what else there is to know goes to standard error. */
export const callTool: Verb<typeof tables.toolsCall> = async ({args, options, output}) => {
	const {tool, operation} = namesIn(args[0]!);
	const given = withOption(options.with);
	const texts = argumentsIn(options.argument ?? []);
	const inside = givenTools();
	if (inside) return tellGiven(await inside.call(args[0]!, {...given, ...texts}), output);
	const client = await connect();
	const answer = await client.callTool({
		...{tool, operation, workspace: workspaceOf(options)},
		bundle: options.bundle === undefined ? undefined : path.resolve(options.bundle),
		arguments: {...given, ...texts},
		texts: Object.keys(texts),
		timeoutMs: timeoutIn(options.timeout),
		environment: process.env as Record<string, string>,
	});
	if (output.isJson) {
		await output.document(answer);
		return exitCodes.done;
	}

	await output.print(answer.text);
	for (const {implementation, failure} of answer.tries)
		if (failure) output.note(`${implementation} could not: ${failure.message}`);
	if (answer.tries.length > 1) output.note(`Answered by ${answer.answeredBy}.`);
	return exitCodes.done;
};

const tellGiven = async (answer: GivenAnswer, output: Output) => {
	if (output.isJson) await output.document(answer);
	else await output.print(answer.text);
	return exitCodes.done;
};

/** The name of a tool holds no point; that of an operation may. */
const namesIn = (asked: string): {readonly tool: string; readonly operation: string} => {
	const at = asked.indexOf('.');
	return at === -1 ? {tool: asked, operation: ''} : {tool: asked.slice(0, at), operation: asked.slice(at + 1)};
};

const withOption = (given: string | undefined): Record<string, unknown> => {
	if (given === undefined) return {};
	const text = given === '-' ? readTextFile('-') : given.startsWith('@') ? readTextFile(given.slice(1)) : given;
	try {
		const value: unknown = JSON.parse(text);
		if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
	} catch {
		// Said below.
	}

	throw usageInvalid('`--with` is no JSON object.', `Write \`--with '{"name": "value"}'\`, or \`--with @file.json\`.`);
};

const argumentsIn = (words: readonly string[]): Record<string, string> =>
	Object.fromEntries(
		words.map(word => {
			const at = word.indexOf('=');
			if (at < 1) throw usageInvalid(`The argument "${word}" has no name and value.`, 'Write `--argument name=value`.');
			return [word.slice(0, at), word.slice(at + 1)];
		}),
	);

const timeoutIn = (text: string | undefined): number | undefined => {
	if (text === undefined) return undefined;
	const timeoutMs = parseDurationMs(text);
	if (timeoutMs !== undefined && timeoutMs > 0) return timeoutMs;
	throw usageInvalid(`"${text}" is no length of time.`, 'Write `--timeout 30s`.');
};
