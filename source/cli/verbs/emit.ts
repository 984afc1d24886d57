import path from 'node:path';
import type {EmittedEvent} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {originOf} from '../../origin.ts';
import {findWorkspace} from '../../workflow-files.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import {readTextFile} from '../read-text-file.ts';
import type {Verb} from '../verb.ts';
import {dataOf} from './runs-signal.ts';

/** Says that something happened; what waits for it has it when this ends, whatever becomes of the daemon. */
export const emit: Verb<typeof tables.emit> = async ({args, options, output}) => {
	const {data, id, taint} = options;
	// A step may work in any folder: what it emits is heard where its run is.
	const asked = options.workspace ?? process.env.AIWORKFLOW_WORKSPACE ?? findWorkspace(process.cwd());
	const client = await connect();
	const emitted = await client.emit({
		...{name: args[0]!, id, taint, workspace: path.resolve(asked)},
		data: dataOf(data === '-' ? readTextFile('-') : data),
		origin: originOf('command'),
	});
	if (output.isJson) await output.document(emitted);
	else await printEmitted(emitted, output);
	return exitCodes.done;
};

const printEmitted = async ({name, workspace, runs, waitsForTrust, taint}: EmittedEvent, output: Output) => {
	const {paint, print} = output;
	const fresh = runs.filter(({isKnown}) => !isKnown);
	await print(`${paint.green('✓')} ${name} was emitted in ${workspace}.`);
	for (const {workflow, runId} of fresh) await print(`  ${workflow}  ${paint.dim(`run ${runId}`)}`);
	if (runs.length > fresh.length) output.note('It had come before under this id: nothing is started again.');
	if (taint !== null && fresh.length > 0)
		output.note(`Tainted (${taint}): agents only read, unless a step allows more.`);
	if (runs.length > 0) return;
	output.note(
		waitsForTrust
			? 'Nothing hears it: files of the workspace changed since a person trusted it. Look at them, then run `aiworkflow trust`.'
			: 'No armed trigger of this workspace waits for it. `aiworkflow trust` arms the triggers of a workspace.',
	);
};
