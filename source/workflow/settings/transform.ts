import jsonata from 'jsonata';
import type {TransformStep} from '../definition.ts';
import type {Sited} from '../expression/site.ts';
import type {Report} from '../text/report.ts';
import type {YamlEntry, YamlScalar} from '../yaml/tree.ts';
import {readKeys} from './keys.ts';
import {wrong} from './read-value.ts';
import {sitedValueOf} from './templates.ts';

export type Transform = Pick<TransformStep, 'expression' | 'input'>;

/** Reads `transform:`, a JSONata expression, or one with its `input`. */
export const readTransform = (report: Report, entry: YamlEntry): Sited<Transform> | undefined => {
	const {keyStart, value} = entry;
	if (value.kind === 'broken') return undefined;
	if (value.kind === 'scalar') {
		const expression = readJsonata(report, entry);
		return expression === undefined ? undefined : {value: {expression}, sites: []};
	}

	// A constructor of JSONata, `{"total": $sum(x)}`, is a mapping to YAML.
	if (value.kind !== 'map' || !value.entries.some(({key}) => key === 'expression' || key === 'input'))
		return wrong(report, entry.key, value, 'a JSONata expression', asText);
	const entries = readKeys(report, value, ['input', 'expression'], [], '`transform`');
	const expressionEntry = entries.get('expression');
	if (!expressionEntry) {
		report.error('key.missing', keyStart, '`transform` has no `expression`.', 'Add `expression: items.name`.');
		return undefined;
	}

	const expression = readJsonata(report, expressionEntry);
	const inputEntry = entries.get('input');
	const input = inputEntry && sitedValueOf(report, inputEntry.value, 'setting');
	if (expression === undefined) return undefined;
	return {
		value: {expression, ...(input && {input: input.value as Transform['input']})},
		sites: input?.sites ?? [],
	};
};

const asText = 'Write `transform: |` and the expression on the lines below, one level deeper.';

const readJsonata = (report: Report, {key, value}: YamlEntry): string | undefined => {
	if (value.kind === 'broken') return undefined;
	if (value.kind !== 'scalar' || value.text.trim() === '')
		return wrong(
			report,
			key,
			value,
			'a JSONata expression',
			value.kind === 'map' ? asText : `Write \`${key}: inputs.items.name\`.`,
		);
	return isFreeOfValues(report, value) && isReadable(report, value) ? value.text : undefined;
};

/** Values never become code. */
const isFreeOfValues = (report: Report, value: YamlScalar): boolean => {
	const at = value.text.indexOf('${{');
	if (at === -1) return true;
	const inner = /^\$\{\{\s*([\w.-]+)\s*\}\}/.exec(value.text.slice(at))?.[1];
	const suggestion =
		inner && /^(?:inputs|steps|item|matrix|run|trigger)\b/.test(inner)
			? `Write \`${inner}\` without the braces: the expression reads it itself.`
			: 'Write `transform: { input: "${{ … }}", expression: … }`, and read the input in the expression.';
	const message = 'Expressions are not put into a `transform`: values never become code.';
	report.error('transform.interpolated', value.offsetOf(at), message, suggestion);
	return false;
};

const isReadable = (report: Report, value: YamlScalar): boolean => {
	try {
		jsonata(value.text);
		return true;
	} catch (error) {
		const {message, position = 0} = error as {readonly message?: string; readonly position?: number};
		const at = value.offsetOf(Math.max(0, Math.min(position, value.text.length) - 1));
		const reason = (message ?? 'it cannot be read').replace(/\.$/, '');
		report.error('transform.invalid', at, `This is not JSONata: ${reason}.`, 'docs.jsonata.org has the language.');
		return false;
	}
};
