import {limits} from '../limits.ts';
import {formatSize} from '../units.ts';
import {type Diagnostic, hasErrors} from '../workflow/diagnostics.ts';
import {costlyPlaceOf} from '../workflow/markdown/outline.ts';
import {parseWorkflow} from '../workflow/parse.ts';
import {detectFormat, type ImportFormat} from './detect.ts';
import type {Draft} from './draft.ts';
import {readActionBlocks} from './formats/action-blocks.ts';
import {readClaudeAgent, readClaudeCommand, readSkill} from './formats/claude.ts';
import {readGhAw} from './formats/gh-aw.ts';
import {readPrompt} from './formats/prompt.ts';
import {draftName} from './formats/shared.ts';
import {createNotes, type ImportNote, type Notes} from './notes.ts';
import {type SourceFile, sourceFileOf, stemOf} from './source-file.ts';
import {writeWorkflow} from './write-workflow.ts';

export type Imported =
	| {
			readonly kind: 'workflow';
			/** `workflow`: it was one already, and is taken as it is. */
			readonly format: ImportFormat | 'workflow';
			/** Fit for the name of a file. */
			readonly name: string;
			/** The workflow file. */
			readonly text: string;
			readonly notes: readonly ImportNote[];
			/** Of the workflow file. With errors it does not run as it is. */
			readonly diagnostics: readonly Diagnostic[];
			readonly isValid: boolean;
	  }
	/** Nothing that a workflow could be made of; the place is in the imported file. */
	| {readonly kind: 'refused'; readonly problem: Diagnostic};

export interface ImportOptions {
	/** What it is, where that is known better than can be told from it. */
	readonly as?: ImportFormat;
	/** Where the files that belong to it will be, from the workspace. */
	readonly beside?: string;
}

const readers: Readonly<Record<ImportFormat, (source: SourceFile, notes: Notes) => Draft>> = {
	skill: readSkill,
	'claude-agent': readClaudeAgent,
	'claude-command': readClaudeCommand,
	'gh-aw': readGhAw,
	'action-blocks': readActionBlocks,
	prompt: readPrompt,
};

/**
 * Makes a workflow of the Markdown file of another tool. Pure; nothing in the file is executed or evaluated.
 *
 * @param file Its path from the workspace: folders and name tell what it is for.
 */
export const importMarkdown = (raw: string, file: string, {as, beside}: ImportOptions = {}): Imported => {
	const refusal = unreadable(raw, file);
	if (refusal) return {kind: 'refused', problem: refusal};
	const source = sourceFileOf(raw, file, beside);
	const costly = costlyPlaceOf(source.body);
	if (costly) return refused(source, source.lineOf(costly.at), costly.code, costly.message, costly.suggestion);
	const detected = as === undefined ? detectFormat(source) : ({kind: 'format', format: as} as const);
	if (detected.kind === 'unknown') return unknownFormat(source);
	if (detected.kind === 'workflow') return finished('workflow', stemOf(file), source.text, createNotes());
	if (withoutComments(source.body).trim() === '')
		return refused(
			source,
			source.bodyLine,
			'import.empty',
			'This file has no text to make a prompt of.',
			'Write the text below the settings.',
		);
	const notes = createNotes();
	const draft = readers[detected.format](source, notes);
	if (draft.steps.length === 0)
		return refused(
			source,
			source.bodyLine,
			'import.no-steps',
			'None of its blocks could become a step.',
			stepsAdvice(notes),
		);
	return finished(detected.format, draft.name, writeWorkflow(draft), notes);
};

/** No agent sees comments. */
const withoutComments = (body: string) => body.replaceAll(/<!--[\s\S]*?(?:-->|$)/g, '');

const finished = (format: ImportFormat | 'workflow', name: string, text: string, notes: Notes): Imported => {
	const fileName = draftName(name);
	const {diagnostics} = parseWorkflow(text, `${fileName}.md`);
	return {
		kind: 'workflow',
		format,
		name: fileName,
		text,
		notes: notes.list(),
		diagnostics,
		isValid: !hasErrors(diagnostics),
	};
};

const stepsAdvice = (notes: Notes): string => {
	const first = notes.list().find(({outcome}) => outcome === 'dropped');
	return first ? `Line ${first.line}: ${first.what} ${first.detail}.` : 'Name it with `--as`.';
};

const refused = (source: SourceFile, line: number, code: string, message: string, suggestion: string): Imported => {
	const text = source.text.split('\n')[line - 1]?.slice(0, 240);
	const problem: Diagnostic = {
		code,
		severity: 'error',
		message,
		file: source.file,
		line,
		column: 1,
		source: text,
		suggestion,
	};
	return {kind: 'refused', problem};
};

const unknownFormat = (source: SourceFile): Imported =>
	refused(
		source,
		1,
		'import.format-unknown',
		'This is none of the formats that are told apart by their place and settings.',
		'Say what it is with `--as skill`, `claude-agent`, `claude-command`, `gh-aw` or `action-blocks`; `--as prompt` makes its text the prompt of one agent step.',
	);

/** What no parser should be given. */
const unreadable = (raw: string, file: string): Diagnostic | undefined => {
	const problem = (at: number, code: string, message: string, suggestion: string): Diagnostic => {
		const before = raw.slice(0, at).split(/\r\n?|\n/);
		return {code, severity: 'error', message, file, line: before.length, column: before.at(-1)!.length + 1, suggestion};
	};

	if (Buffer.byteLength(raw) > limits.workflowBytesMax)
		return problem(
			0,
			'file.too-large',
			`This file is larger than ${formatSize(limits.workflowBytesMax)}, the limit for a workflow.`,
			'Import a part of it.',
		);
	if (raw.split('\n', limits.workflowLinesMax + 1).length > limits.workflowLinesMax)
		return problem(
			0,
			'file.too-large',
			`This file has more than ${limits.workflowLinesMax} lines, the limit for a workflow.`,
			'Import a part of it.',
		);
	const binaryAt = raw.indexOf('\0');
	if (binaryAt !== -1)
		return problem(
			binaryAt,
			'file.binary',
			'This file holds binary data; a workflow is a Markdown text.',
			'Name a Markdown file.',
		);
	if (raw.trim() === '') return problem(0, 'file.empty', 'This file is empty.', 'Name a file with a text.');
	return undefined;
};
