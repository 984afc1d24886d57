import type {Nodes} from 'mdast';
import type {SourceText, TextRange} from '../text/source-text.ts';
import {commentsIn} from './comments.ts';
import type {Fence} from './fences.ts';
import {placeOf, type Section} from './outline.ts';

/** What of a section is for the agent or the person: its Markdown without comments and machine fences. */
export interface Prose {
	readonly text: string;
	/** @returns The place in the file of a character of `text`. */
	offsetOf(index: number): number;
}

export const proseOf = ({text}: SourceText, section: Section, fences: readonly Fence[]): Prose => {
	const dropped = [...fences.map(fence => wholeLines(text, fence, section)), ...commentsOf(text, section)];
	const kept: (TextRange & {readonly at: number})[] = [];
	let result = '';
	let start = section.start;
	for (const range of [...dropped.sort((a, b) => a.start - b.start), {start: section.end, end: section.end}]) {
		if (range.start > start) {
			kept.push({start, end: range.start, at: result.length});
			result += text.slice(start, range.start);
		}

		start = Math.max(start, range.end);
	}

	const leading = result.length - result.trimStart().length;
	const offsetOf = (index: number): number => {
		const at = index + leading;
		const piece = kept.findLast(candidate => candidate.at <= at);
		return piece ? piece.start + at - piece.at : section.start;
	};

	return {text: result.trim(), offsetOf};
};

const commentsOf = (text: string, section: Section): TextRange[] => {
	const found: TextRange[] = [];
	const visit = (node: Nodes, isTop: boolean): void => {
		if (node.type === 'html' || node.type === 'paragraph' || node.type === 'heading') {
			const {start, end} = placeOf(section, node);
			const piece = text.slice(start, end);
			const comments = commentsIn(piece, start, node.type === 'html');
			const isAlone = isTop && comments.length === 1 && comments[0]!.end - comments[0]!.start === piece.trim().length;
			found.push(...(isAlone ? [wholeLines(text, {start, end}, section)] : comments));
		} else if ('children' in node) {
			for (const child of node.children) visit(child, false);
		}
	};

	for (const node of section.nodes) visit(node, true);
	return found;
};

/** Takes the empty lines after a block along, so that no hole is left where it stood. */
const wholeLines = (text: string, {start, end}: TextRange, section: Section): TextRange => {
	let first = start;
	while (first > section.start && /[ \t]/.test(text[first - 1]!)) first--;
	const emptyLines = /(?:[ \t]*\n)*/y;
	emptyLines.lastIndex = end;
	return {start: first, end: Math.min(section.end, end + (emptyLines.exec(text)?.[0].length ?? 0))};
};
