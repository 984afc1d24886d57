import {connect} from '../../client/connect.ts';
import {usageInvalid} from '../../errors.ts';
import {originOf} from '../../origin.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {runTitleOf} from '../run-title.ts';
import type {Verb} from '../verb.ts';

export const skipStep: Verb<typeof tables.runsSkip> = async ({args, options, output}) => {
	const [runId, stepId] = args as [string, string];
	const {reason} = options;
	if (!reason) throw usageInvalid('A step is skipped for a reason.', 'Write `--reason <text>`; the journal keeps it.');
	const client = await connect();
	const run = await client.skipStep(runId, stepId, {origin: originOf('command'), reason});
	const isEnding = run.steps.find(({id}) => id === stepId)?.status !== 'skipped';
	if (output.isJson) await output.document(run);
	else
		await output.print(
			`${output.paint.dim('↷')} ${runTitleOf(run)} goes on without ${stepId}${isEnding ? ', which is being stopped' : ''}.`,
		);
	return exitCodes.done;
};
