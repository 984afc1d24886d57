import type {ExpressionSite} from '../expression/site.ts';
import {hasExpression, splitTemplate} from '../expression/template.ts';
import type {Report} from '../text/report.ts';
import {nounOf, type YamlEntry} from '../yaml/tree.ts';

/** Reads `if:`, an expression with or without `${{ }}`. */
export const readCondition = (report: Report, {key, value}: YamlEntry): ExpressionSite | undefined => {
	if (value.kind === 'broken') return undefined;
	if (value.kind !== 'scalar' || value.text.trim() === '') {
		const message = `\`${key}\` must be an expression, not ${nounOf(value)}.`;
		report.error('value.invalid', value.start, message, `Write \`${key}: steps.<id>.outputs.<name> == 'value'\`.`);
		return undefined;
	}

	const {text, offsetOf} = value;
	if (!hasExpression(text)) return {expression: text, place: 'if', offsetOf};
	const leading = text.length - text.trimStart().length;
	const [only, ...others] = splitTemplate(text.trim());
	if (only?.kind === 'expression' && others.length === 0) {
		return {expression: only.text, place: 'if', offsetOf: index => offsetOf(leading + only.textStart + index)};
	}

	const start = offsetOf(text.indexOf('${{'));
	if (only?.kind === 'unclosed') {
		report.error('expression.unclosed', start, 'This `${{` has no closing `}}`.', 'Close it, or leave the braces out.');
		return undefined;
	}

	const message = `\`${key}\` mixes \`\${{ }}\` with other text, which would always be true.`;
	report.error('if.mixed', start, message, 'Write one expression, without braces or with all of it inside them.');
	return undefined;
};
