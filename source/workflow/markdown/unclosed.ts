import type {RootContent} from 'mdast';
import type {Report} from '../text/report.ts';

/** A comment or a fence that is never closed hides every step after it. */
export const reportUnclosed = (report: Report, nodes: readonly RootContent[], nodeOffset: number): void => {
	for (const node of nodes) {
		if (node.type !== 'html' && node.type !== 'code') continue;
		const start = nodeOffset + (node.position?.start.offset ?? 0);
		const source = report.source.text.slice(start, nodeOffset + (node.position?.end.offset ?? 0));
		if (node.type === 'html' && source.startsWith('<!--') && !source.includes('-->')) {
			const message = 'The comment that starts here is never closed: it hides the rest of the file.';
			report.error('comment.unclosed', start, message, 'End it with `-->`.');
		}

		const opening = node.type === 'code' ? openingOf(source) : undefined;
		if (opening && !isFenceClosed(source)) {
			const message = 'The code fence that starts here is never closed: it takes in the rest of the file.';
			report.error('fence.unclosed', start, message, `End it with a line \`${opening.slice(0, 20)}\`.`);
		}
	}
};

/** @returns The backticks or tildes a fence begins with; `undefined` for indented code. */
export const openingOf = (source: string): string | undefined => /^(?:`{3,}|~{3,})/.exec(source)?.[0];

export const isFenceClosed = (source: string): boolean => {
	const opening = openingOf(source);
	const lastLineStart = source.lastIndexOf('\n') + 1;
	if (!opening || lastLineStart === 0) return false;
	const last = source.slice(lastLineStart).trim();
	return last.length >= opening.length && last === opening[0]!.repeat(last.length);
};
