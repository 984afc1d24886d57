import stringWidth from 'string-width';
import type {Diagnostic} from './diagnostics.ts';

/**
 * Plain text, several lines: where and what, the line itself with a caret, what to do.
 *
 * @param options.file What to call the file instead, a relative path for instance.
 */
export const formatDiagnostic = (diagnostic: Diagnostic, options: {readonly file?: string} = {}): string => {
	const {line, column, severity, message, source, suggestion} = diagnostic;
	const lines = [`${options.file ?? diagnostic.file}:${line}:${column} ${severity} ${message}`];
	if (source !== undefined && source.trim() !== '') lines.push(...quotedLine(source, line, column));
	if (suggestion) lines.push(`  ${suggestion}`);
	return lines.map(text => text.replaceAll(unprintable, '\uFFFD')).join('\n');
};

/** A file must not be able to drive the terminal. */
const unprintable = /[\u0000-\u0008\u000A-\u001F\u007F-\u009F]/g;

const widthMax = 100;

const quotedLine = (source: string, line: number, column: number): readonly string[] => {
	// A long line is shown around the place, so that the caret stays on the screen.
	const start = column > widthMax ? column - Math.floor(widthMax / 2) : 0;
	const shown = `${start > 0 ? '…' : ''}${source.slice(start, start + widthMax)}`.trimEnd();
	const before = `${start > 0 ? '…' : ''}${source.slice(start, column - 1)}`;
	const gutter = `  ${line} | `;
	if (column - 1 > source.length) return [gutter + shown];
	return [gutter + shown, `${' '.repeat(gutter.length - 2)}| ${blankOf(before)}^`];
};

/** As wide as the text on a terminal; tabs stay tabs. */
const blankOf = (text: string): string =>
	text
		.split('\t')
		.map(piece => ' '.repeat(stringWidth(piece)))
		.join('\t');
