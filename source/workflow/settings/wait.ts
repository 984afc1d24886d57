import {parseDurationMs} from '../../units.ts';
import type {Template} from '../definition.ts';
import {hasExpression} from '../expression/template.ts';
import type {Report} from '../text/report.ts';
import {nounOf, type YamlEntry} from '../yaml/tree.ts';
import {insteadOf, notBuilt, notBuiltMessage} from './not-built.ts';
import {durationSuggestion} from './read-value.ts';

/** @returns The template of `wait:`, `undefined` where it is none. */
export const readWait = (report: Report, {value}: YamlEntry): Template | undefined => {
	if (value.kind === 'broken') return undefined;
	const signal =
		value.kind === 'map' ? value.entries.find(({key}) => notBuilt.wait.some(option => option === key)) : undefined;
	if (signal) {
		report.error(
			'feature.not-built',
			signal.keyStart,
			notBuiltMessage(`wait: { ${signal.key} }`),
			insteadOf(signal.key),
		);
		return undefined;
	}

	if (value.kind === 'scalar' && typeof value.value === 'string' && isWait(value.text)) return value.text;
	const isBareNumber = value.kind === 'scalar' && typeof value.value === 'number';
	const message = `\`wait\` must be a duration like \`5m\` or a moment like \`2030-01-31T09:00:00Z\`, not ${nounOf(value)}.`;
	report.error(
		'value.invalid',
		value.start,
		message,
		isBareNumber
			? `Say the unit: \`wait: ${value.text}s\`.`
			: value.kind === 'scalar'
				? durationSuggestion('wait', value.text)
				: undefined,
	);
	return undefined;
};

const isWait = (text: string): boolean =>
	hasExpression(text) ||
	parseDurationMs(text) !== undefined ||
	(momentPattern.test(text) && !Number.isNaN(Date.parse(text)));

const momentPattern = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i;
