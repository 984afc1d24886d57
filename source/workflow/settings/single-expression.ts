import type {ExpressionSite, PlaceKind} from '../expression/site.ts';
import {hasExpression, splitTemplate} from '../expression/template.ts';
import type {Report} from '../text/report.ts';
import type {YamlScalar} from '../yaml/tree.ts';

/**
 * Reads a text that is one expression, with or without `${{ }}`.
 *
 * @param mixed What is wrong with braces and other text together, and the mend.
 * @returns `undefined` where it is not one; the reason is in the report.
 */
export const readSingleExpression = (
	report: Report,
	{text, offsetOf}: YamlScalar,
	place: PlaceKind,
	mixed: {readonly message: string; readonly suggestion: string},
): ExpressionSite | undefined => {
	if (!hasExpression(text)) return {expression: text, place, offsetOf};
	const leading = text.length - text.trimStart().length;
	const [only, ...others] = splitTemplate(text.trim());
	if (only?.kind === 'expression' && others.length === 0) {
		return {expression: only.text, place, offsetOf: index => offsetOf(leading + only.textStart + index)};
	}

	const start = offsetOf(text.indexOf('${{'));
	if (only?.kind === 'unclosed') {
		report.error('expression.unclosed', start, 'This `${{` has no closing `}}`.', 'Close it, or leave the braces out.');
	} else {
		report.error(`${place}.mixed`, start, mixed.message, mixed.suggestion);
	}

	return undefined;
};
