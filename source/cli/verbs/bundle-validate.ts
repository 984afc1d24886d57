import path from 'node:path';
import {findBundle, readBundle} from '../../bundles/read-bundle.ts';
import {validateBundle} from '../../bundles/validate.ts';
import {hasErrors} from '../../workflow/diagnostics.ts';
import {exitCodes} from '../exit-codes.ts';
import {tellDiagnostics} from '../tell-diagnostics.ts';
import type {Verb} from '../verb.ts';

/** Tells every problem of everything in a bundle at once; runs nothing and needs no daemon. */
export const validateBundleFolder: Verb<Record<never, never>> = async ({args, output}) => {
	const folder = await findBundle(args[0]!, process.cwd());
	const diagnostics = await validateBundle(folder);
	const isValid = !hasErrors(diagnostics);
	const exitCode = isValid ? exitCodes.done : exitCodes.invalid;
	if (output.isJson) {
		await output.document({folder, valid: isValid, diagnostics});
		return exitCode;
	}

	await tellDiagnostics(diagnostics, output);
	const {paint} = output;
	const {name, tests} = await readBundle(folder);
	const place = path.relative(process.cwd(), folder) || '.';
	const errors = diagnostics.filter(({severity}) => severity === 'error').length;
	if (isValid)
		await output.print(
			`${paint.green('✓')} ${name} in ${place} is valid; \`aiworkflow test ${place}\` runs its ${tests === 1 ? 'test' : `${tests} tests`}.`,
		);
	else output.note(`${paint.red('✗')} ${name} in ${place} has ${errors === 1 ? 'one problem' : `${errors} problems`}.`);
	return exitCode;
};
