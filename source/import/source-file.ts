import {sourceTextOf} from '../workflow/text/source-text.ts';
import {type FrontMatter, readFrontMatter} from './front-matter.ts';

/** A Markdown file of another tool, cut into its front matter and its text. */
export interface SourceFile {
	/** As it is named to people; its folders and its name say which tool it is for. */
	readonly file: string;
	/** No byte order mark, every line ending a line feed. */
	readonly text: string;
	/** Missing where it has none. */
	readonly front?: FrontMatter;
	readonly body: string;
	/** Line of the file that the body begins on. */
	readonly bodyLine: number;
	/** @param offset In the body. @returns 1-based line of the file. */
	lineOf(offset: number): number;
	/** Where the files that belong to it will be, from the workspace. */
	readonly beside?: string;
}

export const sourceFileOf = (raw: string, file: string, beside?: string): SourceFile => {
	const {text} = sourceTextOf(raw, file);
	const {front, bodyStart} = readFrontMatter(text);
	const body = text.slice(bodyStart);
	const bodyText = sourceTextOf(body, file);
	const bodyLine = text.slice(0, bodyStart).split('\n').length;
	return {beside, file, text, front, body, bodyLine, lineOf: offset => bodyLine + bodyText.positionOf(offset).line - 1};
};

/** Folders and name, in small letters. */
export const pathPartsOf = (file: string): readonly string[] => file.toLowerCase().split(/[\\/]+/);

/** `.claude/commands/fix-issue.md` → `fix-issue`; a file that is called what all of them are is known by its folder. */
export const stemOf = (file: string): string => {
	const parts = file.split(/[\\/]+/).filter(part => part !== '');
	const name = (parts.at(-1) ?? '').replace(/\.(md|mdc|markdown|mdx)$/i, '');
	return /^(skill|workflow|main|readme|index)$/i.test(name) && parts.length > 1 ? parts.at(-2)! : name;
};
