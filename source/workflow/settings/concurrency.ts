import type {ConcurrencySettings, Overlap} from '../definition.ts';
import type {Sited} from '../expression/site.ts';
import type {Report} from '../text/report.ts';
import type {YamlEntry} from '../yaml/tree.ts';
import {readKeys} from './keys.ts';
import {readChoice, wrong} from './read-value.ts';
import {readSitedTemplate} from './templates.ts';

const overlaps: readonly Overlap[] = ['queue', 'skip', 'cancel-previous'];

/** Reads `concurrency:`, the name of a group or `{ group, overlap }`. */
export const readConcurrency = (report: Report, entry: YamlEntry): Sited<ConcurrencySettings> | undefined => {
	const {key, keyStart, value} = entry;
	if (value.kind === 'broken') return undefined;
	if (value.kind === 'scalar' && typeof value.value === 'string')
		return settingsOf(readGroup(report, entry), undefined);
	const example = 'Write `concurrency: deploy` or `concurrency: { group: deploy, overlap: skip }`.';
	if (value.kind !== 'map') return wrong(report, key, value, 'the name of a group or a mapping', example);
	const entries = readKeys(report, value, ['group', 'overlap'], [], '`concurrency`');
	const group = entries.get('group');
	const overlap = entries.get('overlap');
	if (!group) report.error('key.missing', keyStart, '`concurrency` does not name its group.', example);
	return settingsOf(group && readGroup(report, group), overlap && readChoice(report, overlap, overlaps));
};

const readGroup = (report: Report, entry: YamlEntry): Sited<string> | undefined => {
	const group = readSitedTemplate(report, entry, 'concurrency');
	if (group?.value.trim() !== '') return group;
	return wrong(report, entry.key, entry.value, 'a text', `Write \`${entry.key}: deploy\`.`);
};

const settingsOf = (
	group: Sited<string> | undefined,
	overlap: Overlap = 'queue',
): Sited<ConcurrencySettings> | undefined => group && {value: {group: group.value, overlap}, sites: group.sites};
