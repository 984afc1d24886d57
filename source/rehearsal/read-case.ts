import {readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import type {z} from 'zod';
import {limits} from '../limits.ts';
import {formatSize, parseDurationMs} from '../units.ts';
import type {Diagnostic} from '../workflow/diagnostics.ts';
import {didYouMean} from '../workflow/text/nearest.ts';
import type {CaseReading, TestCase} from './case.ts';
import {caseKeys, caseSchema, costKeys, expectKeys} from './case-schema.ts';
import {type CaseParts, partsOfMarkdown} from './markdown-case.ts';
import {type Position, readYamlPart} from './yaml-part.ts';

/** Reads the file of a case: YAML, or Markdown with frontmatter and a heading `## expect`. */
export const readCase = async (file: string): Promise<CaseReading> => {
	const {size} = await stat(file);
	const sizeMax = limits.testCaseBytesMax;
	if (size > sizeMax) return invalid(file, '', [{message: `This file is larger than ${formatSize(sizeMax)}.`}]);
	const text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
	return caseOf(file, text);
};

/** The same of a text. Pure. */
export const caseOf = (file: string, text: string): CaseReading => {
	const parts: CaseParts = file.endsWith('.md') ? partsOfMarkdown(text) : {settings: readYamlPart(text, 0)};
	const broken = [parts.settings, parts.expect].flatMap(part => part?.error ?? []);
	if (broken.length > 0) return invalid(file, text, broken);
	const positionOf = (at: readonly PropertyKey[]): Position =>
		parts.expect && at[0] === 'expect' ? parts.expect.positionOf(at.slice(1)) : parts.settings.positionOf(at);
	const content = (parts.settings.content ?? {}) as Record<string, unknown>;
	if (parts.expect && typeof content === 'object' && 'expect' in content) {
		const message = '`expect` stands in the frontmatter and under `## expect`.';
		return invalid(file, text, [{message, position: parts.settings.positionOf(['expect'])}]);
	}

	const parsed = caseSchema.safeParse(parts.expect ? {...content, expect: parts.expect.content ?? {}} : content);
	if (!parsed.success) {
		const problems = parsed.error.issues.flatMap(problemsOf);
		return invalid(
			file,
			text,
			problems.map(({path: at, ...problem}) => ({...problem, position: positionOf(at)})),
		);
	}

	return {case: testCaseOf(file, parsed.data, parts.title, positionOf)};
};

const testCaseOf = (
	file: string,
	{title, workflow, files, timeout, expect: {cost, ...expect}, ...rest}: z.output<typeof caseSchema>,
	titleOfText: string | undefined,
	positionOf: (at: readonly PropertyKey[]) => Position,
): TestCase => {
	const folder = path.dirname(file);
	return {
		...rest,
		title: title ?? titleOfText ?? titleOf(file),
		file,
		workflow: workflow === undefined ? undefined : path.resolve(folder, workflow),
		files: typeof files === 'string' ? path.resolve(folder, files) : files,
		timeoutMs: (timeout === undefined ? undefined : parseDurationMs(timeout)) ?? limits.testCaseMs,
		expect: {...expect, costUsdMax: cost?.['max-usd']},
		placeOf: at => ({file, line: positionOf(at).line}),
	};
};

const titleOf = (file: string) => path.basename(file).replace(/(?:\.test)?\.(?:ya?ml|md)$/, '');

interface Problem {
	readonly path: readonly PropertyKey[];
	readonly message: string;
	readonly suggestion?: string;
}

const problemsOf = (issue: z.core.$ZodIssue): Problem[] => {
	const where = issue.path.join('.');
	if (issue.code !== 'unrecognized_keys') {
		const message = where === '' ? 'A case is a mapping of settings.' : `\`${where}\`: ${issue.message}`;
		return [{path: issue.path, message}];
	}

	const known = where === '' ? caseKeys : where === 'expect' ? expectKeys : where === 'expect.cost' ? costKeys : [];
	return issue.keys.map(key => ({
		path: [...issue.path, key],
		message: `A case has no setting \`${[...issue.path, key].join('.')}\`.`,
		suggestion: didYouMean(key, known, 'docs/testing.md lists them all.'),
	}));
};

const invalid = (
	file: string,
	text: string,
	problems: ReadonlyArray<{readonly message: string; readonly suggestion?: string; readonly position?: Position}>,
): CaseReading => ({
	file,
	diagnostics: problems.map(
		({message, suggestion, position = {line: 1, column: 1}}): Diagnostic => ({
			code: 'test.invalid',
			severity: 'error',
			message,
			file,
			...position,
			source: text.split('\n')[position.line - 1]?.slice(0, 200),
			suggestion: suggestion ?? 'docs/testing.md describes the file of a case.',
		}),
	),
});
