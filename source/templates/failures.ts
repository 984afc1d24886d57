import {AiworkflowError} from '../errors.ts';
import type {Diagnostic} from '../workflow/diagnostics.ts';
import {nearestOf} from '../workflow/text/nearest.ts';
import type {VariableProblem} from './values.ts';

export const templateInvalid = (folder: string, diagnostics: readonly Diagnostic[]) =>
	new AiworkflowError({
		code: 'template.invalid',
		message: `The template in ${folder} has mistakes.`,
		suggestion: 'Mend what is named above, or use another template.',
		diagnostics,
	});

export const templateNotFound = (id: string, known: readonly string[]) => {
	const meant = nearestOf(id, known);
	return new AiworkflowError({
		code: 'template.not-found',
		message: `There is no template "${id}".`,
		suggestion: meant ? `Did you mean \`${meant}\`?` : 'List them with `aiworkflow template list`.',
	});
};

export const variablesInvalid = (id: string, problems: readonly VariableProblem[]) =>
	new AiworkflowError({
		code: 'template.variables-invalid',
		message: `The template ${id} cannot be used with these values. ${problems.map(({message}) => message).join(' ')}`,
		suggestion: problems[0]?.suggestion,
	});

export const targetExists = (place: string) =>
	new AiworkflowError({
		code: 'template.target-exists',
		message: `${place} is there already; nothing was written.`,
		suggestion: 'Choose another place with `--to <folder>`, or overwrite it with `--force`.',
	});

export const targetUnwritable = (place: string, detail: string) =>
	new AiworkflowError({
		code: 'template.target-unwritable',
		message: `${place} cannot be written: ${detail}`,
		suggestion: 'Mend the permissions, or choose another place with `--to <folder>`.',
	});

/** @param what What a value would be more than a value in. */
export const valueMisfit = (what: string) =>
	new AiworkflowError({
		code: 'template.value-misfit',
		message: `A value would change ${what}; nothing was written.`,
		suggestion: 'Give a plainer text: without Markdown of its own, and without `${{` in any two values together.',
	});

export const resultInvalid = (id: string, diagnostics: readonly Diagnostic[]) =>
	new AiworkflowError({
		code: 'template.result-invalid',
		message: `With these values the template ${id} makes a workflow with mistakes; nothing was written.`,
		suggestion: 'Give other values, or mend the template.',
		diagnostics,
	});

export const cloneFailed = (address: string, detail: string) =>
	new AiworkflowError({
		code: 'template.unreachable',
		message: `The repository ${address} cannot be fetched: ${detail}`,
		suggestion: 'Check the address, and that `git clone` can read it without asking.',
		retryable: true,
	});

export const addressInvalid = (address: string, detail: string) =>
	new AiworkflowError({
		code: 'template.address-invalid',
		message: `${address} is not an address that templates are fetched from: ${detail}`,
		suggestion: 'Write `https://host/repository.git#path/to/template`, `git+ssh://…` or `git+file://…`.',
	});
