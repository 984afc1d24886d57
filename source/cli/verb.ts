import type {ExitCode} from './exit-codes.ts';
import type {CommonOptions, OptionsOf, OptionTable} from './options.ts';
import {createOutput, endQuietlyOnBrokenPipe, type Output} from './output.ts';
import {reportFailure} from './report-failure.ts';

export interface Invocation<Table extends OptionTable> {
	readonly args: readonly (string | undefined)[];
	readonly options: OptionsOf<Table> & CommonOptions;
	readonly output: Output;
}

/** What a command does. */
export type Verb<Table extends OptionTable> = (invocation: Invocation<Table>) => Promise<ExitCode>;

/** Runs a verb at the border of the process: its failure is told, its exit code set. */
export const runVerb = async (
	load: () => Promise<Verb<OptionTable>>,
	args: readonly (string | undefined)[],
	options: CommonOptions,
): Promise<void> => {
	endQuietlyOnBrokenPipe();
	const output = createOutput(options);
	try {
		const verb = await load();
		process.exitCode = await verb({args, options, output});
	} catch (error) {
		process.exitCode = await reportFailure(error, output);
	}
};
