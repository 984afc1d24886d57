import {templateCategories} from '../../../../templates/definition.ts';
import type {TemplateView} from '../../../../templates/shelf.ts';
import {typedTextOf, variableWordsOf} from '../../../../templates/values.ts';
import {cleanText} from '../../../text/clean.ts';
import {type Row, span} from '../../../text/row.ts';
import {fitText, widthOf, wrap} from '../../../text/width.ts';
import type {Look} from '../../../theme.ts';

/** `deployment           Tests, builds, asks you, deploys` */
export const templateRowOf = ({id, description, problems}: TemplateView, columns: number, {glyphs}: Look): Row => [
	problems.length > 0 ? span(`${glyphs.status.failed} `, 'failed') : span('  '),
	span(fitText(cleanText(id), Math.min(22, Math.max(8, columns - 20)), glyphs.ellipsis)),
	span(' '),
	problems.length > 0 ? span('has mistakes', 'failed') : span(cleanText(description), 'muted'),
];

/** What it is, what it asks, and the workflow as it stands in the template. */
export const templatePreviewOf = (template: TemplateView, columns: number, look: Look): Row[] => {
	const {name, version, description, problems, variables, text} = template;
	const wrapped = (words: string, style?: 'failed') =>
		wrap(cleanText(words), columns - 2).map((line): Row => [span(` ${line}`, style)]);
	return [
		[span(` ${cleanText(name)}`, 'strong'), span(`  ${cleanText(version)}`, 'muted')],
		...wrapped(description),
		...problems.flatMap(problem => wrapped(`${look.glyphs.status.failed} ${problem}`, 'failed')),
		[],
		...factRowsOf(template),
		[],
		...(variables.length > 0 ? variableRowsOf(template, look) : []),
		[],
		[span(' Workflow', 'strong')],
		...text
			.trimEnd()
			.split('\n')
			.flatMap(line => (line === '' ? [''] : wrap(cleanText(line), columns - 4)))
			.map((line): Row => [span(`  ${line}`)]),
	];
};

const factRowsOf = ({category, tags, source, requirements}: TemplateView): Row[] => {
	const {commands, env, agents} = requirements;
	const facts: readonly (readonly [string, string])[] = [
		['Category', category ? templateCategories[category] : ''],
		['Tags', tags.join(', ')],
		['Source', source],
		['Commands', commands.join(', ')],
		['Variables', env.join(', ')],
		['Agents', agents.join(', ')],
	];
	return facts
		.filter(([, text]) => text !== '')
		.map(([label, text]) => [span(` ${label.padEnd(9)}  `, 'muted'), span(cleanText(text))]);
};

const variableRowsOf = ({variables}: TemplateView, {glyphs}: Look): Row[] => {
	const labelColumns = Math.min(20, Math.max(...variables.map(({name}) => widthOf(name))));
	return [
		[span(' It asks', 'strong')],
		...variables.map(variable => {
			const preset = typedTextOf(variable.default);
			const words = `${variableWordsOf(variable)}${preset === '' ? '' : `, else ${preset}`}`;
			return [
				span(`  ${fitText(variable.name, labelColumns, glyphs.ellipsis)}  `, 'key'),
				span(variable.description === '' ? '' : `${cleanText(variable.description)}  `),
				span(cleanText(words), 'muted'),
			];
		}),
	];
};
