import type {Overlap} from '../../definition.ts';
import {cronProblemsOf} from '../../schedule/cron.ts';
import {isTimeZone, timeZoneSuggestion} from '../../schedule/zone.ts';
import type {Report} from '../../text/report.ts';
import type {ScheduleTrigger} from '../../triggers.ts';
import {shortened, type YamlEntry, type YamlMap} from '../../yaml/tree.ts';
import {readChoice, readText} from '../read-value.ts';
import {missingKey, readTriggerKeys, type TriggerReader, wrongTrigger} from './trigger-reader.ts';

const overlaps: readonly Overlap[] = ['skip', 'queue', 'cancel-previous'];
const example = 'schedule: "0 9 * * 1-5"';

/** A cron expression, or `{ cron, timezone, overlap, catch-up }`. */
export const readSchedule: TriggerReader<ScheduleTrigger> = (report, node, start) => {
	if (node.kind !== 'map' && node.kind !== 'scalar') return wrongTrigger(report, 'schedule', node, example);
	// A cron expression by itself stands for the mapping with nothing else in it.
	const map: YamlMap =
		node.kind === 'map'
			? node
			: {
					kind: 'map',
					start: node.start,
					entries: node.value === null ? [] : [{key: 'cron', keyStart: node.start, value: node} as YamlEntry],
				};
	const {entries, common, sites} = readTriggerKeys(
		report,
		map,
		['cron', 'timezone', 'overlap', 'catch-up'],
		'schedule',
	);
	const cronEntry = entries.get('cron');
	if (!cronEntry) return missingKey(report, 'schedule', 'cron', start, example);
	const cron = readCron(report, cronEntry);
	const zoneEntry = entries.get('timezone');
	const timezone = zoneEntry && readTimeZone(report, zoneEntry);
	const overlap = entries.get('overlap');
	const catchUp = entries.get('catch-up');
	if (cron === undefined) return undefined;
	return {
		value: {
			kind: 'schedule',
			cron,
			...(timezone !== undefined && {timezone}),
			overlap: (overlap && readChoice(report, overlap, overlaps)) ?? 'skip',
			catchUp: (catchUp && readChoice(report, catchUp, ['one', 'all', 'skip'])) ?? 'one',
			...common,
		},
		sites,
	};
};

/** Each problem at the field that has it. */
const readCron = (report: Report, entry: YamlEntry): string | undefined => {
	const text = readText(report, entry);
	if (text === undefined || entry.value.kind !== 'scalar') return undefined;
	const problems = cronProblemsOf(text);
	for (const {index, message, suggestion} of problems)
		report.error('schedule.invalid', entry.value.offsetOf(index), message, suggestion);
	return problems.length === 0 ? text.trim() : undefined;
};

const readTimeZone = (report: Report, entry: YamlEntry): string | undefined => {
	const name = readText(report, entry)?.trim();
	if (name === undefined || isTimeZone(name)) return name;
	const message = `There is no time zone \`${shortened(name)}\`.`;
	report.error('schedule.zone-unknown', entry.value.start, message, timeZoneSuggestion(name));
	return undefined;
};
