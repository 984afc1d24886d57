import type {RootContent} from 'mdast';
import {blocksOf} from '../workflow/markdown/outline.ts';
import {isFenceClosed, openingOf} from '../workflow/markdown/unclosed.ts';
import type {Notes} from './notes.ts';

interface Edit {
	readonly start: number;
	readonly end: number;
	readonly text: string;
}

/**
 * Makes a Markdown text one that stays text inside a step: its headings begin no steps, its fences are no scripts, its
 * braces no expressions.
 *
 * @param lineOf Line of the imported file for an offset in the body.
 */
export const promptTextOf = (body: string, notes: Notes, lineOf: (offset: number) => number): string => {
	const nodes = blocksOf(body);
	const depths = nodes.flatMap(node => (node.type === 'heading' ? [node.depth as number] : []));
	const deeper = Math.max(0, 3 - Math.min(3, ...depths));
	const edits = nodes.flatMap(node => editsOf(node, body, deeper, notes, lineOf));
	if (deeper > 0)
		notes.changed(
			lineOf(0),
			'headings',
			`are ${deeper} ${deeper === 1 ? 'level' : 'levels'} deeper, so that none of them begins a step`,
		);
	const comment = nodes.find(node => node.type === 'html' && sourceOf(node, body).startsWith('<!--'));
	if (comment) notes.changed(lineOf(startOf(comment)), 'HTML comments', 'stay in the file; no agent sees them');
	return escaped(applied(body, edits), body, notes, lineOf);
};

const editsOf = (
	node: RootContent,
	body: string,
	deeper: number,
	notes: Notes,
	lineOf: (offset: number) => number,
): readonly Edit[] => {
	const [start, end] = [startOf(node), endOf(node)];
	const source = body.slice(start, end);
	if (node.type === 'heading' && deeper > 0) {
		return [{start, end, text: `${'#'.repeat(Math.min(6, node.depth + deeper))} ${headingWords(source)}`}];
	}

	if (node.type === 'html' && source.startsWith('<!--') && !source.includes('-->')) {
		notes.changed(lineOf(start), 'a comment', 'was never closed; it ends with the text');
		return [{start: end, end, text: '\n-->'}];
	}

	if (node.type !== 'code') return [];
	const opening = openingOf(source);
	if (!opening) return [];
	const edits: Edit[] = [];
	const [role] = (node.meta ?? '').trim().split(/\s+/);
	if (role === 'run' || role === 'step' || role === 'undo') {
		const firstLine = source.split('\n', 1)[0]!;
		notes.changed(
			lineOf(start),
			`\`${node.lang} ${role}\` fence`,
			'is text: its second word would make it part of a step',
		);
		edits.push({start, end: start + firstLine.length, text: `${opening}${node.lang}`});
	}

	if (!isFenceClosed(source)) {
		notes.changed(lineOf(start), 'a code fence', 'was never closed; it ends with the text');
		edits.push({start: end, end, text: `${source.endsWith('\n') ? '' : '\n'}${opening}`});
	}

	return edits;
};

/** The text of a heading, written either way; its inner markup stays. */
export const headingWords = (source: string): string => {
	if (!/^ {0,3}#/.test(source))
		return source
			.replace(/\n[^\n]*$/, '')
			.split('\n')
			.map(line => line.trim())
			.join(' ');
	const text = source.replace(/^ {0,3}#+[ \t]*/, '').trimEnd();
	let end = text.length;
	while (text[end - 1] === '#') end--;
	const isClosing = end < text.length && (end === 0 || text[end - 1] === ' ' || text[end - 1] === '\t');
	return isClosing ? text.slice(0, end).trimEnd() : text;
};

const escaped = (text: string, body: string, notes: Notes, lineOf: (offset: number) => number): string => {
	const first = body.indexOf('${{');
	if (first === -1) return text;
	notes.changed(lineOf(first), '`${{`', 'is text here, not an expression; it is written `$${{`');
	return escapeExpressions(text);
};

/** `$${{` is a literal `${{`. */
export const escapeExpressions = (text: string): string => text.replaceAll('${{', () => '$${{');

const applied = (text: string, edits: readonly Edit[]): string => {
	let result = '';
	let at = 0;
	for (const edit of edits) {
		result += text.slice(at, edit.start) + edit.text;
		at = edit.end;
	}

	return result + text.slice(at);
};

const startOf = (node: RootContent) => node.position?.start.offset ?? 0;
const endOf = (node: RootContent) => node.position?.end.offset ?? 0;
const sourceOf = (node: RootContent, body: string) => body.slice(startOf(node), endOf(node));
