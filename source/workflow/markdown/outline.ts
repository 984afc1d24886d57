import type {Nodes, RootContent} from 'mdast';
import {fromMarkdown} from 'mdast-util-from-markdown';
import {limits} from '../../limits.ts';
import type {Report} from '../text/report.ts';
import {reportUnclosed} from './unclosed.ts';

/** The file cut at its headings. */
export interface Outline {
	/** Text of the first level-1 heading. */
	readonly title?: string;
	/** What stands between the title and the first step. */
	readonly introduction: Section;
	/** At most one more than `limits.stepsMax`. */
	readonly steps: readonly StepSection[];
}

/** A stretch of the file; `start` is after its heading. */
export interface Section {
	readonly start: number;
	readonly end: number;
	readonly nodes: readonly RootContent[];
	/** Add it to a node's offset to have its place in the file. */
	readonly nodeOffset: number;
}

export interface StepSection extends Section {
	readonly title: string;
	readonly headingStart: number;
}

export const placeOf = (section: Section, node: Nodes): {readonly start: number; readonly end: number} => ({
	start: section.nodeOffset + (node.position?.start.offset ?? 0),
	end: section.nodeOffset + (node.position?.end.offset ?? 0),
});

export const outlineOf = (report: Report, bodyStart: number): Outline => {
	const {text} = report.source;
	const body = text.slice(bodyStart);
	const nodes = isTooCostly(report, body, bodyStart) ? [] : blocksOf(body);
	const firstTitle = nodes.findIndex(node => isHeading(node, 1));
	const nextTitle = nodes.findIndex((node, index) => index > firstTitle && isHeading(node, 1));
	const last = firstTitle === -1 || nextTitle === -1 ? nodes.length : nextTitle;
	const end = last < nodes.length ? bodyStart + offsetOf(nodes[last]!) : text.length;
	reportUnclosed(report, nodes.slice(0, last), bodyStart);
	reportNearHeadings(report, nodes.slice(0, last), bodyStart);
	reportEarlyHeadings(report, nodes.slice(0, Math.max(0, firstTitle)), bodyStart);

	const sections: StepSection[] = [];
	const headings = nodes.flatMap((node, index) =>
		index > firstTitle && index < last && isHeading(node, 2) ? [index] : [],
	);
	const starts = [...headings, last];
	const sectionOf = (heading: number, next: number): Section => ({
		start: bodyStart + (heading === -1 ? 0 : endOffsetOf(nodes[heading]!)),
		end: next < nodes.length ? bodyStart + offsetOf(nodes[next]!) : end,
		nodes: nodes.slice(heading + 1, next),
		nodeOffset: bodyStart,
	});
	for (const [index, heading] of starts.slice(0, Math.min(starts.length - 1, limits.stepsMax + 1)).entries()) {
		const node = nodes[heading]!;
		const headingStart = bodyStart + offsetOf(node);
		const title = headingText(text.slice(headingStart, bodyStart + endOffsetOf(node)));
		sections.push({...sectionOf(heading, starts[index + 1]!), title, headingStart});
	}

	const titleNode = nodes[firstTitle];
	return {
		title: titleNode && headingText(text.slice(bodyStart + offsetOf(titleNode), bodyStart + endOffsetOf(titleNode))),
		introduction: sectionOf(firstTitle, starts[0]!),
		steps: sections,
	};
};

/** Only blocks are of interest; emphasis, links and the like cost time, some of them quadratically. */
const blocksOnly = {
	disable: {
		null: [
			'attention',
			'autolink',
			'characterEscape',
			'characterReference',
			'codeText',
			'definition',
			'hardBreakEscape',
			'htmlText',
			'labelEnd',
			'labelStartImage',
			'labelStartLink',
		],
	},
};

/** A line of very many `>` or list markers takes a Markdown parser minutes. */
const nestingPattern = /^(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t]))){48}/m;

const underlinePattern = /[^\n]\n {0,3}(?:=+|-+)[ \t]*$/gm;

export interface CostlyPlace {
	readonly code: string;
	/** Where it stands in the body. */
	readonly at: number;
	readonly message: string;
	readonly suggestion: string;
}

/** @returns What would keep a Markdown parser busy for minutes; `undefined` where nothing would. */
export const costlyPlaceOf = (body: string): CostlyPlace | undefined => {
	const nested = nestingPattern.exec(body);
	if (nested) {
		const message = 'This line nests more than 48 quotes or lists.';
		const suggestion = 'Flatten it, or put the text in a file.';
		return {code: 'markdown.too-deep', at: nested.index, message, suggestion};
	}

	const underlined = [...body.matchAll(underlinePattern)][limits.underlinedHeadingsMax];
	if (!underlined) return undefined;
	const message = `This file has more than ${limits.underlinedHeadingsMax} headings underlined with \`===\` or \`---\`.`;
	const suggestion = 'Begin headings with `#` instead.';
	return {code: 'markdown.too-large', at: underlined.index + 2, message, suggestion};
};

const isTooCostly = (report: Report, body: string, bodyStart: number): boolean => {
	const place = costlyPlaceOf(body);
	if (place) report.error(place.code, bodyStart + place.at, place.message, place.suggestion);
	return place !== undefined;
};

/** The blocks of a Markdown text; what stands inside of a paragraph is not looked at. */
export const blocksOf = (body: string): readonly RootContent[] =>
	fromMarkdown(body, {extensions: [blocksOnly]}).children;

const nearHeadingPattern =
	/^ {0,3}(?:##(?=[^\s#])|##?(?=[\u00A0\u2007\u202F\u3000]))[\u00A0\u2007\u202F\u3000]*(.*)$/gm;

/** `##Fix it` is text to every Markdown parser, and with it the step would be part of the one above. */
const reportNearHeadings = (report: Report, nodes: readonly RootContent[], bodyStart: number): void => {
	for (const node of nodes) {
		if (node.type !== 'paragraph') continue;
		const start = bodyStart + offsetOf(node);
		for (const match of report.source.text.slice(start, bodyStart + endOffsetOf(node)).matchAll(nearHeadingPattern)) {
			const signs = /^ *##(?!#)/.test(match[0]) ? '##' : '#';
			const message = `This line is text, not a heading: a usual space must follow the \`${signs}\`.`;
			const suggestion = `Write \`${signs} ${match[1]!.slice(0, 60)}\`.`;
			report.warning('heading.space-missing', start + match.index, message, suggestion);
		}
	}
};

const reportEarlyHeadings = (report: Report, nodes: readonly RootContent[], bodyStart: number): void => {
	for (const node of nodes) {
		if (!isHeading(node, 2)) continue;
		const message = 'This heading stands before the first level-1 heading, so it is not a step.';
		report.warning('step.outside', bodyStart + offsetOf(node), message, 'Move it below the `#` heading.');
	}
};

/** The heading as a reader sees it: without markup, on one line. */
const headingText = (source: string): string => {
	const plain = plainHeading.exec(source)?.[1];
	if (plain !== undefined) return plain.trimEnd();
	const [heading] = fromMarkdown(source.slice(0, headingLengthMax)).children;
	return heading ? textOf(heading).replaceAll(/\s+/g, ' ').trim() : '';
};

/** Most headings have no markup, and a parser is not started for nothing. */
const plainHeading = /^##? +([^\\`*_[\]<>&!#\n]+)$/;

const headingLengthMax = 500;

const textOf = (node: Nodes): string => {
	if ('children' in node) return node.children.map(child => textOf(child)).join('');
	if (node.type === 'text' || node.type === 'inlineCode') return node.value;
	return node.type === 'break' ? ' ' : '';
};

const isHeading = (node: RootContent, depth: number) => node.type === 'heading' && node.depth === depth;
const offsetOf = (node: RootContent) => node.position?.start.offset ?? 0;
const endOffsetOf = (node: RootContent) => node.position?.end.offset ?? 0;
