import {parseDurationMs} from '../../units.ts';
import type {WaitStep} from '../definition.ts';
import type {Sited} from '../expression/site.ts';
import {hasExpression} from '../expression/template.ts';
import type {Report} from '../text/report.ts';
import {nounOf, type YamlEntry} from '../yaml/tree.ts';
import {readKeys} from './keys.ts';
import {durationSuggestion, wrong} from './read-value.ts';
import {readSitedTemplate} from './templates.ts';

type Wait = Pick<WaitStep, 'wait' | 'signal'>;

/** Reads `wait:`, a duration, a moment or `{ signal: name }`. */
export const readWait = (report: Report, entry: YamlEntry): Sited<Wait> | undefined => {
	const {value} = entry;
	if (value.kind === 'broken') return undefined;
	if (value.kind === 'map') return readSignal(report, entry);
	if (value.kind === 'scalar' && typeof value.value === 'string' && isWait(value.text)) {
		const wait = readSitedTemplate(report, entry, 'setting');
		return wait && {...wait, value: {wait: wait.value}};
	}

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

const readSignal = (report: Report, {keyStart, value}: YamlEntry): Sited<Wait> | undefined => {
	if (value.kind !== 'map') return undefined;
	const entry = readKeys(report, value, ['signal'], [], '`wait`').get('signal');
	const example = 'Write `wait: { signal: go }`.';
	if (!entry) {
		report.error(
			'key.missing',
			keyStart,
			'`wait` does not name a signal.',
			`${example.slice(0, -1)}, or \`wait: 5m\`.`,
		);
		return undefined;
	}

	const signal = readSitedTemplate(report, entry, 'setting');
	if (signal?.value.trim() === '') return wrong(report, entry.key, entry.value, 'the name of a signal', example);
	return signal && {...signal, value: {wait: '', signal: signal.value}};
};

const isWait = (text: string): boolean =>
	hasExpression(text) ||
	parseDurationMs(text) !== undefined ||
	(momentPattern.test(text) && !Number.isNaN(Date.parse(text)));

const momentPattern = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i;
