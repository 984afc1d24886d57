import type {CacheSettings} from '../definition.ts';
import type {Sited} from '../expression/site.ts';
import type {Report} from '../text/report.ts';
import type {YamlEntry} from '../yaml/tree.ts';
import {readKeys} from './keys.ts';
import {readDurationMs, wrong} from './read-value.ts';
import {readSitedTemplate, readTemplateList} from './templates.ts';

/** Reads `cache:`; `false` is none. */
export const readCache = (report: Report, {key, value}: YamlEntry): Sited<CacheSettings> | undefined => {
	if (value.kind === 'broken' || (value.kind === 'scalar' && value.value === false)) return undefined;
	if (value.kind === 'scalar' && value.value === true) return {value: {files: []}, sites: []};
	if (value.kind !== 'map') {
		const suggestion = 'Write `cache: true` or `cache: { files: [src/**], max-age: 7d }`.';
		return wrong(report, key, value, '`true`, `false` or a mapping', suggestion);
	}

	const entries = readKeys(report, value, ['files', 'key', 'max-age'], [], '`cache`');
	const filesEntry = entries.get('files');
	const keyEntry = entries.get('key');
	const maxAge = entries.get('max-age');
	const files = filesEntry && readTemplateList(report, filesEntry, 'setting');
	const part = keyEntry && readSitedTemplate(report, keyEntry, 'setting');
	const maxAgeMs = maxAge && readDurationMs(report, maxAge);
	return {
		value: {
			files: files?.value ?? [],
			...(part && {key: part.value}),
			...(maxAgeMs !== undefined && {maxAgeMs}),
		},
		sites: [...(files?.sites ?? []), ...(part?.sites ?? [])],
	};
};
