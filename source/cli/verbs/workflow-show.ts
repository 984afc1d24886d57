import {planLinesOf} from '../../workflow/plan.ts';
import {exitCodes} from '../exit-codes.ts';
import {inputLineOf} from '../input-line.ts';
import {loadWorkflow} from '../load-workflow.ts';
import type {Verb} from '../verb.ts';

/** The plan: what would run, in which order, by whom. */
export const showWorkflow: Verb<Record<never, never>> = async ({args, output}) => {
	const {file, definition} = await loadWorkflow(args[0]!);
	if (output.isJson) {
		await output.document({file, ...definition});
		return exitCodes.done;
	}

	const {paint} = output;
	await output.print(`${paint.bold(definition.name)}  ${paint.dim(file)}`);
	if (definition.description) await output.print(definition.description);
	for (const [name, input] of Object.entries(definition.inputs)) await output.print(`  ${inputLineOf(name, input)}`);
	for (const line of planLinesOf(definition)) await output.print(`  ${line}`);
	return exitCodes.done;
};
