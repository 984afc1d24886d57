import type {RetryPolicy} from '../definition.ts';
import {didYouMean} from '../text/nearest.ts';
import type {Report} from '../text/report.ts';
import {shortened, type YamlEntry} from '../yaml/tree.ts';
import {retryableCodes} from './failure-codes.ts';
import {readKeys} from './keys.ts';
import {type PlacedText, readChoice, readDurationMs, readInteger, readTextList, wrong} from './read-value.ts';

const retryKeys = ['max', 'delay', 'backoff', 'max-delay', 'on'] as const;
const bounds = {min: 1, max: 100};
const delayMsDefault = 1000;
const maxDelayMsDefault = 60_000;

/** Reads `retry:`, a number of attempts after the first or a mapping. */
export const readRetry = (report: Report, entry: YamlEntry): RetryPolicy | undefined => {
	const {key, keyStart, value} = entry;
	if (value.kind === 'broken') return undefined;
	if (value.kind === 'scalar' && typeof value.value === 'number') return policyOf(readInteger(report, entry, bounds));
	if (value.kind !== 'map')
		return wrong(report, key, value, 'a number or a mapping', 'Write `retry: 3` or `retry: { max: 3, delay: 10s }`.');

	const entries = readKeys(report, value, retryKeys, [], '`retry`');
	const read = <T>(name: (typeof retryKeys)[number], reader: (report: Report, entry: YamlEntry) => T) => {
		const found = entries.get(name);
		return found && reader(report, found);
	};

	const max = read('max', (_, found) => readInteger(report, found, bounds));
	if (!entries.has('max')) {
		report.error('key.missing', keyStart, '`retry` does not say how often.', 'Add `max: 3`.');
	}

	const delayMs = read('delay', readDurationMs);
	const maxDelayMs = read('max-delay', readDurationMs);
	if (delayMs !== undefined && maxDelayMs !== undefined && maxDelayMs < delayMs) {
		const {start} = entries.get('max-delay')!.value;
		report.warning(
			'retry.delay-capped',
			start,
			'`max-delay` is shorter than `delay`.',
			'Make it longer, or remove it.',
		);
	}

	return policyOf(max, {
		delayMs,
		maxDelayMs,
		backoff: read('backoff', (_, found) => readChoice(report, found, ['constant', 'linear', 'exponential'])),
		on: read('on', readTextList)?.map(code => checkedCode(report, code)),
	});
};

const policyOf = (
	max: number | undefined,
	{delayMs = delayMsDefault, maxDelayMs, backoff = 'exponential', on = []}: Partial<RetryPolicy> = {},
): RetryPolicy | undefined =>
	max === undefined
		? undefined
		: {max, delayMs, backoff, maxDelayMs: maxDelayMs ?? Math.max(maxDelayMsDefault, delayMs), on};

/** A code that no attempt fails with is a slip, or one of a tool that is not known here: only a warning. */
const checkedCode = (report: Report, {text, start}: PlacedText): string => {
	if (!retryableCodes.includes(text)) {
		const message = `No attempt is known to fail as \`${shortened(text)}\`, so nothing is retried for it.`;
		const otherwise = 'Name a code such as `script.failed` or `agent.*`, or leave `on` out.';
		report.warning('retry.code-unknown', start, message, didYouMean(text, retryableCodes, otherwise));
	}

	return text;
};
