import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, expect, test} from 'vitest';
import {AiworkflowError} from '../../source/errors.ts';
import {type Imported, importMarkdown} from '../../source/import/import.ts';
import type {Diagnostic} from '../../source/workflow/diagnostics.ts';
import {formatDiagnostic} from '../../source/workflow/format-diagnostic.ts';
import {parseWorkflow} from '../../source/workflow/parse.ts';
import {readMarkdown, readWorkflow} from '../../source/workflow-files.ts';
import {collection} from './collection/collection.ts';

/** Far more than any of them takes on a busy machine, and far less than what has no end. */
const fileMsMax = 20_000;

const root = mkdtempSync(path.join(tmpdir(), 'aiworkflow-collection-'));
afterAll(() => rmSync(root, {recursive: true, force: true}));
for (const {file, bytes} of collection) {
	mkdirSync(path.dirname(path.join(root, file)), {recursive: true});
	writeFileSync(path.join(root, file), bytes);
}

const diagnosticsOf = (error: unknown): readonly Diagnostic[] => {
	if (error instanceof AiworkflowError && error.diagnostics) return error.diagnostics;
	throw error;
};

/** As `aiworkflow workflow validate` reads it. */
const validated = async (file: string): Promise<readonly Diagnostic[]> =>
	readWorkflow(path.join(root, file)).then(({diagnostics}) => diagnostics, diagnosticsOf);

/** As `aiworkflow import` reads it. */
const imported = async (file: string, as?: 'prompt'): Promise<Imported> =>
	readMarkdown(path.join(root, file)).then(
		text => importMarkdown(text, file, {as}),
		error => ({kind: 'refused', problem: diagnosticsOf(error)[0]!}),
	);

const outcomes = new Map<string, string>();

const checkPlaces = (diagnostics: readonly Diagnostic[], file: string): void => {
	for (const diagnostic of diagnostics) {
		expect(diagnostic.line, file).toBeGreaterThanOrEqual(1);
		expect(diagnostic.message, file).toMatch(/\S/);
		expect(formatDiagnostic(diagnostic), file).not.toContain('undefined');
	}
};

const validationWords = (diagnostics: readonly Diagnostic[]): string => {
	const error = diagnostics.find(({severity}) => severity === 'error');
	return error ? `${error.code}:${error.line}` : 'valid';
};

const importWords = (result: Imported): string => {
	if (result.kind === 'refused') return `${result.problem.code}:${result.problem.line}`;
	const count = (outcome: string) => result.notes.filter(note => note.outcome === outcome).length;
	const error = result.diagnostics.find(({severity}) => severity === 'error');
	const validity = error ? `not valid yet (${error.code})` : 'valid';
	return `${result.format}, ${validity}, ${count('carried')} carried ${count('changed')} changed ${count('dropped')} not`;
};

test('the collection has two hundred files and more, each with a name of its own', () => {
	expect(collection.length).toBeGreaterThanOrEqual(200);
	expect(new Set(collection.map(({file}) => file)).size).toBe(collection.length);
});

test.each(collection.map(({file}) => [file]))(
	'%s is a workflow, or has a clear problem with a place',
	async file => {
		const startedAtMs = performance.now();
		const diagnostics = await validated(file);
		checkPlaces(diagnostics, file);
		for (const as of [undefined, 'prompt'] as const) {
			const result = await imported(file, as);
			if (as === undefined) outcomes.set(file, `${validationWords(diagnostics)} | ${importWords(result)}`);
			if (result.kind === 'refused') {
				checkPlaces([result.problem], file);
				expect(result.problem.suggestion, file).toMatch(/\S/);
				continue;
			}

			expect(result.isValid).toBe(parseWorkflow(result.text, 'w.md').definition !== undefined);
			checkPlaces(result.diagnostics, file);
			for (const note of result.notes) expect(note.line, `${file} ${note.what}`).toBeGreaterThanOrEqual(1);
			// Whatever a text has in it, as a prompt it is one step.
			if (as === 'prompt')
				expect({
					file,
					isValid: result.isValid,
					diagnostics: result.diagnostics.filter(({severity}) => severity === 'error'),
				}).toEqual({file, isValid: true, diagnostics: []});
		}

		expect(performance.now() - startedAtMs, file).toBeLessThan(fileMsMax);
	},
	60_000,
);

test('what becomes of each of them is written down', async () => {
	const lines = [...outcomes].map(([file, words]) => `${file} | ${words}`);
	expect(lines).toHaveLength(collection.length);
	await expect(`file | as a workflow | imported\n${lines.sort().join('\n')}\n`).toMatchFileSnapshot(
		'../goldens/collection.txt',
	);
});
