import type {StyleName} from '../theme.ts';
import type {OutputLine} from './buffer.ts';

/** A line as it is shown where Markdown and diffs are rendered. */
export interface RenderedLine {
	readonly text: string;
	readonly style?: StyleName;
	/** Whether `**words**` in it are bold. */
	readonly isProse: boolean;
}

/** What the lines before say about a line. */
type Context = 'prose' | 'code' | 'diff' | 'diff in code';

interface Rendered {
	readonly before: Context;
	readonly after: Context;
	readonly line: RenderedLine;
}

/** A line is rendered once, however often the screen is drawn. */
const rendered = new WeakMap<OutputLine, Rendered>();
const prepared = new WeakSet<readonly OutputLine[]>();

/** @returns The line, once {@link prepareLines} has seen the lines that it is one of. */
export const renderedLineOf = (line: OutputLine): RenderedLine =>
	rendered.get(line)?.line ?? {text: line.text, isProse: false};

/** Renders what is new among these lines: what a fence or a diff makes of a line depends on those before it. */
export const prepareLines = (lines: readonly OutputLine[]): void => {
	if (prepared.has(lines)) return;
	prepared.add(lines);
	// Of an output that lost its oldest lines the first one left still knows what came before it.
	let context = (lines[0] && rendered.get(lines[0])?.before) ?? 'prose';
	for (const line of lines) {
		const known = rendered.get(line);
		if (known?.before === context) {
			context = known.after;
			continue;
		}

		const {after, look} = renderLine(line, context);
		rendered.set(line, {before: context, after, line: look});
		context = after;
	}
};

const renderLine = ({text, stream}: OutputLine, context: Context): {after: Context; look: RenderedLine} => {
	const plain = {text, isProse: false};
	// What goes to standard error comes in between: it is no part of a text.
	if (stream === 'stderr') return {after: context, look: plain};
	const fence = fencePattern.exec(text);
	if (fence) {
		const isClosing = context === 'code' || context === 'diff in code';
		const after = isClosing ? 'prose' : fence[2] === 'diff' || fence[2] === 'patch' ? 'diff in code' : 'code';
		return {after, look: {text, style: 'muted', isProse: false}};
	}

	if (context === 'code') return {after: context, look: {text, style: 'replay', isProse: false}};
	if (context === 'prose' && diffStart.test(text)) return {after: 'diff', look: diffLineOf(text)};
	if (context === 'diff in code' || (context === 'diff' && diffLine.test(text)))
		return {after: context, look: diffLineOf(text)};
	return {after: 'prose', look: proseLineOf(text)};
};

const fencePattern = /^\s*(```+|~~~+)\s*(\w*)[^`]*$/;
const diffStart = /^(?:diff --git |@@ -\d)/;
const diffLine = /^(?:[-+ @\\]|diff |index |new file|deleted file|rename |similarity |old mode|new mode|$)/;

const diffLineOf = (text: string): RenderedLine => ({text, style: diffStyleOf(text), isProse: false});

const diffStyleOf = (text: string): StyleName | undefined => {
	if (/^(?:\+\+\+|---) |^(?:diff|index) /.test(text)) return 'strong';
	switch (text[0]) {
		case '+':
			return 'completed';
		case '-':
			return 'failed';
		case '@':
			return 'running';
		default:
			return undefined;
	}
};

const proseLineOf = (text: string): RenderedLine => {
	const first = text.trimStart()[0];
	if (first === '#') {
		const heading = /^\s{0,3}#{1,6}\s+(.*?)\s*#*$/.exec(text);
		if (heading) return {text: heading[1]!.replaceAll('**', ''), style: 'strong', isProse: false};
	}

	if (first === '*' || first === '+') return {text: text.replace(/^(\s*)[*+](?=\s)/, '$1-'), isProse: true};
	if (first === '>') return {text, style: 'muted', isProse: true};
	return {text, isProse: true};
};
