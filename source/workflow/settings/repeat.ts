import type {RepeatPolicy} from '../definition.ts';
import type {Sited} from '../expression/site.ts';
import type {Report} from '../text/report.ts';
import type {YamlEntry} from '../yaml/tree.ts';
import {readCondition} from './condition.ts';
import {readKeys} from './keys.ts';
import {readInteger, wrong} from './read-value.ts';

const bounds = {min: 1, max: 1000};

export const readRepeat = (report: Report, {key, keyStart, value}: YamlEntry): Sited<RepeatPolicy> | undefined => {
	if (value.kind === 'broken') return undefined;
	const example = 'Write `repeat: { until: steps.<id>.outputs.<name>, max: 10 }`.';
	if (value.kind !== 'map') return wrong(report, key, value, 'a mapping', example);
	const entries = readKeys(report, value, ['until', 'max'], [], '`repeat`');
	const until = entries.get('until');
	const max = entries.get('max');
	const condition = until && readCondition('until')(report, until);
	const count = max && readInteger(report, max, bounds);
	if (!until) report.error('key.missing', keyStart, '`repeat` does not say until when.', example);
	if (!max) report.error('key.missing', keyStart, '`repeat` does not say how often at most.', 'Add `max: 10`.');
	return condition && {value: {until: condition.expression.trim(), max: count ?? 1}, sites: [condition]};
};
