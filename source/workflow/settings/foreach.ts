import type {StepBase} from '../definition.ts';
import type {Sited} from '../expression/site.ts';
import {hasExpression} from '../expression/template.ts';
import type {Report} from '../text/report.ts';
import type {YamlEntry} from '../yaml/tree.ts';
import {wrong} from './read-value.ts';
import {readSingleExpression} from './single-expression.ts';
import {sitedValueOf} from './templates.ts';

/** Reads `foreach:`, an expression with or without `${{ }}` or a list whose texts may hold expressions. */
export const readForeach = (
	report: Report,
	{key, value}: YamlEntry,
): Sited<NonNullable<StepBase['foreach']>> | undefined => {
	if (value.kind === 'broken') return undefined;
	if (value.kind === 'list') {
		const list = sitedValueOf(report, value, 'foreach');
		return {...list, value: list.value as readonly unknown[]};
	}

	if (value.kind !== 'scalar' || typeof value.value !== 'string' || value.text.trim() === '') {
		const suggestion = `Write \`${key}: steps.<id>.outputs.<name>\` or \`${key}: [a, b]\`.`;
		return wrong(report, key, value, 'a list, or an expression that gives one', suggestion);
	}

	const site = readSingleExpression(report, value, 'foreach', {
		message: `\`${key}\` must be one expression that gives a list; with other text around it, it would be a text.`,
		suggestion: 'Keep the expression alone, or write a list.',
	});
	const text = value.text.trim();
	return site && {value: hasExpression(text) ? text : `\${{ ${text} }}`, sites: [site]};
};
