import {type Document, parseDocument} from 'yaml';
import {formatSize} from '../../units.ts';
import type {Report} from '../text/report.ts';
import type {TextRange} from '../text/source-text.ts';
import {convertDocument} from './convert.ts';
import {withQuotes} from './quoted.ts';
import {firstSyntaxProblem} from './syntax-errors.ts';
import type {YamlNode} from './tree.ts';
import {unquotedExpressions} from './unquoted.ts';

export interface YamlReading {
	readonly root: YamlNode;
	/** There was a syntax error: `root` is a guess, and what follows from it would be noise. */
	readonly isBroken: boolean;
}

/** Settings, not data: what is wrong in more than this takes very long to say. */
const lengthMax = 256_000;

/**
 * Reads YAML that stands in the file at `offset`. Problems go to the report.
 *
 * @param text Must be a slice of the source text.
 */
export const readYaml = (report: Report, text: string, offset: number): YamlReading => {
	if (text.length > lengthMax) {
		const message = `This YAML is longer than ${formatSize(lengthMax)}.`;
		report.error('yaml.too-large', offset, message, 'Move data and long texts into files of their own.');
		return {root: {kind: 'broken', start: offset}, isBroken: true};
	}

	const document = parsed(text);
	const ranges = document.errors.length > 0 ? unquotedExpressions(text) : [];
	if (ranges.length === 0) return finished(report, document, text, at => offset + at);
	const quoted = withQuotes(text, ranges);
	reportUnquoted(report, text, quoted.text, ranges, offset);
	return finished(report, parsed(quoted.text), quoted.text, at => offset + quoted.originalOffsetOf(at));
};

/** Duplicate keys are found while converting: the parser's own check is quadratic. */
const parsed = (text: string): Document => parseDocument(text, {prettyErrors: false, uniqueKeys: false});

const finished = (
	report: Report,
	document: Document,
	text: string,
	fileOffset: (at: number) => number,
): YamlReading => {
	const problem = firstSyntaxProblem(document, text);
	if (problem) report.error('yaml.invalid', fileOffset(problem.start), problem.message, problem.suggestion);
	const root = convertDocument({report, document, text, fileOffset, isSilent: problem !== undefined});
	return {root, isBroken: problem !== undefined || root.kind === 'broken'};
};

/** One problem for each line, however many errors the YAML parser found in it. */
const reportUnquoted = (
	report: Report,
	text: string,
	quotedText: string,
	ranges: readonly TextRange[],
	offset: number,
): void => {
	const quotedLines = quotedText.split('\n');
	const seen = new Set<number>();
	let row = 0;
	let at = 0;
	for (const {start} of ranges) {
		row += text.slice(at, start).split('\n').length - 1;
		at = start;
		if (seen.has(row)) continue;
		seen.add(row);
		const message = 'An expression inside `{ }` or `[ ]` must be quoted.';
		report.error('yaml.unquoted-expression', offset + start, message, `Write \`${quotedLines[row]!.trim()}\`.`);
	}
};
