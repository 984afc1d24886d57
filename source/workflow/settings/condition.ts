import type {ExpressionSite} from '../expression/site.ts';
import type {Report} from '../text/report.ts';
import {nounOf, type YamlEntry} from '../yaml/tree.ts';
import {readSingleExpression} from './single-expression.ts';

/** Reads `if:` or `until:`, an expression with or without `${{ }}`. */
export const readCondition =
	(place: 'if' | 'until' | 'trigger-if') =>
	(report: Report, {key, value}: YamlEntry): ExpressionSite | undefined => {
		if (value.kind === 'broken') return undefined;
		if (value.kind === 'scalar' && value.text.trim() !== '') {
			return readSingleExpression(report, value, place, {
				message: `\`${key}\` mixes \`\${{ }}\` with other text, which would always be true.`,
				suggestion: 'Write one expression, without braces or with all of it inside them.',
			});
		}

		const message = `\`${key}\` must be an expression, not ${nounOf(value)}.`;
		report.error('value.invalid', value.start, message, `Write \`${key}: steps.<id>.outputs.<name> == 'value'\`.`);
		return undefined;
	};
