import {planLinesOf} from '../../workflow/plan.ts';
import {workspaceOf} from '../agent-words.ts';
import {exitCodes} from '../exit-codes.ts';
import {checkWorkflow} from '../load-workflow.ts';
import {tellDiagnostics} from '../tell-diagnostics.ts';
import {unknownTools} from '../unknown-tools.ts';
import type {Verb} from '../verb.ts';

/** Tells every problem at once; runs nothing and needs no daemon. */
export const validateWorkflow: Verb<Record<never, never>> = async ({args, output}) => {
	const {file, definition, diagnostics: own} = await checkWorkflow(args[0]!);
	const unknown = definition ? await unknownTools(definition, file, workspaceOf({workspace: undefined})) : [];
	const diagnostics = [...own, ...unknown];
	const exitCode = definition ? exitCodes.done : exitCodes.invalid;
	if (output.isJson) {
		await output.document({file, valid: definition !== undefined, diagnostics});
		return exitCode;
	}

	await tellDiagnostics(diagnostics, output);
	const errors = diagnostics.filter(({severity}) => severity === 'error').length;
	const {paint} = output;
	if (definition) {
		await output.print(`${paint.green('✓')} ${file} is valid.`);
		for (const line of planLinesOf(definition)) await output.print(`  ${line}`);
	} else {
		output.note(`${paint.red('✗')} ${file} has ${errors === 1 ? 'one problem' : `${errors} problems`}.`);
	}

	return exitCode;
};
