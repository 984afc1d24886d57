import path from 'node:path';
import type {Diagnostic} from '../workflow/diagnostics.ts';
import type {Output} from './output.ts';

/** The problems of a workflow file on standard error, the file named as seen from here. */
export const tellDiagnostics = async (diagnostics: readonly Diagnostic[], output: Output): Promise<void> => {
	// Loaded only where there is something to tell.
	if (diagnostics.length === 0) return;
	const {formatDiagnostic} = await import('../workflow/format-diagnostic.ts');
	for (const diagnostic of diagnostics)
		output.note(`${formatDiagnostic(diagnostic, {file: fromHere(diagnostic.file)})}\n`);
};

const fromHere = (file: string): string => {
	const relative = path.relative(process.cwd(), file);
	return relative.startsWith('..') ? file : relative;
};
