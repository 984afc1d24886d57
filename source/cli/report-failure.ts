import {withoutControls} from '../control-sequences.ts';
import {type Failure, failureOf, folderGone} from '../errors.ts';
import {type ExitCode, exitCodeOf} from './exit-codes.ts';
import type {Output} from './output.ts';
import {tellDiagnostics} from './tell-diagnostics.ts';

/**
 * Tells what did not work: a fact and the next move on standard error, or `{"error": …}` on standard output under
 * `--json`.
 *
 * @returns The exit code that belongs to it.
 */
export const reportFailure = async (thrown: unknown, output: Output): Promise<ExitCode> => {
	const error = isFolderGone(thrown) ? folderGone() : thrown;
	const {code, diagnostics = []} = failureOf(error);
	// Those of inputs are in the message already: they have no place in a file.
	if (!output.isJson && code !== 'inputs.invalid') await tellDiagnostics(diagnostics, output);
	const exitCode = tellFailure(error, output);
	if (output.isVerbose) output.note(detailsOf(error));
	return exitCode;
};

/** The same without the problems of a workflow file; synchronous, for the last words of a process. */
export const tellFailure = (error: unknown, output: Output): ExitCode => {
	const failure = failureOf(error);
	// One line, so that it can also end a stream of lines.
	if (output.isJson) void output.line({error: failure});
	else output.note(failureText(failure, output));
	return exitCodeOf(failure.code);
};

/** What Node.js says where the working folder was removed. */
const isFolderGone = (error: unknown): boolean => (error as {syscall?: unknown} | undefined)?.syscall === 'uv_cwd';

const failureText = ({message, suggestion}: Failure, {paint}: Output): string =>
	`${paint.red('✗')} ${withoutControls(message)}${suggestion ? `\n  ${suggestion}` : ''}`;

/** The stack, and those of its causes: for a report of a defect. */
const detailsOf = (error: unknown): string => {
	const lines: string[] = [];
	for (let cause = error; cause instanceof Error; cause = cause.cause) lines.push(cause.stack ?? cause.message);
	return lines.join('\ncaused by ');
};
