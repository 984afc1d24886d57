import type {FailoverPolicy} from '../definition.ts';
import {didYouMean} from '../text/nearest.ts';
import type {Report} from '../text/report.ts';
import {shortened, type YamlEntry} from '../yaml/tree.ts';
import {retryableCodes} from './failure-codes.ts';
import {readKeys} from './keys.ts';
import {readChoice, readDurationMs, readInteger, readTextList, wrong} from './read-value.ts';

const keys = ['changes', 'on', 'max', 'retry-primary-after', 'quota', 'quota-max'] as const;

/** Reads `on-failover:`, `keep`, `reset`, or a mapping. */
export const readFailover = (report: Report, entry: YamlEntry): Partial<FailoverPolicy> | undefined => {
	const {key, value} = entry;
	if (value.kind === 'broken') return undefined;
	if (value.kind === 'scalar') {
		const changes = readChoice(report, entry, ['keep', 'reset']);
		return changes && {changes};
	}

	if (value.kind !== 'map') {
		const suggestion = 'Write `on-failover: keep` or `on-failover: { changes: reset, quota: wait }`.';
		return wrong(report, key, value, '`keep`, `reset` or a mapping', suggestion);
	}

	const entries = readKeys(report, value, keys, [], '`on-failover`');
	const read = <T>(name: (typeof keys)[number], reader: (report: Report, entry: YamlEntry) => T) => {
		const found = entries.get(name);
		return found && reader(report, found);
	};

	const on = read('on', readTextList);
	for (const {text, start} of on ?? []) {
		if (retryableCodes.includes(text)) continue;
		const message = `No attempt is known to fail as \`${shortened(text)}\`, so no other agent takes over for it.`;
		report.warning(
			'failover.code-unknown',
			start,
			message,
			didYouMean(text, retryableCodes, 'Name a code such as `agent.*`.'),
		);
	}

	const policy = {
		changes: read('changes', (_, found) => readChoice(report, found, ['keep', 'reset'])),
		on: on?.map(({text}) => text),
		max: read('max', (_, found) => readInteger(report, found, {min: 0, max: 100})),
		retryPrimaryAfterMs: read('retry-primary-after', readDurationMs),
		quota: read('quota', (_, found) => readChoice(report, found, ['next', 'wait', 'fail'])),
		quotaMaxMs: read('quota-max', readDurationMs),
	};
	return Object.fromEntries(Object.entries(policy).filter(([, each]) => each !== undefined));
};
