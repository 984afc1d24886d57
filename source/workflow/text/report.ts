import {limits} from '../../limits.ts';
import type {Diagnostic} from '../diagnostics.ts';
import type {SourceText} from './source-text.ts';

/** Collects the problems of one file. Offsets count from the start of the source text. */
export interface Report {
	readonly source: SourceText;
	error(code: string, offset: number, message: string, suggestion?: string): void;
	warning(code: string, offset: number, message: string, suggestion?: string): void;
	errorCount(): number;
	/** True where so much is wrong that looking for more would only cost time. */
	isFull(): boolean;
	/** Sorted by position; at most `limits.diagnosticsMax`, errors before warnings where some must go. */
	diagnostics(): Diagnostic[];
}

const foundMax = limits.diagnosticsMax * 2;

export const createReport = (source: SourceText): Report => {
	const found = new Map<string, Diagnostic>();
	let errors = 0;

	const add = (
		severity: Diagnostic['severity'],
		code: string,
		offset: number,
		message: string,
		suggestion?: string,
	) => {
		if (severity === 'error') errors++;
		if (found.size >= foundMax) return;
		const {line, column} = source.positionOf(offset);
		const key = `${line}:${column}:${code}:${message}`;
		if (found.has(key)) return;
		found.set(key, {
			code,
			severity,
			message,
			file: source.file,
			line,
			column,
			source: source.lineAt(line),
			suggestion: suggestion || undefined,
		});
	};

	return {
		source,
		error: (...rest) => add('error', ...rest),
		warning: (...rest) => add('warning', ...rest),
		errorCount: () => errors,
		isFull: () => found.size >= foundMax,
		diagnostics: () => sorted(mostImportant([...found.values()], source)),
	};
};

/** Where some must go, errors stay before warnings, and one says that there are more. */
const mostImportant = (diagnostics: Diagnostic[], source: SourceText): Diagnostic[] => {
	if (diagnostics.length <= limits.diagnosticsMax) return diagnostics;
	const kept = sorted(diagnostics)
		.sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'))
		.slice(0, limits.diagnosticsMax - 1);
	const last = kept.at(-1)!;
	return [
		...kept,
		{
			code: 'diagnostics.too-many',
			severity: last.severity,
			message: `There are more problems than the ${limits.diagnosticsMax - 1} listed here.`,
			file: source.file,
			line: last.line,
			column: last.column,
			source: last.source,
			suggestion: 'Mend these first, then validate again.',
		},
	];
};

const sorted = (diagnostics: Diagnostic[]): Diagnostic[] =>
	diagnostics.sort((a, b) => a.line - b.line || a.column - b.column || a.code.localeCompare(b.code));
